// The reply table as the page docs/replies.md shows it, to compare with it.
#pragma once

#include <string>

#include "watchdog/guard/reply_table.h"

namespace vakthund::guard {

inline std::string reply_rows(std::span<const Reply> replies, const std::string& head) {
  std::string page = "| " + head + " | what it means | executed? | next |\n|---|---|---|---|\n";
  for (const Reply& reply : replies) {
    page += "| " + (reply.name.empty() ? std::to_string(reply.code) : std::string(reply.name));
    page += " | " + std::string(reply.meaning) + " | " + std::string(to_string(reply.outcome));
    page += " | " + std::string(step_of(reply.next).name) + " |\n";
  }
  return page;
}

inline std::string reply_steps() {
  std::string page = "| next | what is done | pause before the next order |\n|---|---|---|\n";
  for (int i = 0; i < kNexts; ++i) {
    const Step& step = step_of(static_cast<Next>(i));
    const bool grows = step.longest > step.first;
    page += "| " + std::string(step.name) + " | " + std::string(step.words) + " | ";
    page += step.first.count() == 0 ? "none" : model::to_text(step.first);
    page += (grows ? ", doubled each time, at most " + model::to_text(step.longest) : "") + " |\n";
  }
  return page;
}

inline std::string reply_page() {
  return reply_steps() + "\n" + reply_rows(coded_replies(), "code") + "\n" +
         reply_rows(status_replies(), "without a code");
}

}  // namespace vakthund::guard
