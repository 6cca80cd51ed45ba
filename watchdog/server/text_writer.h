// Lines for a terminal, gathered: labelled entries wrapped under themselves, and moods as colours.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watchdog/server/status_view.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {

class TextWriter {
 public:
  // Columns below kFewestColumns count as that many.
  explicit TextWriter(const TextStyle& style);

  void line(std::string_view text = {});
  // Parts two blanks apart, as many on a line as it holds; the first may be painted.
  void headline(const std::string& first, Overall mood, const std::vector<std::string>& others);
  // "  LABEL       text, wrapped under itself"
  void entry(std::string_view label, const std::string& text, Overall mood);
  // "              + text, wrapped under itself": one of several beneath an entry.
  void point(std::string_view mark, const std::string& text);
  std::string painted(const std::string& text, Overall mood) const;
  std::string dim(const std::string& text) const;
  std::size_t columns() const { return columns_; }
  std::string take() { return std::move(text_); }

 private:
  const bool colour_;
  const std::size_t columns_;
  std::string text_;
};

std::string upper(std::string_view text);
// "1 feed", "2 feeds"
std::string counted(std::size_t n, std::string_view what);
// "2025-11-20 01:23:00 UTC"
std::string shown_time(model::WallTime time);

}  // namespace vakthund::server
