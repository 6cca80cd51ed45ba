// The alerts that the tests send.
#pragma once

#include <string>

#include "alerts/message.h"

namespace vakthund::alerts {

inline Message firing(const std::string& key = "K-1") {
  Message message;
  message.key = key;
  message.event = "incident.firing";
  message.incident = "I20251120-1";
  message.account = "main";
  message.severity = model::Severity::critical;
  message.title = "DOTUSDT has no stop";
  message.text = "DOTUSDT LONG 1234.5 has no stop.\nThe bot says it is protected.";
  message.time = model::from_epoch_ms(1763601780123);
  message.finding = {"unprotected",
                     model::Severity::critical,
                     "DOTUSDT",
                     model::PositionSide::both,
                     "DOTUSDT LONG 1234.5 has no stop",
                     {{"quantity", "1234.5"}, {"covered_quantity", "0"}}};
  return message;
}

inline Message kill_finished() {
  Message message;
  message.key = "K-2";
  message.event = "kill.finished";
  message.severity = model::Severity::info;
  message.title = "Flat";
  message.time = model::from_epoch_ms(1763601781000);
  message.detail_json = R"({"flat":true,"fees":"1.20"})";
  return message;
}

}  // namespace vakthund::alerts
