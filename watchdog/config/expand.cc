#include "watchdog/config/expand.h"

#include <fmt/format.h>

namespace vakthund::config {
namespace {

bool is_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

}  // namespace

Expanded expand(std::string_view text, const Lookup& environment) {
  Expanded result;
  while (!text.empty()) {
    const auto at = text.find("${");
    if (at == std::string_view::npos) break;
    if (at > 0 && text[at - 1] == '$') {
      result.text += text.substr(0, at - 1);
      result.text += "${";
      text.remove_prefix(at + 2);
      continue;
    }
    result.text += text.substr(0, at);
    text.remove_prefix(at + 2);
    const auto end = text.find('}');
    if (end == std::string_view::npos) {
      result.problem = "'${' without its '}'; write '$${' for a plain '${'";
      return result;
    }
    const std::string_view reference = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto separator = reference.find(":-");
    const std::string_view name = reference.substr(0, separator);
    if (!is_name(name)) {
      result.problem =
          "'${…}' must hold the name of an environment variable; write '$${' for a plain '${'";
      return result;
    }
    result.changed = true;
    const auto value = environment(name);
    if (separator != std::string_view::npos && (!value || value->empty())) {
      result.text += reference.substr(separator + 2);
    } else if (value) {
      result.text += *value;
    } else {
      result.problem = fmt::format(
          "environment variable {} is not set; set it or write ${{{}:-default}}", name, name);
      return result;
    }
  }
  result.text += text;
  return result;
}

}  // namespace vakthund::config
