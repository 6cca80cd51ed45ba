// The lines of `config show`, as they grow: sections open and close, and what this version does not
// have is left out.
// Threads: a value.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "watchdog/config/config.h"

namespace vakthund::config {

// Always in double quotes: no text can turn into a number, a comment or another key.
std::string quoted(std::string_view text);
std::string exact(Duration duration);  // reads back as the same duration
std::string percent(Decimal share);

class Page {
 public:
  void open(std::string_view key);
  void close();
  void open_item();
  void close_item();

  void plain(std::string_view key, std::string_view value);
  void text(std::string_view key, std::string_view value);
  void text_if(std::string_view key, std::string_view value);  // not where it is empty
  void secret(std::string_view key, const Secret& secret);     // its file, or a mask
  void line(std::string_view content);
  // Whether anything of a section can be other than its default.
  bool any(std::string_view section, std::initializer_list<std::string_view> keys) const;

  std::string take() { return std::move(text_); }

 private:
  std::string path_of(std::string_view key) const;

  std::string text_;
  std::vector<std::string> path_;
  int depth_ = 0;
  bool dash_ = false;
};

void show_rules(Page& page, const Config& config);

}  // namespace vakthund::config
