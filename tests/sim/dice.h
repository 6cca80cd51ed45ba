// All chance in a world comes from here, and from its seed alone.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "rules/model/time.h"

namespace vakthund::sim {

// splitmix64: good enough, and free to begin.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0x1234567u) {}
  std::uint64_t roll() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // 0 … below - 1
  int pick(int below) { return static_cast<int>(roll() % static_cast<std::uint64_t>(below)); }
  int between(int from, int to) { return from + pick(to - from + 1); }
  bool chance(int of_1000) { return of_1000 > 0 && pick(1000) < of_1000; }
  template <class T>
  T one_of(std::initializer_list<T> list) {
    return list.begin()[pick(static_cast<int>(list.size()))];
  }
  model::Duration within(model::Duration from, model::Duration to) {
    const auto wide = static_cast<std::uint64_t>((to - from).count());
    return from + model::Duration(wide == 0 ? 0 : static_cast<std::int64_t>(roll() % wide));
  }

 private:
  std::uint64_t state_;
};

}  // namespace vakthund::sim
