#include "rules/false_claim.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

bool counts(const model::Snapshot& snapshot, const model::SymbolBook& book,
            const model::Position& position, const FalseClaimSettings& settings) {
  return book.claim && snapshot.time.wall - book.claim->time <= settings.max_age &&
         book.claim->time >= position.updated;
}

}  // namespace

model::Verdict false_claim(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const model::Position& position, const Protection& protection,
                           const FalseClaimSettings& settings) {
  using model::Feed;
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  if (protection.status == Protection::Status::full) return model::Verdict::clear();
  if (!counts(snapshot, book, position, settings)) {
    // A log that is not read may hold the line.
    const bool unread =
        snapshot.feed(Feed::container_log).used && !snapshot.fresh(Feed::container_log);
    return unread ? unknown_feed(snapshot, Feed::container_log) : model::Verdict::clear();
  }
  if (protection.status == Protection::Status::unknown) {
    return model::Verdict::unknown(protection.unknown_because);
  }
  const model::Claim& claim = *book.claim;
  const std::string at = model::to_iso8601(claim.time);
  const model::Decimal whole = position.quantity.abs();
  model::Finding finding = finding_of(position, "false_claim", settings.policy);
  finding.message = fmt::format(
      "{}: at {} the bot's log says \"{}\", and the exchange holds working stops for {} of {}: the "
      "bot will not mend what it believes to be in order.",
      words(position), at, claim.line, protection.covered_quantity.to_string(), whole.to_string());
  finding.evidence = {{"claim", claim.line},
                      {"claim_time", at},
                      {"protection", std::string(to_string(protection.status))},
                      {"covered_quantity", protection.covered_quantity.to_string()},
                      {"quantity", whole.to_string()},
                      {"mark_price", to_text(fresh_mark(snapshot, book))}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
