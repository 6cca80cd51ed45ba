// Text that was made to break the reader, or to make it print what it must not.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sstream>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"
#include "watchdog/config/yaml_tree.h"

namespace vakthund::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Hostile : public ConfigTest {};

TEST_F(Hostile, TextThatIsNotYamlIsAProblemWithItsPlace) {
  EXPECT_THAT(problems("mode: [observe\n"), ElementsAre(HasSubstr("v.yaml:2:1: not YAML: ")));
  EXPECT_THAT(problems("a: b: c\n"), ElementsAre(HasSubstr("v.yaml:1:5: not YAML: ")));
  EXPECT_THAT(problems("- 1\n"), Contains(HasSubstr("the configuration: expected a section")));
  EXPECT_THAT(problems("{ [a]: 1 }\n"), Contains(HasSubstr("v.yaml:1:3: a key must be a word")));
  EXPECT_THAT(problems("mode: *x\n"), ElementsAre(HasSubstr("not YAML: ")));
}

TEST_F(Hostile, NothingHidesBehindAControlCharacterOrASecondDocument) {
  EXPECT_THAT(problems("mode: observe\n\x04\nmode: armed\n"),
              ElementsAre("v.yaml:2:1: control character 0x04; is this a text file?"));
  EXPECT_THAT(problems(std::string_view("mode: observe\0x", 15)),
              ElementsAre(HasSubstr("v.yaml:1:14: control character 0x00")));
  EXPECT_THAT(problems("mode: observe\n---\nmode: armed\n"),
              ElementsAre(HasSubstr("only one YAML document is read")));
}

TEST_F(Hostile, TagsAreRefused) {
  EXPECT_THAT(problems("mode: !!python/object:os.system observe\n"),
              Contains(HasSubstr("v.yaml:1:7: tags ('!…') have no meaning here")));
}

TEST_F(Hostile, AliasesAreReadAndABombOfThemIsRefused) {
  EXPECT_THAT(problems(with("",
                            "rules:\n  stop_crossed: &r { severity: info }\n"
                            "  unprotected: *r\n")),
              IsEmpty());
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i,
                        i - 1);
  }
  EXPECT_THAT(problems(bomb), ElementsAre(HasSubstr("more than 100000 values")));
  EXPECT_THAT(problems("a: &a [ *a ]\n"), ElementsAre(HasSubstr("an alias may not be part of")));
}

TEST_F(Hostile, DepthAndSizeAreLimited) {
  EXPECT_THAT(problems("a: " + std::string(65, '[') + std::string(65, ']')),
              ElementsAre(HasSubstr("nested deeper than 64 levels")));
  EXPECT_THAT(problems("mode: observe\n# " + std::string(kMaxLineBytes, 'x')),
              ElementsAre("v.yaml:2:1: a line of more than 4096 bytes"));
  EXPECT_THAT(problems(std::string(kMaxBytes + 1, '#')),
              ElementsAre("v.yaml: larger than 1048576 bytes"));
  write("v.yaml", std::string(kMaxBytes + 1, '#'));
  EXPECT_THAT(lines(load(path("v.yaml")).problems),
              ElementsAre("v.yaml: larger than 1048576 bytes"));
}

TEST_F(Hostile, AsMuchAsMayBeReadOfAnyOneThingEnds) {
  for (const std::string piece :
       {"[",  "{",   "- ", "? ",  "a: ", "&a ", "!",  "\"", "'",  "|\n", "- -\n ",
        "a,", "{a,", ": ", "*a ", "%\n", "#",   "\n", "[]", "{}", "a\n", ">"}) {
    std::string text;
    while (text.size() < kMaxLineBytes - 8) text += piece;
    text += '\n';
    while (text.size() < 64 << 10) text += piece + "\n";
    EXPECT_THAT(problems(text), Not(IsEmpty())) << piece;
  }
}

TEST_F(Hostile, ProblemsAreLimited) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += fmt::format("k{}: 1\n", i);
  const auto found = problems(text);
  EXPECT_EQ(found.size(), 201u);
  EXPECT_THAT(found, Contains(HasSubstr("more problems are not shown")));
}

TEST_F(Hostile, NoProblemQuotesASecret) {
  variables_["LEAK"] = kCanary;
  const std::string canary(kCanary);
  // In the wrong place, of the wrong form, from the environment, beside its twin.
  for (const std::string& text : {
           with("    poll_interval: ${LEAK}\n"),
           with("    environment: ${LEAK}\n"),
           with("    bot: { url: 'ftp://${LEAK}' }\n"),
           with("    api_key: " + canary + "\n"),
           with("", "server: { token: '" + canary + " x' }\n"),
           with("", "server: { token_file: " + canary + canary + " }\n"),
           with("", "server: { token: [ " + canary + " ] }\n"),
           with("", "alerts: { webhook: [ { url: 'https://u:" + canary + "@h' } ] }\n"),
           with("", "alerts: { webhook: [ { url: 'http://h/" + canary + "' } ] }\n"),
           with("", "alerts: { telegram: { token: " + canary + ", chat_ids: x } }\n"),
           with("    bot: { preset: quantum-trader, url: 'http://x', journal: { postgres: " +
                canary + " } }\n"),
       }) {
    const Loaded loaded = parsed(text);
    EXPECT_FALSE(loaded.ok()) << text;
    EXPECT_THAT(check_text(loaded), Not(HasSubstr(canary)));
  }
}

TEST_F(Hostile, NoSecretIsShown) {
  variables_["LEAK"] = kCanary;
  const Loaded loaded = parsed(with("",
                                    "server: { token: '${LEAK}' }\n"
                                    "alerts:\n"
                                    "  webhook: [ { url: 'https://h.example', secret: " +
                                        std::string(kCanary) +
                                        " } ]\n"
                                        "  telegram: { token: '${LEAK}', chat_ids: [1] }\n"));
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_EQ(loaded.config->server.token.reveal(), kCanary);
  EXPECT_THAT(render(*loaded.config), Not(HasSubstr(std::string(kCanary))));
  EXPECT_THAT(render(*loaded.config), HasSubstr("token: \"***\""));
  std::ostringstream stream;
  stream << loaded.config->server.token;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_THAT(testing::PrintToString(loaded.config->server.token), Not(HasSubstr("CANARY")));
}

}  // namespace
}  // namespace vakthund::config
