// What somebody meant to type.
#pragma once

#include <string_view>
#include <vector>

namespace vakthund::config {

// The candidate with the fewest typing errors (a letter wrong, missing, too much, or two swapped),
// or an empty view where none is near enough to be worth proposing.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace vakthund::config
