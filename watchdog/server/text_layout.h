// Text for a terminal of a known width: what comes from outside made harmless, wrapped, aligned.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vakthund::server {

inline constexpr std::size_t kColumns = 100;       // where nobody says how wide the terminal is
inline constexpr std::size_t kFewestColumns = 60;  // a narrower terminal wraps by itself
inline constexpr std::size_t kMostColumns = 200;   // longer lines are hard to read

struct TextStyle {
  bool colour = false;
  std::size_t columns = kColumns;
};

// Without control characters (C0, DEL and C1): nothing from outside may move the cursor, recolour
// the screen or begin a line of its own.
std::string clean(std::string_view text);

// Columns it takes: one per character.
std::size_t width(std::string_view text);

// Words of `text` in lines of at most `columns`; a longer word is a line of its own. At least one.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// `text` filled with blanks to `columns`.
std::string left(std::string_view text, std::size_t columns);
std::string right(std::string_view text, std::size_t columns);

// Rows of cells; the first row is the heading. `numbers` says which columns are aligned right.
struct Table {
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> numbers;

  std::vector<std::size_t> widths() const;
  std::size_t total(std::size_t gap) const;
  void drop_last();  // column
  // Lines without trailing blanks and line ends.
  std::vector<std::string> lines(std::size_t gap) const;
};

}  // namespace vakthund::server
