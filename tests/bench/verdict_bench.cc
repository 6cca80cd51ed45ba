// Event bytes in -> verdict: decode a frame and let the guard judge what it touched.
//
// Promised for one account with 50 positions: a single symbol's frame in 25 µs (median) and 250 µs
// (99th percentile); a full market's array of 720 symbols in 200 µs (median); and a single symbol's
// frame costs the same whatever the number of positions.
#include <benchmark/benchmark.h>

#include "tests/bench/account.h"
#include "tests/bench/latency.h"
#include "watchdog/binance/decode.h"
#include "watchdog/binance/frame.h"

namespace vakthund::bench {
namespace {

using Events = std::vector<guard::Event>;
using Decode = binance::FrameKind (*)(std::string_view, Events&);

// What the shell does with a frame that has arrived.
struct Watchdog {
  guard::Guard guard;
  Events events;

  std::size_t take(Decode decode, std::string_view frame) {
    events.clear();
    decode(frame, events);
    const guard::Commands commands = guard.on(events, now());
    benchmark::DoNotOptimize(commands.data());
    benchmark::DoNotOptimize(guard.next_deadline());
    return commands.size();
  }
};

// Beyond its stop, its loss limit and its liquidation price, and so without a stop that works.
constexpr std::size_t kFindingsOfACrash = 4;
// Pausing takes far longer than what is measured.
constexpr int kPausedIterations = 500;

void require(benchmark::State& state, bool so, const char* what) {
  if (!so) state.SkipWithError(what);
}

std::size_t breaches(Watchdog& watchdog) {
  std::size_t count = 0;
  for (const auto& judged : watchdog.guard.judge_all(now())) {
    if (judged.verdict.state == model::Verdict::State::unknown) return SIZE_MAX;
    count += judged.verdict.state == model::Verdict::State::breach;
  }
  return count;
}

// Argument: how many positions the account has. No cost may hang on it.
void SingleSymbolFrame(benchmark::State& state) {
  const int positions = static_cast<int>(state.range(0));
  Watchdog watchdog{account_with(positions), {}};
  std::vector<Frame> frames;
  for (int i = 0; i < positions; ++i) frames.push_back(mark_price_frame(i, kCalm));
  require(state, breaches(watchdog) == 0, "a calm account must be judged clear");
  Latency latency(state);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::string_view text = frames[next++ % frames.size()].text();
    latency.time([&] { watchdog.take(binance::decode_market_frame, text); });
  }
}
BENCHMARK(SingleSymbolFrame)->Arg(1)->Arg(10)->Arg(50)->Arg(1000)->UseManualTime();

// The same after everything else on the machine has had the caches, as once a second.
void SingleSymbolFrameAfterAPause(benchmark::State& state) {
  Watchdog watchdog{account_with(kPositions), {}};
  const Frame frame = mark_price_frame(kPositions / 2, kCalm);
  Latency latency(state);
  for (auto _ : state) {
    pause();
    latency.time([&] { watchdog.take(binance::decode_market_frame, frame.text()); });
  }
}
BENCHMARK(SingleSymbolFrameAfterAPause)->UseManualTime()->Iterations(kPausedIterations);

// The frame that carries the price across the stop: findings are made and incidents begin.
void SingleSymbolFrameThatCrossesAStop(benchmark::State& state) {
  Watchdog watchdog{account_with(kPositions), {}};
  const Frame crash = mark_price_frame(0, kCrash);
  const Frame calm = mark_price_frame(0, kCalm);
  watchdog.take(binance::decode_market_frame, crash.text());
  require(state, breaches(watchdog) == kFindingsOfACrash, "the crash must be seen");
  Latency latency(state);
  for (auto _ : state) {
    watchdog.take(binance::decode_market_frame, calm.text());
    latency.time([&] { watchdog.take(binance::decode_market_frame, crash.text()); });
  }
}
BENCHMARK(SingleSymbolFrameThatCrossesAStop)->UseManualTime();

void market(benchmark::State& state, std::string_view price, bool after_a_pause,
            std::size_t expected) {
  Watchdog watchdog{account_with(kPositions), {}};
  const Frame frame = market_frame(price);
  watchdog.take(binance::decode_market_frame, frame.text());
  require(state, breaches(watchdog) == expected, "the market's array must reach every position");
  state.counters["bytes"] = static_cast<double>(frame.text().size());
  Latency latency(state);
  for (auto _ : state) {
    if (after_a_pause) pause();
    latency.time([&] { watchdog.take(binance::decode_market_frame, frame.text()); });
  }
}
void MarketArray(benchmark::State& state) { market(state, kCalm, false, 0); }
BENCHMARK(MarketArray)->UseManualTime();
void MarketArrayAfterAPause(benchmark::State& state) { market(state, kCalm, true, 0); }
BENCHMARK(MarketArrayAfterAPause)->UseManualTime()->Iterations(kPausedIterations);
// Every other position is beyond its stop and its loss limit at once.
void MarketArrayInACrash(benchmark::State& state) {
  market(state, kCrash, false, kFindingsOfACrash * kPositions / 2);
}
BENCHMARK(MarketArrayInACrash)->UseManualTime();

// The part of the above that is reading alone.
void MarketArrayDecodedOnly(benchmark::State& state) {
  const Frame frame = market_frame(kCalm);
  Events events;
  Latency latency(state);
  for (auto _ : state) {
    events.clear();
    latency.time([&] { binance::decode_market_frame(frame.text(), events); });
  }
}
BENCHMARK(MarketArrayDecodedOnly)->UseManualTime();

void private_frame(benchmark::State& state, Frame frame, std::size_t place) {
  Watchdog watchdog{account_with(kPositions), {}};
  Latency latency(state);
  std::int64_t id = 1;
  for (auto _ : state) {
    // The same few orders over and over: a book does not grow without end either.
    if (place != std::string::npos) frame.number_at(place, kDigits.size(), 1000 + id++ % 4);
    latency.time([&] { watchdog.take(binance::decode_private_frame, frame.text()); });
  }
}
void OrderTradeUpdate(benchmark::State& state) {
  const Frame frame = order_frame(7);
  private_frame(state, frame, frame.place_of(kDigits));
}
BENCHMARK(OrderTradeUpdate)->UseManualTime();
void AlgoUpdate(benchmark::State& state) {
  const Frame frame = algo_frame(7);
  private_frame(state, frame, frame.place_of(kDigits));
}
BENCHMARK(AlgoUpdate)->UseManualTime();
void AccountUpdate(benchmark::State& state) {
  private_frame(state, account_frame(7), std::string::npos);
}
BENCHMARK(AccountUpdate)->UseManualTime();

// The full reconciliation that comes by REST every few seconds.
void PositionsAnswer(benchmark::State& state) {
  Watchdog watchdog{account_with(kPositions), {}};
  const Frame frame = positions_answer(kPositions);
  Latency latency(state);
  for (auto _ : state) {
    latency.time([&] {
      guard::PositionsRead read;
      binance::Notes notes;
      binance::decode_positions(frame.text(), read.positions, notes);
      read.asked = now().mono;
      const auto commands = watchdog.guard.on(guard::Event(std::move(read)), now());
      benchmark::DoNotOptimize(commands.data());
    });
  }
}
BENCHMARK(PositionsAnswer)->UseManualTime();

}  // namespace
}  // namespace vakthund::bench

BENCHMARK_MAIN();
