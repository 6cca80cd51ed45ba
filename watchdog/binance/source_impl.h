// The parts of a Source and how they hang together. Used by source*.cc only.
#pragma once

#include <deque>
#include <tuple>

#include "watchdog/binance/answer.h"
#include "watchdog/binance/deafness.h"
#include "watchdog/binance/income_cursor.h"
#include "watchdog/binance/orders.h"
#include "watchdog/binance/rehearsal.h"
#include "watchdog/binance/rest.h"
#include "watchdog/binance/schedule.h"
#include "watchdog/binance/source.h"
#include "watchdog/binance/stream_connection.h"

namespace vakthund::binance {

struct Source::Impl {
  Impl(net::Loop& the_loop, SourceSettings the_settings, const net::Url& rest_url,
       const net::Url& stream_url, Signer signer, Sink the_sink);

  // source.cc
  void emit(std::vector<guard::Event> events);
  StreamConnection::Owner market_owner();
  StreamConnection::Owner private_owner();
  void stream_up(model::Feed feed);
  void stream_down(model::Feed feed, const std::string& why);
  void private_frame(FrameKind kind, std::vector<guard::Event> events);
  void ask_for_key(Request request, bool create);

  // source_exchange.cc
  void look_at_exchange(bool anyway);
  void tell_exchange();

  // source_trades.cc
  using Ended = std::function<void(bool well)>;
  void read_trades(const std::string& symbol, Ended ended);
  void trades_ended(bool well);
  void read_income(Ended ended);
  void read_forced_orders(Ended ended);

  // source_reads.cc
  using Heard = std::function<void(const std::vector<guard::Event>&)>;
  void read(const guard::Read& read, Ended ended);
  void send_read(const guard::Read& read, Request request, Ended ended, Heard heard = nullptr);
  std::vector<guard::Event> events_of_answer(const guard::Read& read, model::WallTime since,
                                             std::string_view body, model::MonoTime asked);
  void read_mark_prices(Ended ended);
  void looked_at_positions(const std::vector<guard::Event>& events);
  void wait_for_clock(const guard::Read& read);
  void want_clock();
  void clock_was_read(const std::optional<Error>& failed);
  void pump();
  bool begin(const Schedule::Due& due, model::MonoTime now);
  bool begin_background(const Schedule::Due& due, model::MonoTime now, Ended ended);
  Grant ask_planned(const Schedule::Due& due, int weight);
  void keep_warm();

  static constexpr std::size_t kMaxWaitingReads = 256;

  net::Loop& loop;
  SourceSettings settings;
  Sink sink;
  Rest rest;
  Orders orders;
  Rehearsal rehearsal;
  Schedule schedule;
  Deafness deafness;
  StreamConnection market;
  StreamConnection private_stream;
  net::Timer pump_timer;
  net::Timer warm_timer;
  net::Timer exchange_timer;
  bool running = false;
  IncomeCursor income;
  // As last told with ExchangeSeen: whether it refuses us, and the kind and code of a trouble.
  std::tuple<Grant::Reason, bool, ErrorKind, int> told_standing{};
  std::deque<guard::Read> waiting_reads;  // for the clock
  std::array<std::uint64_t, kFrameKinds> frames{};
  std::uint64_t undecodable = 0;
};

}  // namespace vakthund::binance
