#include "watchdog/server/text_layout.h"

#include <algorithm>

namespace vakthund::server {

std::string clean(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c < ' ' || c == 0x7F) {
      result += ' ';
    } else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
      result += ' ';
      ++i;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!lines.back().empty() && width(lines.back()) + 1 + width(word) > columns) {
      lines.emplace_back();
    }
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

std::string left(std::string_view text, std::size_t columns) {
  return std::string(text) + std::string(columns - std::min(columns, width(text)), ' ');
}

std::string right(std::string_view text, std::size_t columns) {
  return std::string(columns - std::min(columns, width(text)), ' ') + std::string(text);
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> result(numbers.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], width(row[i]));
  }
  return result;
}

std::size_t Table::total(std::size_t gap) const {
  std::size_t sum = numbers.empty() ? 0 : gap * (numbers.size() - 1);
  for (const std::size_t columns : widths()) sum += columns;
  return sum;
}

void Table::drop_last() {
  numbers.pop_back();
  for (auto& row : rows) row.resize(numbers.size());
}

std::vector<std::string> Table::lines(std::size_t gap) const {
  const std::vector<std::size_t> columns = widths();
  std::vector<std::string> result;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line.append(gap, ' ');
      line += numbers[i] ? right(row[i], columns[i]) : left(row[i], columns[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result.push_back(std::move(line));
  }
  return result;
}

}  // namespace vakthund::server
