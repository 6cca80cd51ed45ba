#include "rules/bot_silent.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;

// A bot may stamp its progress with any number: beyond this it is not counted.
constexpr std::chrono::hours kLongest(24 * 3650);

// What is amiss, in words and in rows; what could not be judged.
struct Silence {
  std::vector<std::string> troubles;
  model::Evidence evidence;
  std::string unknown;
};

void look_at_container(const model::Snapshot& snapshot, std::size_t open, Silence& out) {
  if (!snapshot.feed(Feed::container).used) return;
  const model::Container& container = snapshot.container;
  if (!snapshot.fresh(Feed::container)) {
    out.unknown = unknown_feed(snapshot, Feed::container).why;
    return;
  }
  if (container.status == model::ContainerStatus::running) return;
  if (!container.status.known()) {
    out.unknown = fmt::format("the state of the container {} is \"{}\", which says nothing",
                              container.name, container.status.text());
    return;
  }
  if (open == 0) {
    if (!snapshot.fresh(Feed::positions)) out.unknown = unknown_feed(snapshot, Feed::positions).why;
    return;
  }
  out.troubles.push_back(
      fmt::format("its container {} is {}", container.name, container.status.text()));
  out.evidence.emplace_back("container", container.name);
  out.evidence.emplace_back("container_status", std::string(container.status.text()));
}

void look_at_health(const model::Snapshot& snapshot, model::Duration max_silence, Silence& out) {
  if (!snapshot.feed(Feed::bot_health).used) return;
  if (!snapshot.fresh(Feed::bot_health)) {
    out.unknown = unknown_feed(snapshot, Feed::bot_health).why;
    return;
  }
  const model::BotHealth& health = snapshot.bot_health;
  if (!health.up) {
    const std::string detail = health.detail.empty() ? "no reason given" : health.detail;
    out.troubles.push_back(fmt::format("its health endpoint fails ({})", detail));
    out.evidence.emplace_back("health_detail", detail);
  }
  if (!health.progress) return;
  const model::WallTime now = snapshot.time.wall;
  if (*health.progress >= now - std::chrono::floor<std::chrono::milliseconds>(max_silence)) return;
  const model::Duration silence = now - std::max(*health.progress, now - kLongest);
  out.troubles.push_back(fmt::format("its work stands still since {} ({}, the limit is {})",
                                     model::to_iso8601(*health.progress), model::to_text(silence),
                                     model::to_text(max_silence)));
  out.evidence.emplace_back("progress_at", model::to_iso8601(*health.progress));
  out.evidence.emplace_back("silence", model::to_text(silence));
  out.evidence.emplace_back("max_silence", model::to_text(max_silence));
}

}  // namespace

model::Verdict bot_silent(const model::Snapshot& snapshot, const BotSilentSettings& settings) {
  if (snapshot.latched) return model::Verdict::clear();
  std::size_t open = 0;
  for (const auto& [name, book] : snapshot.symbols) open += book.positions.size();
  Silence silence;
  look_at_container(snapshot, open, silence);
  look_at_health(snapshot, settings.max_silence, silence);
  if (silence.troubles.empty()) {
    return silence.unknown.empty() ? model::Verdict::clear()
                                   : model::Verdict::unknown(silence.unknown);
  }

  model::Finding finding = finding_of("", "bot_silent", settings.policy);
  // Not known to be flat is not flat.
  const bool flat = open == 0 && snapshot.fresh(Feed::positions);
  if (flat) finding.severity = std::min(finding.severity, model::Severity::warning);
  finding.message = open > 0 ? fmt::format("The bot is silent while {} position{} open: ", open,
                                           open == 1 ? " is" : "s are")
                    : flat   ? "The bot is silent, no position is open: "
                             : "The bot is silent, whether positions are open is unknown: ";
  for (std::size_t i = 0; i < silence.troubles.size(); ++i) {
    finding.message += (i ? "; " : "") + silence.troubles[i];
  }
  finding.message += ".";
  finding.evidence = {{"open_positions", open > 0 || flat ? std::to_string(open) : "unknown"}};
  finding.evidence.insert(finding.evidence.end(), silence.evidence.begin(), silence.evidence.end());
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
