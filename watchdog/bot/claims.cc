#include "watchdog/bot/claims.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

constexpr std::size_t kShownLine = 200;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* p) const {
    release(p);
  }
};
using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using Match = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;
using Context = std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>>;

std::string pcre2_text(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

struct Claims::Pattern {
  std::string text;
  Code code;
  std::uint32_t group = 0;
};

Result<Claims> Claims::compile(const std::vector<std::string>& patterns) {
  if (patterns.size() > kMaxPatterns) {
    return error(ErrorKind::invalid, fmt::format("{} claim patterns, at most {} are looked for",
                                                 patterns.size(), kMaxPatterns));
  }
  auto compiled = std::make_shared<std::vector<Pattern>>();
  for (const std::string& text : patterns) {
    int code = 0;
    PCRE2_SIZE offset = 0;
    Pattern pattern{text, nullptr, 0};
    pattern.code.reset(pcre2_compile(units(text), text.size(), PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
                                     &code, &offset, nullptr));
    if (!pattern.code) {
      return error(ErrorKind::invalid, fmt::format("claim pattern '{}', position {}: {}",
                                                   one_line(text, 100), offset, pcre2_text(code)));
    }
    const int group =
        pcre2_substring_number_from_name(pattern.code.get(), units(std::string_view("symbol")));
    if (group < 0) {
      return error(ErrorKind::invalid,
                   fmt::format("claim pattern '{}': needs one group named symbol, as in "
                               "(?<symbol>[A-Z0-9]+)",
                               one_line(text, 100)));
    }
    pattern.group = static_cast<std::uint32_t>(group);
    compiled->push_back(std::move(pattern));
  }
  return Claims(std::move(compiled));
}

Result<std::optional<model::Claim>> Claims::find(std::string_view line,
                                                 model::WallTime time) const {
  line = line.substr(0, kMaxLine);
  for (const Pattern& pattern : *patterns_) {
    const Context context(pcre2_match_context_create(nullptr));
    const Match match(pcre2_match_data_create_from_pattern(pattern.code.get(), nullptr));
    VAKTHUND_ASSERT(context && match);
    pcre2_set_match_limit(context.get(), kMatchLimit);
    pcre2_set_depth_limit(context.get(), kMatchLimit);
    pcre2_set_heap_limit(context.get(), 1024);
    const int found =
        pcre2_match(pattern.code.get(), units(line), line.size(), 0, 0, match.get(), context.get());
    if (found == PCRE2_ERROR_NOMATCH) continue;
    if (found < 0) {
      return error(ErrorKind::invalid, fmt::format("claim pattern '{}' gave up on a line: {}",
                                                   one_line(pattern.text, 100), pcre2_text(found)));
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match.get());
    const auto from = ends[2 * pattern.group], to = ends[2 * pattern.group + 1];
    if (from == PCRE2_UNSET || to < from || to > line.size()) continue;
    auto symbol = exchange_symbol(line.substr(from, to - from));
    if (!symbol) continue;
    return std::optional(model::Claim{*std::move(symbol), one_line(line, kShownLine), time});
  }
  return std::optional<model::Claim>();
}

}  // namespace vakthund::bot
