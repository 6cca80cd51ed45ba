// What is read in the background: trades and order histories of positions, the day's income, forced
// orders.
#include "watchdog/binance/source_impl.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using guard::Read;
using Item = Schedule::Item;
using What = guard::Read::What;

constexpr auto kForcedBack = std::chrono::hours(24);

// Whether the answer held as many rows as one can, with those that could not be read: they follow
// as events of their own.
bool is_full(std::size_t rows, bool complete, const std::vector<Event>& events) {
  return !complete && rows + events.size() - 1 >= kMaxRows;
}

}  // namespace

bool Source::Impl::begin_background(const Schedule::Due& due, model::MonoTime now, Ended ended) {
  constexpr int kTrades = 15, kIncome = 30, kForced = 50;
  if (due.item == Item::trades && due.symbol.empty()) {
    schedule.began(due, now);
    schedule.ended(due, true, now);
    trades_ended(true);
    return true;
  }
  const int weight = due.item == Item::trades   ? kTrades
                     : due.item == Item::income ? kIncome
                                                : kForced;
  if (!ask_planned(due, weight).go()) return false;
  schedule.began(due, now);
  if (due.item == Item::trades) {
    read_trades(due.symbol, [this, ended](bool well) {
      ended(well);
      trades_ended(well);
    });
  } else if (due.item == Item::income) {
    read_income(ended);
  } else {
    read_forced_orders(ended);
  }
  return true;
}

// One after the other, as the weight of all three was asked for: whoever reads the trades of an
// order wants to know the order soon after.
void Source::Impl::read_trades(const std::string& symbol, Ended ended) {
  const Moment moment = rest.moment();
  const TradesPlan::Since since = schedule.trades().begin(symbol, moment.mono, moment.exchange);
  const Read fills{What::fills, symbol, "", since.trades, false};
  const Read regular{What::regular_history, symbol, "", since.histories, false};
  const Read algo{What::algo_history, symbol, "", since.histories, false};
  const auto then = [this, ended](const Read& read, Ended next) {
    return [this, ended, read, next = std::move(next)](bool well) {
      if (!well) return ended(false);
      send_read(read, read_request(read, rest.moment().exchange), next);
    };
  };
  send_read(fills, read_request(fills, moment.exchange), then(regular, then(algo, ended)),
            [this, symbol](const std::vector<Event>& events) {
              const auto& read = std::get<guard::FillsRead>(events.front());
              if (!read.fills.empty() && is_full(read.fills.size(), read.complete, events)) {
                schedule.trades().cut_short(symbol, read.fills.back().time);
              }
            });
}

void Source::Impl::trades_ended(bool well) {
  if (well && schedule.trades().round_is_complete()) {
    emit({guard::FeedAlive{model::Feed::trades}});
  }
}

void Source::Impl::read_income(Ended ended) {
  const model::WallTime now = rest.moment().exchange;
  const Read read{What::income, "", "", income.begin(now), false};
  send_read(read, read_request(read, now), std::move(ended),
            [this](const std::vector<Event>& events) {
              const auto& answer = std::get<guard::IncomeRead>(events.front());
              if (!is_full(answer.rows.size(), answer.complete, events)) return income.told_all();
              if (answer.rows.empty()) return;  // not one row can be read: no sooner than planned
              income.cut_short(answer.rows.back().time);
              schedule.hurry(Item::income, net::Loop::now().mono);
            });
}

void Source::Impl::read_forced_orders(Ended ended) {
  const model::WallTime since = rest.moment().exchange - kForcedBack;
  const Read read{What::forced_orders, "", "", since, false};
  send_read(read, read_request(read, rest.moment().exchange), std::move(ended));
}

}  // namespace vakthund::binance
