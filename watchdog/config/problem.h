// What is wrong with a configuration, where, and in words that say what to write instead.
#pragma once

#include <string>
#include <vector>

namespace vakthund::config {

// 1-based, as editors count; column in characters. 0: of the whole file.
struct Place {
  int line = 0;
  int column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Problem {
  std::string file;
  Place place;
  std::string message;  // one line; never holds a secret

  std::string to_string() const;  // "vakthund.yaml:12:5: …"
  friend bool operator==(const Problem&, const Problem&) = default;
};

}  // namespace vakthund::config
