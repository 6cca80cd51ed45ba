#include "simulator/standin/options.h"

#include <algorithm>
#include <cstdio>

namespace vakthund::simulator::standin {

Result<Options> Options::parse(const std::vector<std::string>& words,
                               const std::vector<std::string>& known) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") {
      options.command_.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (!words[i].starts_with("--")) {
      return error(ErrorKind::invalid, "unexpected word: " + words[i]);
    }
    const auto equals = words[i].find('=');
    const std::string name = words[i].substr(2, equals == std::string::npos ? equals : equals - 2);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return error(ErrorKind::invalid, "unknown option: --" + name);
    }
    if (equals != std::string::npos) {
      options.values_.emplace(name, words[i].substr(equals + 1));
    } else if (++i < words.size()) {
      options.values_.emplace(name, words[i]);
    } else {
      return error(ErrorKind::invalid, "--" + name + " needs a value");
    }
  }
  return options;
}

std::string Options::one(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second;
}

std::vector<std::string> Options::all(const std::string& name) const {
  std::vector<std::string> found;
  const auto [from, to] = values_.equal_range(name);
  for (auto at = from; at != to; ++at) found.push_back(at->second);
  return found;
}

Result<void> Options::require(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (!values_.contains(name)) return error(ErrorKind::invalid, "--" + name + " is missing");
  }
  return {};
}

bool gave_help(const std::vector<std::string>& words, const char* help) {
  const auto end = std::find(words.begin(), words.end(), "--");
  const bool asked = std::any_of(
      words.begin(), end, [](const std::string& word) { return word == "--help" || word == "-h"; });
  if (asked) std::fputs(help, stdout);
  return asked;
}

std::vector<std::string> words_of(int argc, char** argv) {
  return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

}  // namespace vakthund::simulator::standin
