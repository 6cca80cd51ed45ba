#include "watchdog/config/not_yet.h"

#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"

namespace vakthund::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NotYet : public ConfigTest {};

TEST_F(NotYet, NothingThatIsMissingIsAcceptedInSilence) {
  for (const std::string rest :
       {"rules: { unprotected: { action: place_stop } }",
        "rules: { leverage: { action: cap_leverage } }",
        "rules: { custom: [ { name: x, sql: SELECT 1, enforce: ask } ] }",
        "rules: { loss_limit: { enforce: ask } }", "rules: { unprotected: { stop_distance: 3% } }",
        "alerts: { slack: [ {} ] }", "alerts: { alertmanager: [ { url: 'http://a:9093' } ] }",
        "alerts: { heartbeat: { url: 'https://h.example' } }", "decisions: { deadline: 61s }",
        "decisions: { otherwise: hold }", "limits: { close_notional_per_hour: 1 }",
        "limits: { close_positions_per_hour: 11 }", "gate: { anomalous_share: 50% }",
        "airbag: { enabled: true }", "airbag: { distance: 11% }"}) {
    EXPECT_THAT(problems(with("", rest + "\n")),
                ElementsAre(HasSubstr("not available in this version; ")))
        << rest;
  }
}

TEST_F(NotYet, AWordFromTheEnvironmentIsRefusedAsWell) {
  variables_["ENFORCE"] = "ask";
  EXPECT_THAT(problems(with("", "rules: { loss_limit: { enforce: '${ENFORCE}' } }\n")),
              ElementsAre("v.yaml:5:33: rules.loss_limit.enforce: 'ask' is not available in this "
                          "version; use 'advise' or 'act'"));
}

TEST_F(NotYet, WhatIsMissingIsNotProposed) {
  EXPECT_THAT(problems(with("", "rules: { loss_limit: { action: x, enforce: y } }\n")),
              ElementsAre(HasSubstr("one of alert, close_position, close_all, stop_bot, kill, got"),
                          HasSubstr("one of advise, act, got")));
}

}  // namespace
}  // namespace vakthund::config
