#include "watchdog/config/config.h"

#include "watchdog/config/words.h"

namespace vakthund::config {

std::string_view to_string(Mode mode) { return word(mode); }
std::string_view to_string(Environment environment) { return word(environment); }
std::string_view to_string(Preset preset) { return word(preset); }
std::string_view to_string(Otherwise otherwise) { return word(otherwise); }

std::string Container::engine_socket() const {
  constexpr std::string_view kScheme = "unix://";
  return engine.starts_with(kScheme) ? engine.substr(kScheme.size()) : engine;
}

const Account* Config::account(std::string_view name) const {
  for (const Account& account : accounts) {
    if (account.name == name) return &account;
  }
  return nullptr;
}

}  // namespace vakthund::config
