// The exchange as its clients meet it, still without a socket or a clock of its own: a request in,
// a reply out, with everything in between that can refuse it — faults, request weight, key,
// timestamp, signature, permission, order limits — in that order.
//
// Its clock is the caller's plus the skew of a `clock_skew` fault.
// Source: binance.md §2 (authentication), §8 (errors), §9 (limits), §12 (faults).
// Limits: the last kMaxSeen requests are remembered; 200 faults at once, more are refused.
// Threads: one.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulator/actors.h"
#include "simulator/endpoint.h"
#include "simulator/fault.h"
#include "simulator/signature.h"

namespace vakthund::simulator {

struct Request {
  std::string method, path, query, body, api_key;
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::int64_t delay_ms = 0;
  bool dropped = false;  // answer nothing, close the connection
};

// A request as it was received, for tests that must know what was sent. No signature, no secret.
struct SeenRequest {
  WallTime time{};
  std::string method, path, key_name, account;
  std::vector<std::pair<std::string, std::string>> params;
  int status = 0;
};

// A price on its way in a straight line.
struct PricePath {
  std::string symbol;
  bool mark = true, last = true;
  Decimal from_mark, from_last, to;
  WallTime start{}, end{};
};

class Venue {
 public:
  static constexpr std::size_t kMaxSeen = 20'000;
  static constexpr std::size_t kMaxFaults = 200;

  explicit Venue(Exchange::Settings settings);

  Exchange& exchange() { return exchange_; }
  const Exchange& exchange() const { return exchange_; }
  RateLimits& limits() { return limits_; }
  Actors& actors() { return actors_; }
  const std::deque<SeenRequest>& seen() const { return seen_; }
  void forget_seen() { seen_.clear(); }

  Reply handle(const Request& request, WallTime now);
  // Moves prices along their paths, lets the actors act and time pass.
  void advance(WallTime now);
  void move_price(const std::string& symbol, bool mark, bool last, Decimal to, std::int64_t over_ms,
                  WallTime now);

  // Empty: added. Otherwise why not.
  std::string add_fault(Fault fault, WallTime now);
  void clear_faults(std::string_view kind);  // empty: all
  bool market_silent(WallTime now) const;
  bool private_silent(WallTime now) const;
  bool streams_refused(WallTime now) const;
  // The event's frame, as it is or as a garble_streams fault leaves it (its `match`: the type).
  std::string stream_text(const UserEvent& event, WallTime now);
  WallTime exchange_time(WallTime now) const;

 private:
  struct Caller {
    Account* account = nullptr;
    const ApiKey* key = nullptr;
  };
  Caller caller(const std::string& api_key);
  Answer<std::string> run(const Request& request, const Params& params, const Caller& caller,
                          const Endpoint* endpoint, WallTime now);
  std::optional<Refusal> authenticate(const Request& request, const Params& params,
                                      const Caller& caller, Security security, WallTime now) const;
  Fault* next_fault(std::string_view kind, const std::string& name, const std::string& account,
                    WallTime now);
  bool standing(std::string_view kind, std::string_view style, WallTime now) const;
  std::optional<Reply> fail(const Request& request, const Params& params, const Caller& caller,
                            const std::string& name, const Endpoint* endpoint, WallTime now);
  Reply failure(const Fault& fault, WallTime now);
  Reply answer(const Request& request, const Params& params, const Caller& caller,
               const Endpoint* endpoint, WallTime now);
  const Account* shown(Account* account, WallTime now);
  const std::string& exchange_info(WallTime now);

  Exchange exchange_;
  RateLimits limits_;
  Actors actors_;
  std::vector<Fault> faults_;
  std::map<std::string, Account> lagging_;  // as they were when a read lag began
  std::vector<PricePath> paths_;
  std::deque<SeenRequest> seen_;
  std::string exchange_info_;
  std::uint64_t exchange_info_version_ = 0;
  std::uint64_t listen_keys_ = 0;
  std::mt19937_64 dice_;
};

}  // namespace vakthund::simulator
