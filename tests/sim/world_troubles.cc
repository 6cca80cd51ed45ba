// How each item of the menu is served.
#include "tests/sim/world.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using model::Decimal;
using simulator::Fault;

std::string some_match(int variant) {
  static const char* kMatches[] = {"*", "POST /fapi/v1/order", "GET *", "DELETE *",
                                   "GET /fapi/v3/positionRisk"};
  return kMatches[variant % 5];
}

std::string some_style(int variant) {
  static const char* kStyles[] = {"nulls", "types", "enums", "missing", "truncated"};
  return kStyles[variant % 5];
}

// nullopt: it is no fault of the simulator's.
std::optional<Fault> fault_of(const Served& served) {
  const auto fault = [&](const char* kind, std::string match = "*") {
    Fault one;
    one.kind = kind;
    one.match = std::move(match);
    one.probability = Decimal::from_units(served.share * (Decimal::kOne / 1000));
    return one;
  };
  const auto executed = [](Fault one) {
    one.executed = true;
    return one;
  };
  const auto replying = [&](Fault one, std::string message, int http) {
    one.message = std::move(message);
    one.http = http;
    return one;
  };
  const std::string match = some_match(served.variant);
  Fault one;
  switch (served.trouble) {
    case Trouble::unknown_error:
      return fault("unknown_error", match);
    case Trouble::unknown_error_executed:
      return executed(fault("unknown_error", match));
    case Trouble::unavailable:
      return fault("unavailable", match);
    case Trouble::throttled:
      return fault("throttled");
    case Trouble::timeout:
      return fault("timeout", match);
    case Trouble::timeout_executed:
      return executed(fault("timeout", match));
    case Trouble::order_limit:
      return fault("order_limit", "POST *rder*");
    case Trouble::rate_limited:
      one = fault("rate_limited", match);
      one.retry_after_s = 1 + served.variant % 8;
      one.count = 2;
      return one;
    case Trouble::banned:
      one = fault("banned");
      one.ms = 1000 + served.variant * 15;
      return one;
    case Trouble::order_refused: {
      static const int kCodes[] = {-2022, -4118, -4131, -1111, -4061, -4005, -4023,
                                   -2019, -1001, -4164, -2023, -4088, -1106, -4116};
      one = fault("error", "POST *rder*");
      one.code = kCodes[served.variant % 14];
      one.http = 400;
      return one;
    }
    case Trouble::html:
      one = fault("html", match);
      one.http = 502;
      return one;
    case Trouble::drop:
      return fault("drop", match);
    case Trouble::drop_executed:
      return executed(fault("drop", match));
    case Trouble::latency:
      one = fault("latency");
      one.ms = 100 + served.variant * 4;
      return one;
    case Trouble::garble:
      one = fault("garble", match);
      one.style = some_style(served.variant);
      return one;
    case Trouble::garbled_events:
      one = fault("garble_streams");
      one.style = some_style(served.variant);
      return one;
    case Trouble::empty_positions:
      return replying(fault("reply", "GET /fapi/v3/positionRisk"), "[]", 200);
    case Trouble::empty_algos:
      return replying(fault("reply", "GET /fapi/v1/openAlgoOrders"), "[]", 200);
    case Trouble::retired_algos:
      return replying(fault("reply", "GET /fapi/v1/openAlgoOrders"),
                      R"({"code":-5000,"msg":"GET /fapi/v1/openAlgoOrders is retired"})", 400);
    case Trouble::clock_skew:
      one = fault("clock_skew");
      one.ms = (served.variant % 2 ? 1 : -1) * (1500 + served.variant * 6);
      return one;
    case Trouble::read_lag:
      return fault("read_lag");
    case Trouble::order_lag:
      one = fault("order_lag");
      one.ms = 300 + served.variant * 3;
      return one;
    case Trouble::silent_market:
      one = fault("silent_streams");
      one.style = "market";
      return one;
    case Trouble::silent_private:
      one = fault("silent_streams");
      one.style = "private";
      return one;
    case Trouble::refuse_streams:
      return fault("refuse_streams");
    default:
      return std::nullopt;
  }
}

}  // namespace

