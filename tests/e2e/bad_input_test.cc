// What an operator gets wrong is said in one clear line, with the exit code that belongs to it.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// One look that could not look: exit 3, one document, and in it what failed.
std::string trouble_of(World& world) {
  const Ended check = world.command({"check", "--json"});
  EXPECT_EQ(check.exit, 3) << check.out << check.err;
  const Json document = Json::parse(check.out, nullptr, false);
  if (!document.is_object()) return "no document: " + check.out;
  EXPECT_EQ(document.at("status"), "unknown");
  const std::string trouble = document.at("accounts").at(0).at("trouble");
  EXPECT_THAT(lines_of(trouble), SizeIs(1));
  return trouble;
}

TEST(AWrongKey, IsNamed) {
  World world;
  world.set({.api_key = std::string(64, 'k'), .bot = "none"});

  EXPECT_THAT(trouble_of(world), HasSubstr("key"));
}

TEST(AWrongKey, LeavesTheDaemonRunningAndNotReady) {
  World world;
  world.set({.api_key = std::string(64, 'k'), .bot = "none"});
  world.start_daemon();

  std::string why;
  EXPECT_TRUE(eventually([&] {
    return world.http_status("/-/ready", &why) == 503 && why.find("key") != std::string::npos;
  })) << why;
  EXPECT_EQ(world.http_status("/-/healthy"), 200);
  EXPECT_THAT(world.command({"status"}).out, HasSubstr("key"));
}

TEST(AWrongSecret, IsNamedAndNeverShown) {
  World world;
  world.start_exchange();
  write_file(world.in("wrong"), "0123456789012345678901234567890123456789012345678901234567890123");
  world.configure({.secret_file = world.in("wrong"), .bot = "none"});

  const std::string trouble = trouble_of(world);

  EXPECT_THAT(trouble, AllOf(HasSubstr("signature"), Not(HasSubstr("0123456789"))));
}

class AKillWithAReadOnlyKey : public testing::Test {
 protected:
  AKillWithAReadOnlyKey() {
    world.start_exchange();
    world.configure({.api_key = world.exchange().at("read_only_api_key"),
                     .secret_file = world.exchange().at("read_only_api_secret_file"),
                     .bot = "none"});
  }
  World world;
};

TEST_F(AKillWithAReadOnlyKey, EndsAtOnceDirectlyAndLeavesNothingForALaterStart) {
  const Ended kill = world.command({"kill", "--yes"});

  EXPECT_EQ(kill.exit, 2);
  EXPECT_THAT(kill.err,
              AllOf(HasSubstr("permission"), HasSubstr("NOT DONE"), HasSubstr("nobody goes on")));
  EXPECT_THAT(world.state().at("positions"), SizeIs(4));
  world.start_daemon();
  EXPECT_EQ(world.kill_state(), "armed");
}

// Giving up is no rearm: a latch that was there before stays.
TEST_F(AKillWithAReadOnlyKey, LeavesAnOlderLatchAsItWas) {
  const Choices read_only{.api_key = world.exchange().at("read_only_api_key"),
                          .secret_file = world.exchange().at("read_only_api_secret_file"),
                          .bot = "none"};
  world.configure({.api_key = world.exchange().at("api_key"),
                   .secret_file = world.exchange().at("api_secret_file"),
                   .bot = "none"});
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);
  world.control(
      {{"position",
        {{"symbol", "DOTUSDT"}, {"side", "LONG"}, {"quantity", "10"}, {"entry", "2.7"}}}});
  world.configure(read_only);

  EXPECT_EQ(world.command({"kill", "--yes"}).exit, 2);

  EXPECT_THAT(world.command({"rearm"}).out, HasSubstr("the latch is released"));
}

// Through the daemon the command goes on for two minutes; what resists is told long before.
TEST_F(AKillWithAReadOnlyKey, SaysWhyItCannotThroughTheDaemon) {
  world.start_daemon();
  const auto kill = world.begin({"kill", "--yes"});
  EXPECT_TRUE(eventually([&] { return kill->err().find("permission") != std::string::npos; }));
  EXPECT_TRUE(kill->runs());
  EXPECT_THAT(world.state().at("positions"), SizeIs(4));
}

TEST(AnUnreachableExchange, IsNamed) {
  World world;
  write_file(world.in("api_key"), "a-key");
  write_file(world.in("secret"), "a-secret");
  write_file(world.in("ca.pem"), "");
  world.start_exchange();
  world.configure({.rest_url = "https://127.0.0.1:" + std::to_string(free_port()), .bot = "none"});

  EXPECT_THAT(trouble_of(world), HasSubstr("refused"));
}

TEST(AnExpiredCertificate, IsNamed) {
  World world;
  world.set({.bot = "none"},
            "market: { expired_certificate: true }\nsymbols: { BNBUSDT: { price: 900 } }\n"
            "accounts:\n  - { name: main, wallet: 1000 }\n");

  EXPECT_THAT(trouble_of(world), AllOf(HasSubstr("certificate"), HasSubstr("expired")));
}

