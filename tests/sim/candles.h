// Real one-minute candles, where they are at hand, as what a price did: in millionths of where it
// began. Where they are not, invented ones, and `real` says so.
// Source: ../shared/market/README.md beside the repository. Threads: read-only after reading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/dice.h"

namespace vakthund::sim {

// Where a price is, in millionths away from where it began, at each of `at_ms`; straight lines
// between.
struct Course {
  struct Point {
    std::int64_t at_ms = 0;
    std::int64_t ppm = 0;
  };
  std::vector<Point> points;  // by time; empty: it does not move
  std::int64_t ppm_at(std::int64_t ms) const;
  std::int64_t widest() const;  // the largest distance from 0
};

class Candles {
 public:
  // The file's candles; invented ones where it cannot be read.
  static Candles read(const std::string& path);
  bool real() const { return real_; }
  std::size_t size() const { return minutes_.size(); }

  static constexpr int kMinutes = 4;
  // kMinutes in a row from somewhere; `calm_ppm` > 0: that stay within it.
  Course course(Dice& dice, std::int64_t calm_ppm) const;

 private:
  struct Minute {
    std::int64_t at_ms = 0;
    std::int64_t open = 0, high = 0, low = 0, close = 0;  // units of 1e-8
    int series = 0;
  };
  Course from(std::size_t first) const;
  bool real_ = false;
  std::vector<Minute> minutes_;
};

}  // namespace vakthund::sim
