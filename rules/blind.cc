#include "rules/blind.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;

constexpr model::Duration kStart = std::chrono::seconds(15);
constexpr std::size_t kMaxNamed = 5;  // symbols without a price that are named

// Whatever the exchange stamps: a larger offset is told as this one.
constexpr std::chrono::hours kLongest(24 * 3650);

class Troubles {
 public:
  Troubles(const model::Snapshot& snapshot, const BlindSettings& settings)
      : snapshot_(snapshot), settings_(settings) {}

  void feed(Feed which) {
    if (!snapshot_.feed(which).used || snapshot_.fresh(which) || on_its_way(which)) return;
    const std::string name(to_string(which));
    const std::string why = unknown_feed(snapshot_, which).why;  // "positions: stale, …"
    add(name, why.substr(name.size() + 2), why);
  }
  void mark_prices();
  void exchange_answers();
  void clock();
  void weight();

  void add(std::string name, std::string value, std::string_view words) {
    text += fmt::format("{}{}", text.empty() ? "" : "; ", words);
    evidence.emplace_back(std::move(name), std::move(value));
  }
  std::string text;
  model::Evidence evidence;

 private:
  // Asked for when the process started a moment ago, and nothing has gone wrong yet.
  bool on_its_way(Feed which) const {
    const model::FeedState& feed = snapshot_.feed(which);
    const bool untold = !feed.as_of && !feed.down && feed.trouble.empty();
    return untold && snapshot_.began && snapshot_.time.mono - *snapshot_.began < kStart;
  }

  const model::Snapshot& snapshot_;
  const BlindSettings& settings_;
};

// Of symbols with a position: nobody needs the others.
void Troubles::mark_prices() {
  if (!snapshot_.feed(Feed::mark_prices).used) return;
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, book] : snapshot_.symbols) {
    if (book.positions.empty() || fresh_mark(snapshot_, book)) continue;
    if (++count > kMaxNamed) continue;
    names += fmt::format(
        "{}{} {}", count > 1 ? ", " : "", name,
        book.mark ? model::to_text(snapshot_.time.mono - book.mark->received) + " old" : "unknown");
  }
  if (count == 0) return;
  if (count > kMaxNamed) names += fmt::format(" and {} more", count - kMaxNamed);
  add("mark_prices", names, "mark prices: " + names);
}

void Troubles::exchange_answers() {
  const model::Exchange& exchange = snapshot_.exchange;
  if (!exchange.refused.empty()) {
    add("refused", exchange.refused, "the exchange refuses us: " + exchange.refused);
  }
  if (!exchange.trouble.empty()) {
    add("trouble", exchange.trouble, "only a person can mend it: " + exchange.trouble);
  }
}

void Troubles::clock() {
  const auto told = snapshot_.exchange.clock_offset;
  if (!told) return;
  const model::Duration offset = std::clamp<std::chrono::milliseconds>(*told, -kLongest, kLongest);
  if (std::chrono::abs(offset) <= settings_.max_clock_offset) return;
  add("clock_offset", model::to_text(offset),
      fmt::format("our clock is {} {} the exchange's, the limit is {}",
                  model::to_text(std::chrono::abs(offset)),
                  offset > model::Duration::zero() ? "behind" : "ahead of",
                  model::to_text(settings_.max_clock_offset)));
}

void Troubles::weight() {
  const bool busier = snapshot_.busiest_minute.weight_used > snapshot_.exchange.weight_used;
  const model::Exchange& seen = busier ? snapshot_.busiest_minute : snapshot_.exchange;
  if (seen.weight_limit <= 0) return;
  const model::MaybeDecimal used = model::Decimal::whole(seen.weight_used);
  const model::MaybeDecimal limit = model::Decimal::whole(seen.weight_limit);
  const model::MaybeDecimal most = limit * settings_.max_weight;
  if (!most || *used <= *most) return;
  const std::string_view who = seen.weight_others > seen.weight_ours
                                   ? "the bot and whoever shares the address"
                                   : "Vakthund itself";
  add("weight_used", std::to_string(seen.weight_used),
      fmt::format(
          "{} of {} request weight was used within a minute ({}, the limit is {}), most of it by "
          "{}: {} ours, {} the others'",
          seen.weight_used, seen.weight_limit, model::to_percent(used / limit),
          model::to_percent(settings_.max_weight), who, seen.weight_ours, seen.weight_others));
  evidence.emplace_back("weight_limit", std::to_string(seen.weight_limit));
  evidence.emplace_back("weight_ours", std::to_string(seen.weight_ours));
  evidence.emplace_back("weight_others", std::to_string(seen.weight_others));
  evidence.emplace_back("weight_budget", std::to_string(seen.weight_budget));
}

}  // namespace

model::Verdict blind(const model::Snapshot& snapshot, const BlindSettings& settings) {
  Troubles troubles(snapshot, settings);
  const bool told = snapshot.feed(Feed::exchange).used && snapshot.fresh(Feed::exchange);
  if (told) troubles.exchange_answers();
  troubles.feed(Feed::positions);
  troubles.feed(Feed::algo_orders);
  troubles.feed(Feed::regular_orders);
  troubles.feed(Feed::private_stream);
  troubles.mark_prices();
  troubles.feed(Feed::market_stream);
  troubles.feed(Feed::account);
  troubles.feed(Feed::exchange);
  if (told) troubles.clock();
  if (told) troubles.weight();
  if (troubles.evidence.empty()) return model::Verdict::clear();

  model::Finding finding = finding_of("", "blind", settings.policy);
  finding.message = "Vakthund does not see well: " + troubles.text + ".";
  finding.evidence = std::move(troubles.evidence);
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
