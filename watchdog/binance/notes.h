// What of an answer or a frame could not be read, in words, while the rest of it was.
//
// Limits: the first kKept remarks are kept, each cut to kLength characters; all are counted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vakthund::binance {

class Notes {
 public:
  static constexpr std::size_t kKept = 8;
  static constexpr std::size_t kLength = 160;

  void add(std::string_view what) {
    ++total_;
    if (kept_.size() < kKept) kept_.emplace_back(what.substr(0, kLength));
  }
  // The newest remark matters most where reading was given up: it is kept whatever came before.
  void give_up(std::string_view why) {
    ++total_;
    reason_ = std::string(why.substr(0, kLength));
  }
  const std::vector<std::string>& kept() const { return kept_; }
  const std::string& reason() const { return reason_; }
  int total() const { return total_; }

 private:
  std::vector<std::string> kept_;
  std::string reason_;
  int total_ = 0;
};

}  // namespace vakthund::binance
