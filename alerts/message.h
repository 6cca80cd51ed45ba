// One thing that people must be told, and the JSON that carries it: the webhook's body, which is
// also the form in which the outbox remembers it.
//
// The body (product.md §8), every field always there unless it says otherwise:
//   version   "1"; grows when a field changes its meaning or goes, not when one is added
//   id        the idempotency key: the same over every retry and every sink
//   event     incident.firing | incident.resolved | decision.asked | kill.started | kill.finished |
//             blind | heartbeat; receivers must ignore those they do not know
//   incident  the incident's id; "": none
//   account   the account's name; "": of no account
//   severity  info | warning | critical
//   title     one line
//   text      what a person must know, a few lines
//   time      when it was raised: "2025-11-20T01:23:00.000Z"
//   finding   with incident.*, else absent: {rule, severity, symbol, position_side, message,
//             evidence: {name: value}}, as in `check --json` (product.md §6)
//   detail    with kill.finished: the receipt, else absent
// Numbers that are money, prices or quantities are strings.
//
// Limits: texts that are longer than below are cut at a character and end in "…"; a larger detail
// is replaced by a sentence that says so. Bytes that are not UTF-8 become U+FFFD.
#pragma once

#include <string>

#include "rules/model/finding.h"
#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::alerts {

inline constexpr std::size_t kMaxTitle = 300;  // bytes, as all of these
inline constexpr std::size_t kMaxText = 16 * 1024;
inline constexpr std::size_t kMaxEvidenceValue = 1024;
inline constexpr std::size_t kMaxEvidence = 64;  // entries
inline constexpr std::size_t kMaxDetail = 256u << 10;

struct Message {
  std::string key;  // idempotency key; empty: the outbox gives one
  std::string event;
  std::string incident;
  std::string account;
  model::Severity severity = model::Severity::warning;
  std::string title;
  std::string text;
  model::WallTime time{};
  model::Finding finding;   // rule empty: none
  std::string detail_json;  // empty: none
  friend bool operator==(const Message&, const Message&) = default;
};

// The same message always gives the same bytes.
std::string to_webhook_body(const Message& message);

// What to_webhook_body wrote; `invalid` for anything else.
Result<Message> from_webhook_body(const std::string& body);

}  // namespace vakthund::alerts
