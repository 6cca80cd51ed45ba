// The container client against the stand-in engine, with a real process for a container.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "simulator/standin/engine_routes.h"
#include "tests/watchdog/container/client_probe.h"

namespace vakthund::simulator::standin {
namespace {

using container::ClientProbe;
using guard::ContainmentStep;
using model::ContainerStatus;
using testing::HasSubstr;
using testing::StartsWith;

// Prints a line, then lives until SIGKILL.
const std::vector<std::string> kStubborn{
    "/bin/sh", "-c",
    "trap '' TERM; echo '✅ DOTUSDT already protected'; echo oops >&2; "
    "while :; do sleep 1; done"};

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-engine-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(name.data()));
    directory_ = name;
  }
  void TearDown() override {
    probe_.reset();
    server_.reset();
    box_.reset();
    std::filesystem::remove_all(directory_);
  }
  std::string socket() const { return (directory_ / "engine.sock").string(); }

  void run(std::vector<std::string> command, std::string policy = "always") {
    box_ = std::make_unique<ProcessContainer>(
        loop_, ProcessContainer::Config{"quantum_backend",
                                        std::move(command),
                                        {"QT_SL_PCT=0.02", "QT_LEVERAGE=20"},
                                        std::move(policy)});
    serve([this](net::HttpRequest request, net::Responder responder) {
      answer_engine_request(*box_, request, std::move(responder));
    });
    ASSERT_EQ(box_->start(), EngineReply{});
  }
  void serve(std::function<void(net::HttpRequest, net::Responder)> answer) {
    net::Server::Options options;
    options.host = socket();
    options.unix_socket = true;
    net::Server::Handler handler;
    handler.on_request = std::move(answer);
    auto server = net::Server::listen(loop_, options, std::move(handler));
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  ClientProbe& probe(std::string name = "quantum_backend") {
    container::EngineSettings settings;
    settings.engine = "unix://" + socket();
    settings.container = std::move(name);
    settings.claim = [](std::string_view line,
                        model::WallTime time) -> Result<std::optional<model::Claim>> {
      if (line.find("already protected") == line.npos) return std::optional<model::Claim>();
      return std::optional(model::Claim{"DOTUSDT", std::string(line), time});
    };
    probe_ = std::make_unique<ClientProbe>(loop_, std::move(settings));
    return *probe_;
  }
  static net::HttpResponse answer(int status, std::string body, net::Headers headers = {}) {
    net::HttpResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.body = std::move(body);
    return response;
  }

  net::Loop loop_;
  std::filesystem::path directory_;
  std::unique_ptr<ProcessContainer> box_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<ClientProbe> probe_;
};

TEST_F(EngineTest, ContainsAProcessThatIgnoresSigterm) {
  run(kStubborn);
  auto& client = probe();
  const int process = box_->pid();
  client.watch();
  ASSERT_TRUE(client.wait_for<guard::ClaimSeen>()) << "only then does it ignore SIGTERM";
  container::expect_kill_contains(client);
  EXPECT_EQ(box_->exit_code(), 128 + SIGKILL);
  EXPECT_EQ(::kill(process, 0), -1) << "the process is gone";
}

TEST_F(EngineTest, TellsPolicyAndIntentOfTheContainer) {
  run(kStubborn, "unless-stopped");
  const auto seen = probe().look();
  EXPECT_EQ(seen.name, "quantum_backend");
  EXPECT_EQ(seen.restart_policy, "unless-stopped");
  EXPECT_EQ(seen.intent.stop_distance_ratio, model::Decimal::parse("0.02"));
  EXPECT_EQ(seen.intent.leverage, model::Decimal::whole(20));
  EXPECT_EQ(seen.id.size(), 64u);
}

TEST_F(EngineTest, StopsAProcessThatObeysWithoutWaitingForTheGrace) {
  run({"/bin/sleep", "1000"});
  EXPECT_EQ(probe().step(ContainmentStep::stop), "done");
  EXPECT_EQ(box_->exit_code(), 128 + SIGTERM);
}

TEST_F(EngineTest, RestartsAProcessThatEndsByItselfUntilItIsStopped) {
  run({"/bin/sh", "-c", "exit 3"});
  auto& client = probe();
  client.watch();
  const auto restarting = client.wait([](const guard::Event& event) {
    const auto* seen = std::get_if<guard::ContainerSeen>(&event);
    return seen && seen->container.status == ContainerStatus::restarting;
  });
  EXPECT_TRUE(restarting);
  EXPECT_EQ(client.step(ContainmentStep::stop), "done");
  EXPECT_EQ(client.step(ContainmentStep::disable_restart), "done");
  EXPECT_EQ(client.status(), "exited");
}

TEST_F(EngineTest, DoesNotRestartAfterAStopThoughThePolicySaysAlways) {
  run({"/bin/sleep", "1000"});
  auto& client = probe();
  EXPECT_EQ(client.step(ContainmentStep::stop), "done");
  EXPECT_EQ(box_->status(), ProcessContainer::Status::exited);
  EXPECT_EQ(box_->start(), EngineReply{}) << "a third party may start it again";
  EXPECT_EQ(client.status(), "running");
}

TEST_F(EngineTest, TellsTheClaimsOfTheLogOnce) {
  run(kStubborn);
  auto& client = probe();
  client.watch();
  const auto claim = client.wait_for<guard::ClaimSeen>();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->claim.line, "✅ DOTUSDT already protected");
  EXPECT_GT(claim->claim.time, model::from_epoch_ms(1'700'000'000'000));
  for (int look = 0; look < 2; ++look) {
    ASSERT_TRUE(client.wait_for<guard::FeedAlive>());
    for (const auto& event : client.events()) {
      EXPECT_FALSE(std::holds_alternative<guard::ClaimSeen>(event));
    }
  }
}

