// The commands of the program (product.md §2): each takes its words and returns its exit code.
#pragma once

#include <string>
#include <vector>

namespace vakthund::commands {

using Words = std::vector<std::string>;

int run(const Words& words);
int check(const Words& words);
int explain(const Words& words);
int query(const Words& words);
int kill(const Words& words);
int rearm(const Words& words);
int status(const Words& words);
int incidents(const Words& words);
int config(const Words& words);
int demo(const Words& words);
int drill(const Words& words);

// `words`: what followed the program's name.
int dispatch(const Words& words);

}  // namespace vakthund::commands
