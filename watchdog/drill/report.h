// What a fire drill found: each leg of the way from a fact to a flat account, with its result and
// how long it took. As text for people and as JSON for scripts and for the journal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/model/time.h"

namespace vakthund::drill {

struct Leg {
  enum class Result { ok, failed, skipped };  // skipped: there is nothing configured to rehearse
  std::string name;
  Result result = Result::ok;
  std::optional<model::Duration> took;
  std::string words;  // what was seen, or why not
  friend bool operator==(const Leg&, const Leg&) = default;
};
std::string_view to_string(Leg::Result result);

struct Report {
  std::string account;
  model::WallTime began{};
  std::vector<Leg> legs;
  std::optional<model::Duration> flat_after;  // from the kill's first step to proven flat
  // No leg failed, and there is at least one.
  bool ok() const;
  std::vector<std::string> failed() const;  // names
};

// The journal's kind under which the daemon finds it again.
inline constexpr const char* kJournalKind = "drill.finished";

std::string report_text(const Report& report, bool colour, std::size_t columns);
// {"ok", "account", "began", "flat_after_ms", "failed": […], "legs": [{"name", "result", "took_ms",
// "words"}]}; unknown is null.
std::string report_json(const Report& report);

}  // namespace vakthund::drill
