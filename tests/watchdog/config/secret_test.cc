#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"

namespace vakthund::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SecretFiles : public ConfigTest {};

TEST_F(SecretFiles, EachFaultIsToldAtTheKeyThatNamesTheFile) {
  write("empty", " \n");
  write("lines", "one\ntwo\n");
  write("huge", std::string((64 << 10) + 1, 'x'));
  write("half.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n");
  const auto fault = [&](std::string_view file) {
    return problems("accounts:\n  - name: a\n    api_key_file: key\n    api_secret_file: " +
                    std::string(file) + "\n");
  };
  EXPECT_THAT(fault("empty"),
              ElementsAre("v.yaml:4:22: accounts[0].api_secret_file: the file is empty"));
  EXPECT_THAT(fault("lines"), ElementsAre(HasSubstr("must be one word without blanks")));
  EXPECT_THAT(fault("huge"), ElementsAre(HasSubstr("is larger than 65536 bytes")));
  EXPECT_THAT(fault("half.pem"), ElementsAre(HasSubstr("begins a PEM key and does not end it")));
  EXPECT_THAT(fault("."), ElementsAre(HasSubstr("is not a regular file")));
  EXPECT_THAT(fault("''"), ElementsAre(HasSubstr("is empty; expected the path")));
  EXPECT_THAT(fault("./nowhere"),
              ElementsAre(HasSubstr("the file './nowhere' cannot be read: No such file")));
}

TEST_F(SecretFiles, APipeIsRefusedInsteadOfWaitedFor) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(
      problems("accounts:\n  - name: a\n    api_key_file: key\n    api_secret_file: pipe\n"),
      ElementsAre(HasSubstr("is not a regular file")));
}

TEST_F(SecretFiles, APemKeyKeepsItsLines) {
  const std::string pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
  write("secret", pem + "\n\n");
  const Loaded loaded = parsed(with(""));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.config->accounts[0].api_secret.reveal(), pem);
}

TEST_F(SecretFiles, OneThatEverybodyMayReadIsAWarning) {
  write("key", kCanary, 0644);
  EXPECT_THAT(warnings(with("")),
              ElementsAre(HasSubstr("no alert sink"),
                          "v.yaml:3:19: accounts[0].api_key_file: the file can be read by every "
                          "user of this machine; chmod 0400"));
}

TEST_F(SecretFiles, AConfigurationWithASecretThatEverybodyMayReadIsAWarning) {
  const std::string text = "accounts: [ { name: a, api_key: k, api_secret_file: secret } ]\n";
  write("v.yaml", text, 0644);
  EXPECT_THAT(
      lines(load(path("v.yaml")).warnings),
      ElementsAre(HasSubstr("no alert sink"), HasSubstr("v.yaml: holds a secret and can be")));
  write("v.yaml", text, 0600);
  EXPECT_THAT(lines(load(path("v.yaml")).warnings), ElementsAre(HasSubstr("no alert sink")));
}

TEST_F(SecretFiles, ASecretAndItsTwinExcludeEachOther) {
  EXPECT_THAT(problems(with("    api_key: x\n")),
              ElementsAre("v.yaml:3:19: accounts[0].api_key_file: api_key is there as well; keep "
                          "one of them"));
}

class Expansion : public ConfigTest {};

TEST_F(Expansion, TakesValuesFromTheEnvironmentWithDefaults) {
  variables_ = {{"MODE", "armed"}, {"EMPTY", ""}, {"WHO", "a"}};
  const Loaded loaded = parsed(
      "mode: ${MODE}\n"
      "accounts:\n"
      "  - name: ${WHO}-${EMPTY:-b}${NONE:-c}\n"
      "    api_key_file: ${NONE:-key}\n"
      "    api_secret_file: secret\n"
      "    bot: { container: { name: 'x$${MODE}$y' } }\n");
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_EQ(loaded.config->mode, Mode::armed);
  EXPECT_EQ(loaded.config->accounts[0].name, "a-bc");
  EXPECT_EQ(loaded.config->accounts[0].bot.container.name, "x${MODE}$y");
}

TEST_F(Expansion, NamesTheVariableThatIsNotSet) {
  EXPECT_THAT(
      problems(with("    poll_interval: ${POLL}\n")),
      ElementsAre("v.yaml:5:20: accounts[0].poll_interval: environment variable POLL is not "
                  "set; set it or write ${POLL:-default}"));
}

TEST_F(Expansion, RefusesBrokenReferences) {
  EXPECT_THAT(problems(with("    poll_interval: '${POLL'\n")),
              ElementsAre(HasSubstr("'${' without its '}'")));
  EXPECT_THAT(problems(with("    poll_interval: ${a b}\n")),
              ElementsAre(HasSubstr("must hold the name of an environment variable")));
}

}  // namespace
}  // namespace vakthund::config
