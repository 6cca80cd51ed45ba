#include "rules/attribution.h"

#include <algorithm>
#include <array>

namespace vakthund::rules {
namespace {

struct Mark {
  std::string_view prefix;
  model::Origin origin;
};

// "adl_autoclose" stands before "autoclose-" only for the reader: prefixes do not overlap. What the
// exchange's own apps send is not documented; these have been seen.
constexpr std::array kMarks = std::to_array<Mark>({
    {kOwnPrefix, model::Origin::vakthund},
    {"adl_autoclose", model::Origin::adl},
    {"autoclose-", model::Origin::liquidation},
    {"settlement_autoclose-", model::Origin::settlement},
    {"delivery_autoclose-", model::Origin::settlement},
    {"web_", model::Origin::person},
    {"ios_", model::Origin::person},
    {"and_", model::Origin::person},
    {"android_", model::Origin::person},
    {"electron_", model::Origin::person},
});

}  // namespace

model::Origin origin_of(std::string_view client_id, const std::vector<std::string>& bot_prefixes) {
  if (client_id.empty()) return model::Origin::unknown;
  // The bot's own first: an operator who names them knows better than this table.
  const bool bots = std::any_of(bot_prefixes.begin(), bot_prefixes.end(), [&](const auto& prefix) {
    return !prefix.empty() && client_id.starts_with(prefix);
  });
  if (bots && !client_id.starts_with(kOwnPrefix)) return model::Origin::bot;
  for (const Mark& mark : kMarks) {
    if (client_id.starts_with(mark.prefix)) return mark.origin;
  }
  return bot_prefixes.empty() ? model::Origin::bot : model::Origin::unknown;
}

}  // namespace vakthund::rules
