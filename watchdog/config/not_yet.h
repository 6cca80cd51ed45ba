// What the configuration's grammar knows and this version does not do. It is refused with a
// sentence that says what to use instead, never accepted in silence. One table (not_yet.cc):
// whoever builds a thing removes its lines, and nothing else in this folder needs to change.
//
// Paths are those of problems with list indices left out: "accounts[].bot.preset",
// "rules.stop_crossed.action"; '*' in the table stands for one name.
#pragma once

#include <string>
#include <string_view>

namespace vakthund::config {

// Each gives the problem's text, empty where there is none.
std::string refused_key(std::string_view path);  // may not be there at all
std::string refused_value(std::string_view path, std::string_view value);
std::string refused_change(std::string_view path);  // only its default

// Whether the setting at `path` can be other than its default: what render() shows.
bool available(std::string_view path);

}  // namespace vakthund::config
