// A secret that cannot be printed by accident: there is no conversion to text, streaming and
// formatting give "***", and only reveal() hands it out.
//
// Limits: reveal()'s reference must not outlive the secret; copies are copies of the secret.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace vakthund::config {

inline constexpr std::string_view kMask = "***";

class Secret {
 public:
  Secret() = default;  // not set
  explicit Secret(std::string value, std::string file = {})
      : value_(std::move(value)), file_(std::move(file)) {}

  bool is_set() const { return !value_.empty(); }
  const std::string& reveal() const { return value_; }
  // The file it was read from (the `_file` twin); empty where it stood in the configuration.
  const std::string& file() const { return file_; }

  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << kMask; }

 private:
  std::string value_;
  std::string file_;
};

}  // namespace vakthund::config
