#include "rules/model/account.h"

namespace vakthund::model {

bool Income::is_transfer() const {
  return type.find("TRANSFER") != std::string::npos || type == "WELCOME_BONUS" ||
         type == "COIN_SWAP_DEPOSIT" || type == "COIN_SWAP_WITHDRAW" ||
         type == "STRATEGY_UMFUTURES_TRANSFER";
}

std::string_view to_string(ReadinessCheck::State state) {
  switch (state) {
    case ReadinessCheck::State::ok:
      return "ok";
    case ReadinessCheck::State::warning:
      return "warning";
    case ReadinessCheck::State::failed:
      return "failed";
    case ReadinessCheck::State::unknown:
      return "unknown";
  }
  return "?";
}

std::optional<bool> Readiness::ready() const {
  if (checks.empty()) return std::nullopt;
  bool unknown = false;
  for (const ReadinessCheck& check : checks) {
    if (check.state == ReadinessCheck::State::failed) return false;
    unknown = unknown || check.state == ReadinessCheck::State::unknown;
  }
  if (unknown) return std::nullopt;
  return true;
}

}  // namespace vakthund::model
