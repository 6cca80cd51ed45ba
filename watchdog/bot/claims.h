// Finds the log lines in which a bot claims that a symbol is protected.
//
// Patterns are PCRE2 with a named group `symbol`; a line matches when a pattern matches anywhere
// in it, so a logger's prefix, colours and what follows do not matter. Broken UTF-8 is passed over.
// Limits: kMaxPatterns patterns; kMaxLine bytes of a line are looked at; each match may take
// kMatchLimit steps, beyond which the line is given up with an error that names the pattern.
// Threads: `find` may be called from several at once.
// Source: bots.md, "claims"; product.md §3, `bot.claims`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"

namespace vakthund::bot {

class Claims {
 public:
  static constexpr std::size_t kMaxPatterns = 32;
  static constexpr std::size_t kMaxLine = 4096;
  static constexpr unsigned kMatchLimit = 20'000;

  // Error: `invalid`, naming the pattern, the position in it and what is wrong there.
  static Result<Claims> compile(const std::vector<std::string>& patterns);

  // The first pattern that matches decides. Nothing: the line claims nothing.
  Result<std::optional<model::Claim>> find(std::string_view line, model::WallTime time) const;

 private:
  struct Pattern;
  explicit Claims(std::shared_ptr<const std::vector<Pattern>> patterns)
      : patterns_(std::move(patterns)) {}
  std::shared_ptr<const std::vector<Pattern>> patterns_;
};

}  // namespace vakthund::bot
