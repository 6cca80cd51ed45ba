// Times of single iterations, so that a benchmark can show a median and a tail and not only a mean.
//
// Google Benchmark reports means over all iterations; what is promised is a median and a 99th
// percentile. So each benchmark times its iterations itself, hands each to the framework as manual
// time, and reports the quantiles as counters: `median_us`, `p99_us`, `max_us`.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace vakthund::bench {

using Clock = std::chrono::steady_clock;

class Latency {
 public:
  explicit Latency(benchmark::State& state) : state_(state) { taken_.reserve(kReserved); }
  ~Latency() {
    if (taken_.empty()) return;
    std::sort(taken_.begin(), taken_.end());
    state_.counters["median_us"] = at(0.5);
    state_.counters["p99_us"] = at(0.99);
    state_.counters["max_us"] = taken_.back();
  }
  Latency(const Latency&) = delete;
  Latency& operator=(const Latency&) = delete;

  void took(std::chrono::nanoseconds time) {
    state_.SetIterationTime(std::chrono::duration<double>(time).count());
    taken_.push_back(std::chrono::duration<double, std::micro>(time).count());
  }
  // Runs `work`, and nothing else, on the clock.
  template <class Work>
  void time(Work&& work) {
    const auto start = Clock::now();
    work();
    took(Clock::now() - start);
  }

 private:
  static constexpr std::size_t kReserved = 1u << 20;
  double at(double share) const {
    return taken_[static_cast<std::size_t>(share * static_cast<double>(taken_.size() - 1))];
  }

  benchmark::State& state_;
  std::vector<double> taken_;  // µs
};

// A pause as between two frames of a real second: everything else on the machine has had the
// caches, and we have slept.
inline void pause() {
  static std::vector<unsigned char> other(8u << 20);
  for (std::size_t i = 0; i < other.size(); i += 64) ++other[i];
  benchmark::ClobberMemory();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace vakthund::bench
