#include "watchdog/config/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "watchdog/config/not_yet.h"

namespace vakthund::config {

// Always in double quotes: no text can turn into a number, a comment or another key.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if ((c >= 0 && c < ' ') || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else if (c == '$' && text.substr(i).starts_with("${")) {
      result += "$$";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string exact(Duration duration) {
  using namespace std::chrono_literals;
  constexpr std::array<std::pair<std::string_view, Duration>, 5> kUnits{
      {{"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};
  if (duration == 0ns) return "0s";
  for (const auto& [name, size] : kUnits) {
    if (duration % size == 0ns) return fmt::format("{}{}", duration / size, name);
  }
  return fmt::format("{}ms", duration / 1ms);
}

std::string percent(Decimal share) {
  const auto hundredfold = share * Decimal::whole(100);
  return hundredfold ? hundredfold->to_string() + "%" : share.to_string();
}

void Page::open(std::string_view key) {
  line(fmt::format("{}:", key));
  depth_ += 1;
  path_.emplace_back(key);
}

void Page::close() {
  depth_ -= 1;
  path_.pop_back();
}

void Page::open_item() {
  depth_ += 1;
  dash_ = true;
  path_.back() += "[]";
}

void Page::close_item() {
  depth_ -= 1;
  path_.back().resize(path_.back().size() - 2);
}

void Page::plain(std::string_view key, std::string_view value) {
  if (available(path_of(key))) line(fmt::format("{}: {}", key, value));
}

void Page::text(std::string_view key, std::string_view value) { plain(key, quoted(value)); }

void Page::text_if(std::string_view key, std::string_view value) {
  if (!value.empty()) text(key, value);
}

void Page::secret(std::string_view key, const Secret& secret) {
  if (!secret.is_set()) return;
  if (secret.file().empty()) {
    text(key, kMask);
  } else {
    text(std::string(key) + "_file", secret.file());
  }
}

void Page::line(std::string_view content) {
  std::string indent(static_cast<std::size_t>(depth_) * 2, ' ');
  if (dash_) indent.replace(indent.size() - 2, 2, "- ");
  dash_ = false;
  text_ += indent;
  text_ += content;
  text_ += '\n';
}

bool Page::any(std::string_view section, std::initializer_list<std::string_view> keys) const {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) {
    return available(fmt::format("{}.{}", section, key));
  });
}

std::string Page::path_of(std::string_view key) const {
  std::string path;
  for (const std::string& part : path_) path += part + ".";
  return path + std::string(key);
}

}  // namespace vakthund::config
