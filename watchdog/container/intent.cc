#include "watchdog/container/intent.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::container {
namespace {

using model::Decimal;
using model::MaybeDecimal;

constexpr std::size_t kMaxSymbols = 1000;
constexpr int kMostPositions = 100'000;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

MaybeDecimal positive(std::string_view text) {
  const auto number = Decimal::parse(text);
  return number && number->sign() > 0 ? number : std::nullopt;
}

// A distance of the whole price or more is none.
MaybeDecimal share(std::string_view text) {
  const auto number = positive(text);
  return number && *number < Decimal::whole(1) ? number : std::nullopt;
}

MaybeDecimal negative_share(std::string_view text) {
  const auto number = Decimal::parse(text);
  return number && number->sign() < 0 && -*number < Decimal::whole(1) ? MaybeDecimal(-*number)
                                                                      : std::nullopt;
}

std::optional<int> whole(std::string_view text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool right = failed == std::errc() && end == text.data() + text.size();
  return right && number <= kMostPositions ? std::optional(number) : std::nullopt;
}

std::optional<int> count(std::string_view text) {
  const auto number = whole(text);
  return number && *number > 0 ? number : std::nullopt;
}

std::optional<bool> truth(std::string_view text) {
  std::string word(text);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* yes : {"true", "1", "yes", "on", "t"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"false", "0", "no", "off", "f"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

// A pair may also be a pattern, which no list of symbols can stand for.
std::optional<std::string> symbol(std::string_view text) {
  if (text.find_first_of(".*+?[](){}|^$\\") != std::string_view::npos) return std::nullopt;
  return bot::exchange_symbol(text);
}

std::optional<std::vector<std::string>> words(std::string_view text) {
  std::vector<std::string> found;
  if (!text.starts_with('[')) {
    while (true) {
      const auto comma = text.find(',');
      const auto word = trimmed(text.substr(0, comma));
      if (!word.empty()) found.emplace_back(word);
      if (comma == std::string_view::npos) return found;
      text.remove_prefix(comma + 1);
    }
  }
  const auto document = bot::parse_exact_json(text);
  if (!document || !document->root.is_array()) return std::nullopt;
  for (const auto& item : document->root) {
    if (!item.is_string()) return std::nullopt;
    found.push_back(item.get<std::string>());
  }
  return found;
}

std::optional<std::vector<std::string>> symbols(std::string_view text) {
  const auto list = words(text);
  if (!list || list->empty() || list->size() > kMaxSymbols) return std::nullopt;
  std::vector<std::string> found;
  for (const std::string& word : *list) {
    auto name = symbol(word);
    if (!name) return std::nullopt;
    found.push_back(*std::move(name));
  }
  return found;
}

class Settings {
 public:
  Settings(const std::vector<std::string>& environment, std::vector<std::string>& problems)
      : environment_(environment), problems_(problems) {}

  // nullopt: not there, empty, or told to make no sense.
  template <class Parse>
  auto read(std::string_view name, Parse&& parse, std::string_view expected)
      -> decltype(parse(name)) {
    const auto text = value(name);
    if (text.empty()) return {};
    auto parsed = parse(text);
    if (!parsed) {
      problems_.push_back(fmt::format("{} of the container's environment is {}", name, expected));
    }
    return parsed;
  }

 private:
  std::string_view value(std::string_view name) const {
    std::string_view found;
    for (const std::string_view line : environment_) {
      if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=') {
        found = trimmed(line.substr(name.size() + 1));
      }
    }
    return found;
  }

  const std::vector<std::string>& environment_;
  std::vector<std::string>& problems_;
};

constexpr std::string_view kNoNumber = "no positive number";
constexpr std::string_view kNoCount = "no whole number above 0";
constexpr std::string_view kNoTruth = "neither true nor false";
constexpr std::string_view kNoSymbols = "no list of USD-M futures symbols";

void read_freqtrade(Settings& settings, model::Intent& intent) {
  const auto trades = settings.read("FREQTRADE__MAX_OPEN_TRADES", whole, "no whole number");
  if (trades && *trades >= 0 && !intent.max_positions) intent.max_positions = trades;
  const auto dry = settings.read("FREQTRADE__DRY_RUN", truth, kNoTruth);
  if (!intent.paper_trading) intent.paper_trading = dry;
  auto pairs = settings.read("FREQTRADE__EXCHANGE__PAIR_WHITELIST", symbols, kNoSymbols);
  if (pairs && intent.allowed_symbols.empty()) intent.allowed_symbols = *std::move(pairs);
  const auto leverage = settings.read("FREQTRADE__LEVERAGE", positive, kNoNumber);
  const auto stop = settings.read("FREQTRADE__STOPLOSS", negative_share,
                                  "no share between -1 and 0, such as -0.10");
  if (!intent.stop_distance_ratio && stop && leverage) {
    intent.stop_distance_ratio = stop / leverage;
  }
  if (!intent.leverage) intent.leverage = leverage;
}

}  // namespace

IntentReading read_intent(const std::vector<std::string>& environment) {
  IntentReading reading;
  Settings settings(environment, reading.problems);
  model::Intent& intent = reading.intent;
  intent.stop_distance_ratio =
      settings.read("QT_SL_PCT", share, "no share between 0 and 1, such as 0.02");
  intent.leverage = settings.read("QT_LEVERAGE", positive, kNoNumber);
  const auto other = settings.read("QT_DEFAULT_LEVERAGE", positive, kNoNumber);
  if (!intent.leverage) intent.leverage = other;
  intent.max_notional = settings.read("QT_MAX_NOTIONAL_PER_TRADE", positive, kNoNumber);
  intent.max_positions = settings.read("QT_MAX_POSITIONS", count, kNoCount);
  intent.allowed_symbols =
      settings.read("QT_ALLOWED_SYMBOLS", symbols, kNoSymbols).value_or(std::vector<std::string>());
  intent.paper_trading = settings.read("QT_PAPER_TRADING", truth, kNoTruth);
  read_freqtrade(settings, intent);
  return reading;
}

}  // namespace vakthund::container
