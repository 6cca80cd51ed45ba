// The parameters of a request, from its query string and its form body; a name in both is the
// query's. Source: binance.md §2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/amount.h"
#include "simulator/refusal.h"

namespace vakthund::simulator {

class Params {
 public:
  static constexpr std::size_t kMaxCount = 200;  // what is beyond is not looked at

  Params() = default;
  // Percent-decoded; "a" and "a=" are both empty.
  static Params parse(std::string_view query, std::string_view form);

  void add(std::string name, std::string value);
  // nullptr: not sent, or sent empty.
  const std::string* find(std::string_view name) const;
  std::string text(std::string_view name) const;  // empty: not sent
  const std::vector<std::pair<std::string, std::string>>& all() const { return values_; }

  // Not sent is `nullopt`; sent and unreadable is -1102 (number) or -1130 (flag).
  Answer<std::optional<std::int64_t>> integer(std::string_view name) const;
  Answer<MaybeDecimal> decimal(std::string_view name) const;
  Answer<std::optional<bool>> flag(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

std::string percent_decode(std::string_view text);

}  // namespace vakthund::simulator
