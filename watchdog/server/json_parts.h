// What the documents of this folder write in the same way: prices, quantities and money as strings,
// unknown as null.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "watchdog/server/status_view.h"

namespace vakthund::server {

using Json = nlohmann::ordered_json;

Json exact(const model::MaybeDecimal& value);
// Rounded to four decimals.
Json ratio(const model::MaybeDecimal& value);
template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json json_of(const model::Finding& finding);
Json json_of(const UndecidedView& undecided);

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

// Indented by two, with a final newline; text that is not UTF-8 is repaired with U+FFFD.
std::string document_of(const Json& json);

}  // namespace vakthund::server
