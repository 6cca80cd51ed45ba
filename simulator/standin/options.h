// The stand-ins' command lines: "--name value", a name perhaps more than once, and after "--" a
// command of another program.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::simulator::standin {

class Options {
 public:
  // `argv` without the program's name. `known`: the names, without dashes. Error: `invalid`, one
  // line: an unknown name, a missing value, a word that belongs to nothing.
  static Result<Options> parse(const std::vector<std::string>& words,
                               const std::vector<std::string>& known);

  std::string one(const std::string& name, const std::string& otherwise = {}) const;
  std::vector<std::string> all(const std::string& name) const;
  const std::vector<std::string>& command() const { return command_; }
  // Error: `invalid`, where one of these was not given.
  Result<void> require(const std::vector<std::string>& names) const;

 private:
  std::multimap<std::string, std::string> values_;
  std::vector<std::string> command_;
};

// Prints `help` and is true where a word before "--" asks for it.
bool gave_help(const std::vector<std::string>& words, const char* help);

// The words after the sub-mode's own.
std::vector<std::string> words_of(int argc, char** argv);

}  // namespace vakthund::simulator::standin