TEST(AnotherCertificateAuthority, IsNamed) {
  World world, other;
  other.start_exchange();
  world.set({.ca_file = other.exchange().at("ca_file"), .bot = "none"});

  EXPECT_THAT(trouble_of(world), HasSubstr("certificate"));
}

TEST(ACertificateAuthoritysFile, ThatIsMissingIsNamed) {
  World world;
  world.set({.ca_file = world.in("nowhere.pem"), .bot = "none"});

  const Ended check = world.command({"check"});

  EXPECT_EQ(check.exit, 3);
  EXPECT_THAT(check.out + check.err,
              HasSubstr("vakthund.yaml:7:14: accounts[0].ca_file: there is no such file"));
}

// The bot's side may be as broken as it likes: the exchange's facts are judged all the same.
Json checked_despite(World& world) {
  const Ended check = world.command({"check", "--json"});
  EXPECT_EQ(check.exit, 2) << check.err;
  const Json document = Json::parse(check.out, nullptr, false);
  return document.is_object() ? document.at("accounts").at(0) : Json::object();
}

std::string trouble_with(const Json& account, const std::string& feed) {
  for (const Json& one : account.at("feeds")) {
    if (one.at("name") == feed) return one.at("trouble");
  }
  return "no such feed";
}

std::string container_of(const std::string& name, const std::string& socket) {
  return "{ preset: none, container: { name: " + name + ", engine: \"unix://" + socket + "\" } }";
}

TEST(AMissingContainer, IsNamedAndTheRestIsJudged) {
  World world;
  world.set({});
  world.configure({.bot = container_of("no_such_bot", world.in("engine.sock"))});

  EXPECT_THAT(trouble_with(checked_despite(world), "container"), HasSubstr("no_such_bot"));
}

TEST(AMissingEngine, IsNamedAndTheRestIsJudged) {
  World world;
  world.start_exchange();
  world.configure({.bot = container_of("quantum_backend", world.in("nowhere.sock"))});

  EXPECT_THAT(trouble_with(checked_despite(world), "container"), HasSubstr("nowhere.sock"));
}

TEST(AMissingEngine, LeavesAKillNotAllDoneButFlat) {
  World world;
  world.start_exchange();
  world.configure({.bot = container_of("quantum_backend", world.in("nowhere.sock"))});

  const Ended kill = world.command({"kill", "--yes"});

  EXPECT_EQ(kill.exit, 2);
  EXPECT_TRUE(world.flat());
  EXPECT_THAT(kill.err, AllOf(HasSubstr("left:"), HasSubstr("container")));
  EXPECT_THAT(kill.out, HasSubstr("flat, no order"));
}

std::string journal_at(const std::string& path) {
  return "{ preset: quantum-trader, url: \"http://127.0.0.1:" + std::to_string(free_port()) +
         "\", journal: { sqlite: " + path + " } }";
}

TEST(ACorruptJournal, IsNamedAndTheRestIsJudged) {
  World world;
  world.start_exchange();
  write_file(world.in("trades.db"), std::string(8192, 'x'));
  world.configure({.bot = journal_at(world.in("trades.db"))});

  EXPECT_THAT(trouble_with(checked_despite(world), "journal"), HasSubstr("trades.db"));
}

TEST(AMissingJournal, IsNamedAndTheRestIsJudged) {
  World world;
  world.start_exchange();
  world.configure({.bot = journal_at(world.in("nowhere.db"))});

  EXPECT_THAT(trouble_with(checked_despite(world), "journal"), HasSubstr("nowhere.db"));
}

TEST(ALockedJournal, IsNamedAndTheRestIsJudged) {
  World world;
  world.start_exchange();
  sqlite3* journal = nullptr;
  ASSERT_EQ(sqlite3_open(world.in("trades.db").c_str(), &journal), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(journal, "CREATE TABLE trade_logs (id INTEGER PRIMARY KEY); BEGIN EXCLUSIVE",
                   nullptr, nullptr, nullptr),
      SQLITE_OK);
  world.configure({.bot = journal_at(world.in("trades.db"))});

  EXPECT_THAT(trouble_with(checked_despite(world), "journal"), HasSubstr("locked"));
  sqlite3_close(journal);
}

TEST(ACorruptDatabase, IsMovedAsideAndTheDaemonRunsOn) {
  World world;
  world.set({.bot = "none"});
  write_file(world.in("vakthund.db"), std::string(8192, 'x'));

  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return world.finding("unprotected", "DOTUSDT"); }));
  EXPECT_THAT(world.daemon().err(), HasSubstr("was moved to"));
  bool kept = false;
  for (const auto& file : std::filesystem::directory_iterator(world.in(""))) {
    const std::string name = file.path().filename().string();
    kept = kept || (name.starts_with("vakthund.db") && contents(file.path()).starts_with("xxxx"));
  }
  EXPECT_TRUE(kept);
}