bool World::serve_fault(const Served& served) {
  std::optional<Fault> fault = fault_of(served);
  if (!fault) return false;
  const WallTime wall = stage_.time.exchange_wall();
  fault->until = wall + std::chrono::floor<std::chrono::milliseconds>(served.until - served.from);
  const std::string refused = stage_.venue.add_fault(std::move(*fault), wall);
  VAKTHUND_ASSERT(refused.empty());
  ++stage_.tally.troubles[static_cast<std::size_t>(served.trouble)];
  if (served.trouble == Trouble::refuse_streams && process_) {
    process_->source.cut_private("the connection was closed");
  }
  return true;
}

void World::serve(const Served& served) {
  stage_.trace.line("trouble: " + std::string(menu(served.trouble).name));
  if (serve_fault(served)) return;
  simulator::Exchange& exchange = stage_.venue.exchange();
  const WallTime wall = stage_.time.exchange_wall();
  const Duration lasts = served.until - served.from;
  const auto struck = [&] { ++stage_.tally.troubles[static_cast<std::size_t>(served.trouble)]; };
  switch (served.trouble) {
    case Trouble::resting_blocks:
      struck();
      exchange.settings().resting_reduce_only_blocks = served.variant % 2 ? -4118 : -2022;
      stage_.time.after(lasts, [&exchange] { exchange.settings().resting_reduce_only_blocks = 0; });
      break;
    case Trouble::neighbour:
      struck();
      stage_.venue.actors().set_neighbour(1000 + served.variant * 2, wall);
      stage_.time.after(
          lasts, [this] { stage_.venue.actors().set_neighbour(0, stage_.time.exchange_wall()); });
      break;
    case Trouble::thin_book:
    case Trouble::halt:
      struck();
      for (const Coin& coin : stage_.recipe.coins) {
        simulator::Symbol& symbol = *exchange.mutable_symbol(coin.symbol);
        if (served.trouble == Trouble::halt) {
          symbol.status = "TRADING_HALT";
        } else {
          symbol.depth = Decimal::from_units(symbol.step.units() * (1 + served.variant % 40));
        }
      }
      stage_.time.after(lasts, [this, &exchange] {
        for (const Coin& coin : stage_.recipe.coins) {
          simulator::Symbol& symbol = *exchange.mutable_symbol(coin.symbol);
          symbol.status = "TRADING";
          symbol.depth.reset();
        }
      });
      break;
    case Trouble::liquidation: {
      struck();
      const Holding& held = stage_.recipe.holdings.back();
      exchange.force_close(*stage_.account, held.symbol, held.side, served.variant % 2 == 0,
                           std::nullopt, wall);
      truth_.foreign_act();
      something_happened();
      break;
    }
    case Trouble::cut_private:
      struck();
      if (process_) process_->source.cut_private("the connection was closed");
      break;
    case Trouble::lost_key:
    case Trouble::expired_key:
      struck();
      exchange.end_listen_key(*stage_.account, served.trouble == Trouble::expired_key, wall);
      something_happened();
      break;
    case Trouble::clock_forward:
    case Trouble::clock_back: {
      struck();
      const auto far = std::chrono::milliseconds(served.variant % 3 == 0   ? 2'000
                                                 : served.variant % 3 == 1 ? 60'000
                                                                           : 3'600'000);
      stage_.time.set_our_clock(served.trouble == Trouble::clock_forward ? far : -far);
      stage_.time.after(lasts, [this] { stage_.time.set_our_clock(std::chrono::milliseconds(0)); });
      break;
    }
    case Trouble::crash:
      struck();
      crash(stage_.dice.within(200ms, 3s));
      break;
    case Trouble::started_again:
      struck();
      stage_.time.after(lasts, [this] { engine_.start_again(); });
      break;
    case Trouble::hand_opened:
      struck();
      truth_.foreign_act();
      bot_.hand_opens(served.variant % 2 == 0);
      break;
    default:
      break;  // asked for as they strike
  }
}

}  // namespace vakthund::sim
