// The options of one command, read with Poco::Util. Every command has --help and -c/--config.
// Errors are one line that names the option and where to find help.
#pragma once

#include <Poco/Util/OptionSet.h>

#include <map>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::commands {

struct Parsed {
  std::map<std::string, std::string> values;  // by long name; "" for those without an argument
  std::vector<std::string> rest;
  bool has(const std::string& name) const { return values.contains(name); }
  std::string value(const std::string& name, const std::string& otherwise = "") const;
};

class Options {
 public:
  // `usage`: what follows "vakthund NAME" in the help.
  Options(std::string command, std::string usage, std::string description);
  // `argument` empty: a flag.
  Options& add(const std::string& name, const std::string& shortcut, const std::string& description,
               const std::string& argument = "");
  // At most `max_rest` words that are no options.
  Result<Parsed> parse(const std::vector<std::string>& words, std::size_t max_rest = 0) const;
  std::string help() const;

 private:
  std::string command_;
  std::string usage_;
  std::string description_;
  Poco::Util::OptionSet set_;
};

}  // namespace vakthund::commands
