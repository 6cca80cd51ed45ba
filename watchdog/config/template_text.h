// The commented starter configuration of `config init`: one account, observe mode, key files under
// /run/secrets. It passes `config check` once those files exist.
#pragma once

#include <string_view>

namespace vakthund::config {

std::string_view template_text();

}  // namespace vakthund::config