TEST_F(EngineTest, SaysWhichContainerIsMissingOnWhichEngine) {
  run(kStubborn);
  EXPECT_EQ(probe("another").step(ContainmentStep::pause),
            "not found: engine unix://" + socket() +
                ": there is no container \"another\"; compare bot.container.name with what "
                "`docker ps -a` lists");
}

TEST_F(EngineTest, SaysThatTheSocketIsMissing) {
  EXPECT_THAT(probe().step(ContainmentStep::pause),
              HasSubstr("no such socket; is the engine running"));
}

TEST_F(EngineTest, SaysThatTheSocketMayNotBeUsed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs to be started as root, to ask as another user";
  run(kStubborn);
  ::chmod(directory_.c_str(), 0755);
  ::chmod(socket().c_str(), 0600);
  // `access` asks for the real user.
  ASSERT_EQ(::setreuid(65534, static_cast<uid_t>(-1)), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const std::string said = probe().step(ContainmentStep::pause);
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_EQ(::setreuid(0, 0), 0);
  EXPECT_THAT(said, StartsWith("refused: engine unix://"));
  EXPECT_THAT(said, HasSubstr("permission denied on the socket"));
}

TEST_F(EngineTest, SaysThatAProxyRefuses) {
  serve([](net::HttpRequest, net::Responder responder) {
    responder.send(answer(403, "<html>403 Forbidden</html>\n"));
  });
  const auto said = probe().step(ContainmentStep::pause);
  EXPECT_THAT(said, StartsWith("refused: "));
  EXPECT_THAT(said, HasSubstr("a socket proxy in between must allow"));
}

TEST_F(EngineTest, UsesTheVersionThatTheEngineNames) {
  std::vector<std::string> asked;
  serve([&](net::HttpRequest request, net::Responder responder) {
    asked.push_back(request.method + " " + request.target);
    responder.send(request.target == "/_ping" ? answer(200, "OK", {{"Api-Version", "1.52"}})
                                              : answer(204, ""));
  });
  EXPECT_EQ(probe().step(ContainmentStep::pause), "done");
  EXPECT_THAT(asked,
              testing::ElementsAre("GET /_ping", "POST /v1.52/containers/quantum_backend/pause"));
}

TEST_F(EngineTest, FallsBackToTheOldestVersionWhereNoneIsNamedAndThePathIsUnknownWithout) {
  std::vector<std::string> asked;
  serve([&](net::HttpRequest request, net::Responder responder) {
    asked.push_back(request.target);
    responder.send(request.target.starts_with("/v1.41/") ? answer(204, "")
                                                         : answer(404, "page not found"));
  });
  EXPECT_EQ(probe("a/b?c").step(ContainmentStep::pause), "done");
  EXPECT_THAT(asked, testing::ElementsAre("/_ping", "/containers/a%2Fb%3Fc/pause",
                                          "/v1.41/containers/a%2Fb%3Fc/pause"));
}

TEST_F(EngineTest, AsksForTheVersionAgainWhenAnExchangedEngineRefusesIt) {
  std::string version = "1.41";
  serve([&](net::HttpRequest request, net::Responder responder) {
    if (request.target == "/_ping")
      return responder.send(answer(200, "", {{"Api-Version", version}}));
    if (request.target.starts_with("/v" + version)) return responder.send(answer(204, ""));
    responder.send(answer(400, R"({"message":"client version 1.41 is too old"})"));
  });
  auto& client = probe();
  EXPECT_EQ(client.step(ContainmentStep::pause), "done");
  version = "1.52";
  EXPECT_EQ(client.step(ContainmentStep::stop), "done");
}

TEST_F(EngineTest, SettlesALostAnswerByLooking) {
  std::string status = "running";
  serve([&](net::HttpRequest request, net::Responder responder) {
    if (request.target == "/_ping") return responder.send(answer(200, "OK"));
    if (request.target.ends_with("/json")) {
      return responder.send(answer(200, R"({"State":{"Status":")" + status + "\"}}"));
    }
    if (request.target.ends_with("/stop?t=2")) status = "exited";
  });
  auto& client = probe();
  EXPECT_THAT(client.step(ContainmentStep::pause),
              testing::AllOf(StartsWith("unavailable: "), HasSubstr("the container is running")));
  EXPECT_EQ(client.step(ContainmentStep::stop), "done");
}

TEST_F(EngineTest, ReportsAnEngineThatTalksNonsense) {
  serve([](net::HttpRequest request, net::Responder responder) {
    if (request.target == "/_ping")
      return responder.send(answer(200, "OK", {{"Api-Version", "../../x"}}));
    responder.send(answer(request.method == "POST" ? 500 : 200, "\xff{[\"State\":\n"));
  });
  EXPECT_THAT(probe().step(ContainmentStep::pause),
              HasSubstr("pause of container \"quantum_backend\" answered 500"));
  EXPECT_THAT(probe().step(ContainmentStep::inspect), HasSubstr("is not JSON"));
}

TEST(EngineUrl, ThatCannotBeUsedFailsEveryStep) {
  net::Loop loop;
  container::EngineSettings settings;
  settings.engine = "npipe:////./pipe/docker_engine";
  settings.container = "x";
  ClientProbe client(loop, settings);
  EXPECT_THAT(client.step(ContainmentStep::pause), StartsWith("invalid: engine npipe:"));
}

}  // namespace
}  // namespace vakthund::simulator::standin
