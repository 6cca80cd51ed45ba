// The configuration as values: product.md §3. The initialisers are the defaults, and the only
// place where they stand.
//
// Shares are fractions (2 % is 0.02); URLs are checked, without a trailing slash; paths are
// absolute or relative to the working directory. An empty string or list means "not configured".
// Threads: values; one loaded Config is never changed, a reload makes another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/finding.h"
#include "rules/model/time.h"
#include "rules/policy.h"
#include "watchdog/config/secret.h"

namespace vakthund::config {

using model::Decimal;
using model::Duration;

enum class Mode { observe, armed };
std::string_view to_string(Mode mode);
enum class Environment { live, demo, custom };
std::string_view to_string(Environment environment);
enum class Preset { none, quantum_trader, freqtrade, generic };
std::string_view to_string(Preset preset);
enum class Otherwise { act, hold };
std::string_view to_string(Otherwise otherwise);

struct Journal {
  std::string sqlite;  // path of the bot's database, opened read-only
  Secret postgres;     // connection string; it may hold a password
  std::string query;   // empty: the preset's
  bool configured() const { return !sqlite.empty() || postgres.is_set(); }
  friend bool operator==(const Journal&, const Journal&) = default;
};

struct Container {
  std::string name;  // empty: none
  std::string engine = "unix:///var/run/docker.sock";
  bool configured() const { return !name.empty(); }
  std::string engine_socket() const;  // the path behind unix://
  friend bool operator==(const Container&, const Container&) = default;
};

struct Systemd {
  std::string unit;  // "bot.service"; empty: none
  bool configured() const { return !unit.empty(); }
  friend bool operator==(const Systemd&, const Systemd&) = default;
};
struct StopHook {
  std::vector<std::string> exec;  // program and arguments; no shell; empty: none
  Duration deadline = std::chrono::seconds(10);
  bool configured() const { return !exec.empty(); }
  friend bool operator==(const StopHook&, const StopHook&) = default;
};
// The bot in paper mode, started once all is proven. On the engine of `container`, unless told.
struct SafeMode {
  std::string container;  // empty: none
  std::string engine;
  bool configured() const { return !container.empty(); }
  friend bool operator==(const SafeMode&, const SafeMode&) = default;
};

// Where a bot of one's own keeps its positions: a page and JSON pointers (RFC 6901) into it.
struct BotPositions {
  std::string url;   // with preset generic; "/x" is below the bot's url
  std::string list;  // to the array; empty: the page is the array
  // From here on relative to an item of the array.
  std::string symbol;
  std::string side;    // to LONG, SHORT, BUY or SELL; empty: the amount's sign tells
  std::string amount;  // signed; or `quantity`, unsigned, with `side`
  std::string quantity;
  std::string entry_price;  // empty: not told
  std::string stop_price;   // empty: not told
  bool configured() const { return !url.empty(); }
  friend bool operator==(const BotPositions&, const BotPositions&) = default;
};

struct BotHealthPage {
  std::string url;       // with preset generic; "/x" is below the bot's url
  std::string progress;  // pointer to when its work last moved on; empty: not told
  bool configured() const { return !url.empty(); }
  friend bool operator==(const BotHealthPage&, const BotHealthPage&) = default;
};

struct Bot {
  Preset preset = Preset::none;
  std::string url;
  std::string username;  // with preset freqtrade
  Secret password;
  Secret authorization;  // a whole Authorization header, sent with every request
  BotPositions positions;
  BotHealthPage health;
  Journal journal;
  std::vector<std::string> claims;      // PCRE2 with a group `symbol`; empty: the preset's
  std::vector<std::string> client_ids;  // what the bot's client order ids begin with; empty: all
  Container container;
  Systemd systemd;  // instead of a container
  StopHook stop_hook;
  SafeMode safe_mode;
  bool can_be_stopped() const {
    return container.configured() || systemd.configured() || stop_hook.configured();
  }
  friend bool operator==(const Bot&, const Bot&) = default;
};

struct Account {
  std::string name;  // [a-z0-9_-]{1,32}, unique
  std::string exchange = "binance-usdm";
  Environment environment = Environment::live;
  std::string rest_url;  // these three only with custom; else empty
  std::string stream_url;
  std::string ca_file;
  std::string bind_address = "0.0.0.0";  // 0.0.0.0: the system chooses
  Secret api_key;
  Secret api_secret;  // HMAC secret, or PEM private key: told by its content
  Duration poll_interval = std::chrono::seconds(5);
  Decimal weight_budget = Decimal::from_units(10'000'000);  // 10 % of the address's weight
  Bot bot;
  friend bool operator==(const Account&, const Account&) = default;
};

struct WebhookSink {
  std::string url;
  Secret secret;  // of the body's HMAC; not set: not signed
  model::Severity min_severity = model::Severity::warning;
  friend bool operator==(const WebhookSink&, const WebhookSink&) = default;
};
struct TelegramSink {
  Secret token;                        // not set: no Telegram
  std::vector<std::int64_t> chat_ids;  // groups are negative
  std::string api_url = "https://api.telegram.org";
  model::Severity min_severity = model::Severity::warning;
  bool configured() const { return token.is_set(); }
  friend bool operator==(const TelegramSink&, const TelegramSink&) = default;
};
struct SlackSink {
  Secret webhook_url;
  model::Severity min_severity = model::Severity::warning;
  friend bool operator==(const SlackSink&, const SlackSink&) = default;
};
struct AlertmanagerSink {
  std::string url;
  friend bool operator==(const AlertmanagerSink&, const AlertmanagerSink&) = default;
};
struct Heartbeat {
  std::string url;  // empty: none
  Duration interval = std::chrono::minutes(1);
  friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};
struct Alerts {
  Duration repeat_interval = std::chrono::hours(4);
  std::vector<WebhookSink> webhook;
  TelegramSink telegram;
  std::vector<SlackSink> slack;
  std::vector<AlertmanagerSink> alertmanager;
  Heartbeat heartbeat;
  friend bool operator==(const Alerts&, const Alerts&) = default;
};

struct Decisions {
  Duration deadline = std::chrono::seconds(60);
  Otherwise otherwise = Otherwise::act;
  friend bool operator==(const Decisions&, const Decisions&) = default;
};
struct Limits {
  Decimal close_notional_per_hour = Decimal::whole(50'000);
  int close_positions_per_hour = 10;
  friend bool operator==(const Limits&, const Limits&) = default;
};
struct Gate {
  Decimal anomalous_share = Decimal::from_units(80'000'000);  // 80 %
  friend bool operator==(const Gate&, const Gate&) = default;
};
struct Airbag {
  bool enabled = false;
  Decimal distance = Decimal::from_units(10'000'000);  // 10 %
  friend bool operator==(const Airbag&, const Airbag&) = default;
};

struct Server {
  std::string listen = "127.0.0.1:9911";  // HOST:PORT, [v6]:PORT; port 0: any free one
  Secret token;                           // not set: only the open pages answer
  friend bool operator==(const Server&, const Server&) = default;
};
struct Database {
  std::string path = "/var/lib/vakthund/vakthund.db";
  Duration retention = std::chrono::hours(24 * 90);
  friend bool operator==(const Database&, const Database&) = default;
};

struct Config {
  Mode mode = Mode::observe;
  std::vector<Account> accounts;
  rules::RuleSettings rules;
  Alerts alerts;
  Decisions decisions;
  Limits limits;
  Gate gate;
  Airbag airbag;
  Server server;
  Database database;

  const Account* account(std::string_view name) const;
};

}  // namespace vakthund::config