TEST(ADatabaseThatCannotBe, EndsTheDaemonWithOneLineButNotAKill) {
  World world;
  world.set({.bot = "none"});
  world.configure({.bot = "none", .database = world.in("no/such/folder/vakthund.db")});

  const Ended run = world.command({"run"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.err, HasSubstr("no/such/folder"));

  const Ended kill = world.command({"kill", "--yes"});
  EXPECT_EQ(kill.exit, 0) << kill.err;
  EXPECT_TRUE(world.flat());
}

TEST(ASecondDaemon, EndsWithOneLineAndLeavesTheFirstAlone) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();

  const Ended second = world.command({"run"});

  EXPECT_EQ(second.exit, 1);
  EXPECT_THAT(second.err, HasSubstr("by another vakthund"));
  EXPECT_THAT(second.err, HasSubstr("in use"));
  EXPECT_TRUE(world.daemon().runs());
}

TEST(ABadConfiguration, IsNamedByLineAndColumn) {
  World world;
  write_file(world.config_file(), "mode: observe\naccounts:\n  - name: main\n    api_keyfile: x\n");

  for (const char* command : {"run", "check", "kill", "status"}) {
    const Ended ended = world.command({command});
    EXPECT_NE(ended.exit, 0) << command;
    EXPECT_THAT(ended.err, HasSubstr(world.config_file() + ":4:5")) << command;
    EXPECT_THAT(ended.err, HasSubstr("api_key_file")) << command;
    EXPECT_EQ(ended.out, "") << command;
  }
  EXPECT_EQ(world.command({"run"}).exit, 1);
  EXPECT_EQ(world.command({"check"}).exit, 3);
  EXPECT_EQ(world.command({"kill", "--yes"}).exit, 2);
}

TEST(AMissingConfiguration, IsNamed) {
  World world;

  const Ended run = world.command({"run"});

  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.err, HasSubstr(world.config_file()));
}

TEST(TheCommandLine, NamesWhatItDoesNotKnow) {
  World world;
  const struct {
    std::vector<std::string> words;
    std::string named;
    int exit;
  } cases[] = {{{"destroy"}, "destroy", 1},
               {{"run", "--fast"}, "--fast", 1},
               {{"check", "--jsn"}, "--jsn", 3},
               {{"kill", "--now"}, "--now", 2},
               {{"status", "--loud"}, "--loud", 1},
               {{"run", "twice"}, "twice", 1},
               {{"demo", "--slow"}, "--slow", 1},
               {{"check", "--account"}, "account", 3},
               {{"config", "destroy"}, "init, check, show", 1}};

  for (const auto& one : cases) {
    const Ended ended = world.run(one.words);
    EXPECT_EQ(ended.exit, one.exit) << one.words[0];
    EXPECT_EQ(ended.out, "") << one.words[0];
    EXPECT_THAT(lines_of(ended.err), SizeIs(1)) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr(one.named), HasSubstr("--help")));
  }
}

TEST(TheCommandLine, HelpsWithEveryCommand) {
  World world;

  EXPECT_THAT(world.run({"--version"}).out, HasSubstr("vakthund 0."));
  std::string all = world.run({"--help"}).out;
  for (const char* command : {"run", "check", "explain", "query", "kill", "rearm", "status",
                              "incidents", "config", "drill", "demo"}) {
    const Ended ended = world.run({command, "--help"});
    EXPECT_EQ(ended.exit, 0) << command;
    EXPECT_THAT(ended.out, HasSubstr(command));
    EXPECT_THAT(all, HasSubstr("\n  " + std::string(command) + " "));
    all += ended.out;
  }
  for (const char* mode : {"", "bot", "engine"}) {
    std::vector<std::string> words = {VAKTHUND_SIM_PROGRAM, "--help"};
    if (*mode) words.insert(words.begin() + 1, mode);
    Process process(words, world.in("sim-help"));
    EXPECT_EQ(process.exit_code(), 0) << mode;
    EXPECT_THAT(process.out(), HasSubstr("Usage: vakthund-sim "));
    all += process.out();
  }
  for (const std::string& line : lines_of(all)) EXPECT_LE(line.size(), 80u) << line;
}

TEST(AnUnknownAccount, IsAnsweredWithTheKnownOnes) {
  World world;
  world.set({.bot = "none"});

  for (const char* command : {"check", "kill", "rearm"}) {
    const Ended ended = world.command({command, "--account", "mian"});
    EXPECT_NE(ended.exit, 0) << command;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("mian"), HasSubstr("main")));
  }
}

TEST(AStatusWithoutADaemon, SaysSoInOneLine) {
  World world;
  world.set({.bot = "none"});

  const Ended status = world.command({"status"});

  EXPECT_EQ(status.exit, 1);
  EXPECT_THAT(status.err, HasSubstr("vakthund run"));
}

}  // namespace
}  // namespace vakthund::e2e
