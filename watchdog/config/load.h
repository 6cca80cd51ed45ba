// Reads a configuration and says everything that is wrong with it in one run.
//
// Shape: product.md §3. Beyond YAML's own rules: unknown and repeated keys are errors, a section
// without content counts as left out, values expand ${NAME} and ${NAME:-default} (`$${` is a plain
// `${`), and NAME_file is the twin of every secret NAME. Relative paths of files to read are
// relative to the configuration's folder.
//
// Errors: without problems there is a config; with any there is none, so that nothing runs on half
// a configuration. Warnings never prevent it. What this version cannot honour yet is a problem
// too (not_yet.h): it is never accepted in silence.
// Limits: 1 MiB of text, 4 KiB in a line, 64 levels, 100 000 values after aliases are followed,
// 200 problems.
// Threads: any; reads the files named, nothing else.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchdog/config/config.h"
#include "watchdog/config/problem.h"

namespace vakthund::config {

// The value of an environment variable, nullopt where it is not set.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;
std::optional<std::string> process_environment(std::string_view name);

struct Loaded {
  std::string file;
  std::optional<Config> config;
  std::vector<Problem> problems;  // by line
  std::vector<Problem> warnings;

  bool ok() const { return config.has_value(); }
};

Loaded load(const std::string& path, const Lookup& environment = process_environment);
// Of text that has been read; `file` names it in problems and gives the folder of relative paths.
Loaded parse(std::string_view text, const std::string& file,
             const Lookup& environment = process_environment);

// What `config check` prints: one problem or warning per line, then how many there are.
std::string check_text(const Loaded& loaded);

}  // namespace vakthund::config
