#include "watchdog/config/template_text.h"

namespace vakthund::config {

std::string_view template_text() {
  return R"yaml(# Vakthund: an independent watch over a trading bot's positions on Binance USD-M futures.
#
# Check this file with      vakthund config check -c FILE
# See what is in force with vakthund config show -c FILE
#
# Durations are written 500ms, 2s, 5m, 4h, 90d; shares 2% or 0.02.
# ${NAME} takes a value from the environment, ${NAME:-default} with a default.

# observe: judge and tell, change nothing. armed: rules with `enforce: act` may close positions
# and stop the bot. Stay in observe until the findings have made sense for some days.
mode: observe

accounts:
  - name: main
    exchange: binance-usdm
    environment: live              # live, or demo: the exchange's own test system

    # A key of Vakthund's own, with futures trading and without withdrawal. To observe and to run
    # `check`, a key that may only read is enough; to close positions it must be allowed to trade.
    api_key_file: /run/secrets/binance_key
    # An HMAC secret, or a private key in PEM form (Ed25519 or RSA); its content tells which.
    api_secret_file: /run/secrets/binance_secret

    poll_interval: 5s              # the full picture by REST; streams carry what happens between
    weight_budget: 10%             # of this address's request weight; the bot needs the rest

    bot:
      preset: quantum-trader       # or freqtrade, or generic; none: judge the exchange alone
      url: http://quantum_backend:8000
      # With freqtrade, the user of its REST API:
      #   username: freqtrader
      #   password_file: /run/secrets/freqtrade_password
      # With generic, where positions and health stand, as JSON pointers:
      #   positions: { url: /positions, list: /data, symbol: /s, amount: /qty, entry_price: /px }
      #   health: { url: /health, progress: /last_cycle }
      # The bot's own record of its trades, opened read-only: what `entry_mismatch` compares with.
      # PostgreSQL instead: `postgres_file`, a file that holds "host=… dbname=… user=… password=…".
      # Tables of your own: `query`, returning symbol, side, quantity, entry_price and, if there,
      # stop_price, opened_at, is_open.
      # journal:
      #   sqlite: /data/trades.db
      # What the client ids of the bot's orders begin with. Left out, every order that is neither
      # Vakthund's nor the exchange's own nor made on its web page or app counts as the bot's.
      # client_ids: [ x-xcKtGhcu, x-cvBPrNm9 ]        # ccxt's, and so freqtrade's
      # The container that a kill pauses and stops. Needs access to the engine's socket.
      # container:
      #   name: quantum_backend
      #   engine: unix:///var/run/docker.sock         # or a proxy: tcp://socket_proxy:2375
      # Where the bot runs in no container, the unit of systemd:
      # systemd: { unit: my_bot.service }
      # A program that stops it, beside either or alone; no shell; exit 0 means done:
      # stop_hook: { exec: [ /usr/local/bin/stop-bot ], deadline: 10s }
      # What is started once all is flat and the bot verified stopped: the bot in paper mode.
      # safe_mode: { container: quantum_paper }

# Every rule has: enabled, severity (info, warning, critical), for (how long it must hold before
# it fires), action (alert, close_position, close_all, stop_bot, kill) and enforce (act: do it when
# the mode is armed; advise: only say what would be done). With action alert nothing is touched.
rules:
  # The price that a stop watches is beyond its trigger, and the position is still open.
  stop_crossed:
    for: 3s
    severity: critical
    action: alert
    enforce: act

  # A position has lost more than this share of its notional at entry
  # (or: of margin, of equity). At 20x, 2% of notional is 40% of margin.
  loss_limit:
    for: 3s
    severity: critical
    max_loss: 2%
    of: notional
    action: alert
    enforce: act

  # The bot's journal and the exchange differ in entry price, quantity or side.
  entry_mismatch:
    for: 10s
    severity: warning
    tolerance: 0.1%
    action: alert
    enforce: act

  # The working stops on the exchange cover less than the whole position.
  unprotected:
    for: 10s
    severity: critical
    action: alert
    enforce: act

  # All other rules are on as well, and tell only. What they go by, with the defaults; where a line
  # has none, the rule goes by what the bot's container was told, or is silent.
  # stop_not_filled:    { for: 5s }                 # a stop was triggered, the position stands
  # stop_unreachable:   { for: 10s }                # the stop lies beyond the liquidation price
  # false_claim:        { max_age: 1h }             # "already protected", says the bot's log
  # orphan_position:    { for: 1m }                 # open on the exchange, unknown to the bot
  # ghost_position:     { for: 1m }                 # open in the bot, not on the exchange
  # orphan_order:       { for: 15m }                # could open a position where there is none
  # position_size:      { max_notional: 5000, max_positions: 8, tolerance: 10% }
  # leverage:           { max_leverage: 20 }
  # symbol_not_allowed: { symbols: [BTCUSDT, ETHUSDT] }
  # reentry:            { window: 1h }              # opened again after a stop was filled
  # account_drawdown:   { max_drawdown: 20% }       # of equity, from its peak
  # daily_loss:         { max_loss: 10% }           # of the wallet balance at 00:00 UTC
  # margin_ratio:       { max_ratio: 50% }          # maintenance margin / margin balance
  # liquidation_near:   { distance: 2% }            # of the mark price
  # runaway_orders:     { max_orders_per_minute: 120, max_fills_per_minute: 240 }
  # forced_exit:        { window: 1h }              # liquidated or deleveraged by the exchange
  # bot_silent:         { for: 30s, max_silence: 5m }
  # blind:              { max_weight: 80%, max_clock_offset: 1s }
  # not_ready:          { severity: critical }      # a kill would fail now
  # drill_overdue:      { max_age: 30d, max_time_to_flat: 30s }   # armed only
  # custom:                        # a query over the live snapshot; each row is a finding
  #   - name: too_much_in_one_coin
  #     sql: SELECT symbol, position_side, notional FROM positions WHERE notional > 5000
  #     severity: warning          # the tables: vakthund query --tables

alerts:
  repeat_interval: 4h              # how often a firing incident is told again
  # webhook:
  #   - url: https://alerts.example.net/vakthund
  #     secret_file: /run/secrets/webhook_secret    # signs each body: X-Vakthund-Signature
  #     min_severity: warning
  # telegram:                      # a bot token of its own, not the trading bot's
  #   token_file: /run/secrets/telegram_token
  #   chat_ids: [123456789]        # only these chats are told

server:
  listen: 127.0.0.1:9911           # health, metrics and the API
  # Without a token only health and metrics answer. Make one with: openssl rand -hex 32
  # token_file: /run/secrets/vakthund_token

database:
  path: /var/lib/vakthund/vakthund.db
  retention: 90d
)yaml";
}

}  // namespace vakthund::config
