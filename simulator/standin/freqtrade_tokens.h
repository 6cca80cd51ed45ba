// The passwords of freqtrade's API: HTTP Basic, or tokens that a Basic login gives out.
// Source: bots.md, "freqtrade", auth; token shapes as freqtrade's: three parts of base64, HS256.
// Limits: the newest kMaxTokens of each sort are valid.
#pragma once

#include <deque>
#include <string>

#include "rules/model/time.h"

namespace vakthund::simulator::standin {

class FreqtradeTokens {
 public:
  static constexpr std::size_t kMaxTokens = 1'000;
  static constexpr std::chrono::hours kRefreshLifetime{30 * 24};

  FreqtradeTokens(std::string username, std::string password, model::Duration lifetime);

  // A whole Authorization header, or empty.
  bool is_basic(const std::string& authorization) const;
  bool is_access(const std::string& authorization, model::WallTime now) const;
  bool is_refresh(const std::string& authorization, model::WallTime now) const;
  std::string new_access(model::WallTime now);
  std::string new_refresh(model::WallTime now);
  void expire_access() { access_.clear(); }

 private:
  struct Token {
    std::string text;
    model::WallTime until{};
  };
  using Tokens = std::deque<Token>;
  std::string make(Tokens& tokens, std::string_view type, model::Duration lifetime,
                   model::WallTime now);
  static bool holds(const Tokens& tokens, const std::string& authorization, model::WallTime now);

  const std::string username_, password_;
  const model::Duration lifetime_;
  Tokens access_, refresh_;
  std::uint64_t made_ = 0;
};

}  // namespace vakthund::simulator::standin
