#include "watchdog/bot/generic.h"

#include <fmt/format.h>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/journal_rows.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

using Json = nlohmann::json;

class PageReader {
 public:
  explicit PageReader(const PositionsPage& page) : page_(page) {}

  void row(const Json& item) {
    ++number_;
    const Json* name = at(item, page_.symbol);
    const bool text = name && name->is_string();
    if (text && is_other_market(name->get_ref<const std::string&>())) return;
    const auto symbol = text ? exchange_symbol(name->get_ref<const std::string&>()) : std::nullopt;
    if (!symbol) return unreadable(fmt::format("no symbol at {}: {}", page_.symbol, shown(name)));
    const auto quantity = signed_quantity(item, *symbol);
    if (!quantity || quantity->is_zero()) return;
    model::BotPosition position{*symbol, *quantity, std::nullopt, std::nullopt};
    position.entry_price = price(item, page_.entry_price);
    if (!page_.entry_price.empty() && !position.entry_price) {
      problem(fmt::format("{} {} is {}", *symbol, page_.entry_price,
                          shown(at(item, page_.entry_price))));
    }
    position.stop_price = price(item, page_.stop_price);
    if (!page_.stop_price.empty()) {
      ++positions_;
      if (at(item, page_.stop_price)) ++with_stop_;
    }
    reading_.positions.push_back(std::move(position));
  }

  PositionsReading finish() {
    // Without a stop is normal for one position, not for all of them.
    if (positions_ > 0 && with_stop_ == 0) {
      reading_.problems.push_back(
          fmt::format("stop_price: {} finds nothing in any row", page_.stop_price));
    }
    cut_problems(reading_);
    return std::move(reading_);
  }

 private:
  static const Json* at(const Json& item, const std::string& pointer) {
    return pointer.empty() ? nullptr : find(item, pointer);
  }
  static model::MaybeDecimal price(const Json& item, const std::string& pointer) {
    const auto value = decimal_of(at(item, pointer));
    return value && value->sign() > 0 ? value : std::nullopt;
  }
  void problem(std::string what) {
    reading_.problems.push_back(fmt::format("row {}: {}", number_, what));
  }
  void unreadable(std::string what) {
    reading_.complete = false;
    problem(std::move(what));
  }

  model::MaybeDecimal signed_quantity(const Json& item, const std::string& symbol) {
    const std::string& pointer = page_.amount.empty() ? page_.quantity : page_.amount;
    const Json* value = at(item, pointer);
    const auto quantity = decimal_of(value);
    if (!quantity) {
      unreadable(fmt::format("{} {} is {}", symbol, pointer, shown(value)));
      return std::nullopt;
    }
    if (page_.side.empty() || quantity->is_zero()) return quantity;
    const Json* word = at(item, page_.side);
    const auto side =
        word && word->is_string() ? side_of(word->get_ref<const std::string&>()) : std::nullopt;
    if (!side) {
      unreadable(fmt::format("{} {} is {}, neither LONG, SHORT, BUY nor SELL", symbol, page_.side,
                             shown(word)));
      return std::nullopt;
    }
    return *side == model::Side::sell ? -quantity->abs() : quantity->abs();
  }

  const PositionsPage& page_;
  PositionsReading reading_;
  std::size_t number_ = 0;
  std::size_t positions_ = 0;
  std::size_t with_stop_ = 0;
};

// Numbers and text alike; a number with a fraction is text already (exact_json.h).
std::optional<model::WallTime> time_at(const Json& value) {
  if (value.is_string()) return time_of(value.get_ref<const std::string&>());
  return value.is_number_integer() ? time_of(value.dump()) : std::nullopt;
}

}  // namespace

const Json* find(const Json& root, const std::string& pointer) {
  if (pointer.empty()) return &root;
  try {
    const Json::json_pointer parsed(pointer);
    return root.contains(parsed) ? &root.at(parsed) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

Result<PositionsReading> decode_positions_page(std::string_view body, const PositionsPage& page) {
  const auto document = parse_exact_json(body);
  if (!document) {
    return error(ErrorKind::invalid, "the bot's positions: the answer " + document.error().message);
  }
  const Json* list = find(document->root, page.list);
  if (!list || !list->is_array()) {
    return error(ErrorKind::invalid,
                 page.list.empty()
                     ? std::string("the bot's positions: the answer is no array; name the array "
                                   "with bot.positions.list")
                     : fmt::format("the bot's positions: list {} finds {}", page.list,
                                   list ? "no array" : "nothing"));
  }
  if (list->size() > kMaxPositions) {
    return error(ErrorKind::invalid, fmt::format("the bot's positions: {} rows, more than {}",
                                                 list->size(), kMaxPositions));
  }
  PageReader reader(page);
  for (const Json& item : *list) reader.row(item);
  return reader.finish();
}

HealthReading decode_health_page(std::string_view body, const HealthPage& page) {
  HealthReading reading{{true, "answers", std::nullopt}, {}};
  if (page.progress.empty()) return reading;
  const auto document = parse_exact_json(body);
  const Json* value = document ? find(document->root, page.progress) : nullptr;
  if (value) reading.health.progress = time_at(*value);
  if (!document) {
    reading.problem = "the answer " + document.error().message;
  } else if (!value) {
    reading.problem = fmt::format("progress {} finds nothing", page.progress);
  } else if (!reading.health.progress) {
    reading.problem =
        fmt::format("progress {} is {}, which is no time", page.progress, shown(value));
  }
  return reading;
}

}  // namespace vakthund::bot
