#include "watchdog/server/text_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::server {
namespace {

constexpr std::size_t kLabel = 10;  // of the word that begins a line below the table
constexpr std::size_t kText = kLabel + 4;

}  // namespace

TextWriter::TextWriter(const TextStyle& style)
    : colour_(style.colour), columns_(std::max(style.columns, kFewestColumns)) {}

void TextWriter::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void TextWriter::headline(const std::string& first, Overall mood,
                          const std::vector<std::string>& others) {
  std::string text = painted(first, mood);
  std::size_t taken = width(first);
  for (const std::string& part : others) {
    if (taken + 2 + width(part) > columns_) {
      line(text);
      text.clear();
      taken = 0;
    }
    text += "  " + part;
    taken += 2 + width(part);
  }
  line(text);
}

void TextWriter::entry(std::string_view label, const std::string& text, Overall mood) {
  bool first = true;
  for (const std::string& part : wrapped(text, columns_ - kText)) {
    const std::string head = left(first ? label : "", kLabel);
    line(fmt::format("  {}  {}", first && !label.empty() ? painted(head, mood) : head, part));
    first = false;
  }
}

void TextWriter::point(std::string_view mark, const std::string& text) {
  bool first = true;
  for (const std::string& part : wrapped(text, columns_ - kText - 3)) {
    line(fmt::format("{}{}  {}", std::string(kText, ' '), first ? mark : " ", part));
    first = false;
  }
}

std::string TextWriter::painted(const std::string& text, Overall mood) const {
  if (!colour_) return text;
  switch (mood) {
    case Overall::ok:
      return "\x1b[32m" + text + "\x1b[0m";
    case Overall::warning:
      return "\x1b[1;33m" + text + "\x1b[0m";
    case Overall::critical:
      return "\x1b[1;31m" + text + "\x1b[0m";
    case Overall::unknown:
      return "\x1b[1;35m" + text + "\x1b[0m";
  }
  return text;
}

std::string TextWriter::dim(const std::string& text) const {
  return colour_ ? "\x1b[2m" + text + "\x1b[0m" : text;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

std::string counted(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string shown_time(model::WallTime time) {
  const std::string text = model::to_iso8601(time);
  return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

}  // namespace vakthund::server
