// How a command says that it could not do what was asked: lines on stderr and, with --json, a
// document on stdout, so that a script that reads JSON reads JSON.
#pragma once

#include <string>

#include "watchdog/commands/command.h"

namespace vakthund::commands {

bool wants_json(const Words& words);

// `why`: lines for people, "vakthund: …" or a file's problems. Returns `exit`.
int fail(const Words& words, std::string why, int exit);

}  // namespace vakthund::commands
