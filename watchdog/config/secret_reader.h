// Secrets, from the configuration's text or from the file that their `_file` twin names.
#pragma once

#include <string_view>

#include "watchdog/config/secret.h"
#include "watchdog/config/section.h"

namespace vakthund::config {

enum class SecretForm { one_line, one_line_or_pem, one_line_with_blanks };
enum class Need { optional, required };

inline constexpr std::size_t kMaxSecretBytes = 64 << 10;

// Reads KEY or KEY_file; blanks and line ends around the content of a file are dropped. Not set
// where neither is there or a problem was told: missing, unreadable, empty, not a regular file, too
// large, of several lines. A file that everybody may read is a warning, except under /run/secrets,
// where container engines mount them so.
Secret read_secret(Section& section, std::string_view key, SecretForm form, Need need);

}  // namespace vakthund::config
