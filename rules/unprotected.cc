#include "rules/unprotected.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

constexpr std::size_t kMaxOrdersTold = 8;  // of those that do not count: a line must stay a line

}  // namespace

model::Verdict unprotected(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const model::Position& position, const Protection& protection,
                           const UnprotectedSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions))
    return unknown_feed(snapshot, model::Feed::positions);
  if (protection.status == Protection::Status::full) return model::Verdict::clear();
  if (protection.status == Protection::Status::unknown) {
    return model::Verdict::unknown(protection.unknown_because);
  }

  model::Finding finding = finding_of(position, "unprotected", settings.policy);
  const model::Decimal whole = position.quantity.abs();
  const model::MaybeDecimal uncovered = whole - protection.covered_quantity;
  finding.message =
      protection.status == Protection::Status::none
          ? fmt::format("{} has no stop", words(position))
          : fmt::format("{} is covered by stops for {} only, {} is open", words(position),
                        protection.covered_quantity.to_string(), to_text(uncovered));
  finding.evidence = {{"covered_quantity", protection.covered_quantity.to_string()},
                      {"quantity", whole.to_string()},
                      {"uncovered_quantity", to_text(uncovered)},
                      {"distance_ratio", to_text(protection.distance_ratio)},
                      {"mark_price", book.mark ? book.mark->price.to_string() : "unknown"}};

  std::string others;
  std::size_t told = 0, untold = 0;
  for (const StopVerdict& stop : protection.stops) {
    if (stop.effective()) continue;
    if (told == kMaxOrdersTold) {
      ++untold;
      continue;
    }
    ++told;
    const model::Order& order = *stop.order;
    const std::string reason = why(stop, position);
    finding.evidence.emplace_back("order " + std::to_string(order.id.id), reason);
    const auto price = order.trigger_price ? order.trigger_price : order.price;
    others += fmt::format("{}{} {} {} is {}", others.empty() ? "" : "; ", order.type.text(),
                          to_string(order.side), to_text(price), reason);
  }
  if (untold > 0) others += fmt::format("; and {} more", untold);
  finding.message += others.empty() ? ": neither order list holds one" : ": " + others;
  if (book.claim) {
    finding.message += fmt::format("; yet the bot's log says \"{}\"", book.claim->line);
    finding.evidence.emplace_back("claim", book.claim->line);
  }
  finding.message += ".";
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
