// One stream connection as a machine without sockets: what happens goes in, what is to be done
// comes out, in order. The shell holds the socket and a timer for `next_wake`.
//
// It opens the connection, notices when it is dead although it looks alive, opens it again after a
// growing pause (250 ms to 30 s, jittered), replaces it before the exchange's 24 hours are over,
// and keeps subscriptions (market) or the listen key (private) in order.
//
// Up means data: the market stream is up with its first price, since a connection to a wrong path
// acknowledges everything and sends nothing; silence of 5 s is its death. Silence of the private
// stream is normal, so only pings prove its life, and its key is looked at once after connecting
// and every 5 minutes: a connection with a dead key looks alive too. `up` says that everything it
// carries must be read again, also after a planned replacement, which has no `down` before it.
//
// Limits: kMaxFollowed symbols; one control message per 200 ms (the exchange disconnects at ten per
// second). Threads: one. Source: binance.md §1 (traps), §6 (connection rules), §7.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/result.h"
#include "rules/model/time.h"
#include "watchdog/binance/frame.h"

namespace vakthund::binance {

class StreamMachine {
 public:
  enum class Kind { market, private_ };
  struct Action {
    enum class What {
      create_key,  // POST listenKey, answer with key_created
      extend_key,  // PUT listenKey, answer with key_extended
      open,        // drop any connection, connect to `text` (a path with query)
      close,       // drop the connection
      send,        // `text`
      up,          // tell that it works
      down,        // tell that it does not, and why: `text`
    };
    What what;
    std::string text;
    friend bool operator==(const Action&, const Action&) = default;
  };
  using Actions = std::vector<Action>;

  static constexpr std::size_t kMaxFollowed = 1000;

  // `base_path` is the stream address' path, before "/market" and "/private".
  StreamMachine(Kind kind, std::string base_path, std::uint64_t seed);

  Actions start(model::MonoTime now);
  Actions stop();
  Actions opened(model::MonoTime now);
  Actions closed(const Error& why, model::MonoTime now);  // also: could not be opened
  Actions frame(FrameKind kind, model::MonoTime now);
  Actions ping(model::MonoTime now);
  Actions key_created(const Result<std::string>& key, model::MonoTime now);
  Actions key_extended(const Result<std::string>& key, model::MonoTime now);
  // Symbols whose last price is wanted (market).
  Actions follow(const std::vector<std::string>& symbols, model::MonoTime now);
  // The connection is not trusted any more; it is opened anew.
  Actions distrust(std::string why, model::MonoTime now);
  Actions tick(model::MonoTime now);

  model::MonoTime next_wake() const;
  bool is_up() const { return up_; }
  // When the last sign of life came; zero: never.
  model::MonoTime last_life() const { return last_life_; }
  int reconnects() const { return reconnects_; }

 private:
  enum class State { stopped, waiting, getting_key, opening, open };

  void connect(Actions& actions, model::MonoTime now);
  void open(Actions& actions, model::MonoTime now);
  void lose(Actions& actions, std::string why, model::MonoTime now, bool at_once);
  void tell_up(Actions& actions);
  void subscribe(Actions& actions, model::MonoTime now);
  model::MonoTime deadline_of_life() const;
  model::Duration next_pause();

  Kind kind_;
  std::string base_path_;
  std::uint64_t random_;
  State state_ = State::stopped;
  bool up_ = false;
  bool extending_ = false;
  std::string told_;  // the last `down`
  std::string key_;
  int failures_ = 0;
  int reconnects_ = 0;
  int next_message_id_ = 1;
  model::MonoTime wait_until_{};  // with waiting
  model::MonoTime opened_{};
  model::MonoTime last_life_{};
  model::MonoTime extend_at_{};
  model::MonoTime send_at_{};
  std::set<std::string> wanted_, subscribed_;  // names of streams
};

}  // namespace vakthund::binance
