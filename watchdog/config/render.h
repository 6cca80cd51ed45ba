// The effective configuration as YAML, for `config show`: every setting that counts, defaults
// included, secrets masked. What it prints parses to the same configuration, except that a secret
// which stood in the file itself is then "***"; one from a file is its `_file` key.
// Sections that this version does not have (not_yet.h) are left out.
#pragma once

#include <string>

#include "watchdog/config/config.h"

namespace vakthund::config {

std::string render(const Config& config);

}  // namespace vakthund::config
