// One process's view of the exchange: what watchdog/binance/source.h does, in virtual time. It uses
// the source's own parts (schedule, budgets, clock, deafness, trades plan, requests and decoders)
// and replaces its sockets and timers.
//
// Dies with its process: everything it waits for is bound to the process's life.
#pragma once

#include <deque>

#include "tests/sim/link.h"
#include "watchdog/binance/answer.h"
#include "watchdog/binance/deafness.h"
#include "watchdog/binance/frame.h"
#include "watchdog/binance/income_cursor.h"
#include "watchdog/binance/schedule.h"

namespace vakthund::sim {

class Source {
 public:
  using Sink = std::function<void(std::vector<guard::Event>)>;
  Source(Stage& stage, Truth& truth, Sink sink);

  void start();
  void execute(const guard::Read& read);
  void execute(const guard::PlaceOrders& place);
  void execute(const guard::TestOrders& test);
  void execute(const guard::CancelOrders& cancel);
  void execute(const guard::Watch& watch);

  // Frames as the exchange sends them: of its market once a second, of the account as they come.
  void market_beat();
  void user_event(const simulator::UserEvent& event);
  void cut_private(const std::string& why);
  bool private_is_up() const { return private_up_; }

 private:
  using Ended = std::function<void(bool well)>;
  using Heard = std::function<void(const std::vector<guard::Event>&)>;
  void emit(std::vector<guard::Event> events);
  // source_reads.cc
  void pump();
  bool begin(const binance::Schedule::Due& due);
  bool begin_background(const binance::Schedule::Due& due, Ended ended);
  bool planned(const binance::Schedule::Due& due, int weight);
  void send_read(const guard::Read& read, binance::Request request, Ended ended,
                 Heard heard = nullptr);
  void read_trades(const std::string& symbol, Ended ended);
  void read_mark_prices(Ended ended);
  void looked_at_positions(const std::vector<guard::Event>& events);
  void clock_was_read(const std::optional<Error>& failed);
  void tell_exchange();
  // source_orders.cc
  struct WaitingOrder {
    guard::ReducingOrder order;
    MonoTime commanded;
  };
  void flush();
  bool send_orders();
  void fail(const std::vector<guard::ReducingOrder>& orders, const Error& error);
  // source_streams.cc
  void connect_private();
  void lose_market(const std::string& why);
  void take_private(const std::string& text);

  Stage& stage_;
  Sink sink_;
  Link link_;
  binance::Schedule schedule_;
  binance::Deafness deafness_;
  binance::IncomeCursor income_;
  std::deque<guard::Read> waiting_reads_;
  std::deque<WaitingOrder> orders_;
  bool flush_planned_ = false;
  MonoTime pump_at_ = MonoTime::max();
  std::vector<std::string> last_price_symbols_;
  bool market_connected_ = false, market_up_ = false;
  MonoTime market_life_{};
  std::uint64_t beats_ = 0;
  bool private_up_ = false, connecting_ = false;
  std::string listen_key_;
  int connection_ = 0;
  std::map<std::string, MonoTime> last_of_type_;
};

}  // namespace vakthund::sim
