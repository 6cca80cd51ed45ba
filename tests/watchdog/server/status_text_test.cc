#include "watchdog/server/status_text.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/watchdog/server/a_night.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {
namespace {

using model::literals::operator""_d;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(StatusText, AnswersTheNightOnOneScreen) {
  EXPECT_EQ(write_status_text(a_night(), {false}),
            R"(CRITICAL  1 critical, 1 unknown  2025-11-20 01:23:00 UTC  mode observe

main  2 positions, P&L -15.00
  SYMBOL   SIDE   QUANTITY  ENTRY    MARK     P&L  OF NOTIONAL · MARGIN      STOP (AWAY)  COVERED
  BNBUSDT  SHORT      2.17  896.8  906.33  -20.68     -1.06 % · -21.3 %  914.74 (0.93 %)  full
  DOTUSDT  LONG     1234.5  2.675  2.6796   +5.68           +0.17 % · —                —  NONE

  CRITICAL    unprotected: DOTUSDT LONG 1234.5 has no stop: 2148725 is a take profit only
  UNKNOWN     entry_mismatch of BNBUSDT cannot be judged: the journal is stale
  KILL        would fail now: the key may not trade
  INCIDENT    I7 firing since 2025-11-20T01:22:50.000Z: unprotected DOTUSDT
  DATA        journal stale, 1m 5s old: database is locked
  DATA        container unknown, never seen
  DATA        judged on facts at most 12ms old; 1 of 3 feeds fresh
)");
}

TEST(StatusText, IsCalmWhereAllIsWell) {
  StatusView status{Overall::ok, model::from_epoch_ms(1763601780000), "armed", {}};
  AccountView account;
  account.name = "main";
  account.data_age = std::chrono::milliseconds(800);
  account.feeds = {{"positions", "fresh", std::chrono::milliseconds(800), ""}};
  account.kill.state = "armed";
  account.kill.ready = true;
  status.accounts = {account};
  EXPECT_EQ(write_status_text(status, {false}),
            "OK  nothing found  2025-11-20 01:23:00 UTC  mode armed\n"
            "\n"
            "main  no open position\n"
            "  KILL        ready: it would work now\n"
            "  DATA        judged on facts at most 800ms old; 1 of 1 feed fresh\n");
}

// Everything that a running daemon tells of an account in order.
AccountView a_calm_account() {
  AccountView account = a_night().accounts[0];
  account.positions.resize(1);
  account.findings.clear();
  account.undecided.clear();
  account.incidents.clear();
  account.feeds.resize(1);
  account.kill.ready = true;
  account.kill.not_ready_why.clear();
  account.readiness = {{"key", "ok", "may trade futures"}, {"clock", "ok", "+11 ms"}};
  account.exchange = ExchangeView{2400, 204, 120, 84, 240, 11, ""};
  account.bot =
      BotView{true, "", model::from_epoch_ms(1763601777000), "quantum_backend", "running"};
  account.day = {971.33_d, -12.5_d, -20.68_d, 1010_d, 0.0153_d};
  return account;
}

TEST(StatusText, GivesWhatIsWellOneLineEach) {
  StatusView status{Overall::ok, model::from_epoch_ms(1763601780000), "armed", {a_calm_account()}};
  EXPECT_EQ(write_status_text(status, {}),
            R"(OK  nothing found  2025-11-20 01:23:00 UTC  mode armed

main  1 position, P&L -20.68
  SYMBOL   SIDE   QUANTITY  ENTRY    MARK     P&L  OF NOTIONAL · MARGIN      STOP (AWAY)  COVERED
  BNBUSDT  SHORT      2.17  896.8  906.33  -20.68     -1.06 % · -21.3 %  914.74 (0.93 %)  full

  KILL        ready: it would work now
  DAY         equity 971.33, today -12.50 realised, -20.68 unrealised, peak 1010.00 (3.8 % below),
              margin ratio 1.5 %
  BOT         up, worked 3s ago; container quantum_backend running
  EXCHANGE    weight 204 of 2400 a minute, ours 120 of 240, others 84; clock +11ms
  DATA        judged on facts at most 12ms old; 1 of 1 feed fresh
)");
}

TEST(StatusText, GivesWhatIsNotWellItsReasonInEightyColumns) {
  AccountView account = a_calm_account();
  account.positions = a_night().accounts[0].positions;
  account.findings = {{"margin_ratio",
                       model::Severity::critical,
                       "",
                       {},
                       "The margin ratio is 51.00 %, the limit is 50.00 %.",
                       {}}};
  account.undecided = {{"reentry", "BNBUSDT", "trades: unknown"},
                       {"forced_exit", "DOTUSDT", "trades: unknown"}};
  account.incidents = a_night().accounts[0].incidents;
  account.incidents[0].waits = "trades: unknown";
  account.kill.ready = false;
  account.kill.not_ready_why = "container: the engine does not answer";
  account.readiness = {{"key", "warning", "it may withdraw"},
                       {"container", "failed", "the engine does not answer"},
                       {"order test", "unknown", "not asked yet"}};
  account.exchange->refused = "banned until 01:30";
  account.exchange->clock_offset_ms.reset();
  account.bot = BotView{false, "connection refused", std::nullopt, "quantum_backend", "exited"};
  account.day = {971.33_d, std::nullopt, std::nullopt, 971.33_d, std::nullopt};
  StatusView status{Overall::critical, model::from_epoch_ms(1763601780000), "observe", {account}};
  EXPECT_EQ(write_status_text(status, {false, 80}),
            R"(CRITICAL  1 critical, 1 unknown  2025-11-20 01:23:00 UTC  mode observe

main  2 positions, P&L -15.00
  SYMBOL  SIDE  QUANTITY ENTRY   MARK    P&L OF MARGIN     STOP (AWAY) COVERED
  BNBUSDT SHORT     2.17 896.8 906.33 -20.68   -21.3 % 914.74 (0.93 %) full
  DOTUSDT LONG    1234.5 2.675 2.6796  +5.68         —               — NONE

  CRITICAL    margin_ratio: The margin ratio is 51.00 %, the limit is 50.00 %.
  UNKNOWN     forced_exit, reentry of BNBUSDT, DOTUSDT cannot be judged: trades:
              unknown
  NO STOP     DOTUSDT order 2148725 TAKE_PROFIT_MARKET at 2.755 does not
              protect: a take profit only
  KILL        would fail now: container: the engine does not answer
              warning: key: it may withdraw
              unknown: order test: not asked yet
  INCIDENT    I7 firing since 2025-11-20T01:22:50.000Z: unprotected DOTUSDT; it
              waits for data: trades: unknown
  DAY         equity 971.33, peak 971.33
  BOT         DOWN: connection refused; container quantum_backend exited
  EXCHANGE    refuses us: banned until 01:30; weight 204 of 2400 a minute, ours
              120 of 240, others 84; clock unknown
  DATA        judged on facts at most 12ms old; 1 of 1 feed fresh
)");
}

TEST(StatusText, CountsIncidentsWhereTheyAreManyAndShowsThoseThatWait) {
  StatusView night = a_night();
  auto& incidents = night.accounts[0].incidents;
  incidents.resize(4, incidents[0]);
  EXPECT_THAT(write_status_text(night, {}), Not(HasSubstr("INCIDENTS")));
  incidents.resize(6, incidents[0]);
  incidents[1].since += 1min;
  incidents[2].state = "resolved";
  incidents[3].waits = "trades: unknown";
  const std::string text = write_status_text(night, {});
  EXPECT_THAT(text, HasSubstr(R"(
  INCIDENT    I7 firing since 2025-11-20T01:22:50.000Z: unprotected DOTUSDT; it waits for data:
              trades: unknown
  INCIDENTS   4 open, the oldest since 2025-11-20 01:22:50 UTC, the newest since 2025-11-20 01:23:50
              UTC: `vakthund incidents` lists them
)"));
}

TEST(StatusText, TellsABotThatCannotBeAskedFromOneThatDidNotAnswer) {
  StatusView status{Overall::ok, {}, "armed", {a_calm_account()}};
  AccountView& account = status.accounts[0];
  account.bot = BotView{std::nullopt, "", std::nullopt, "quantum_backend", "running"};
  EXPECT_THAT(write_status_text(status, {}),
              HasSubstr("  BOT         container quantum_backend running\n"));
  account.bot = BotView{std::nullopt, "HTTP 503", std::nullopt, "quantum_backend", ""};
  EXPECT_THAT(write_status_text(status, {}),
              HasSubstr("  BOT         not known to be up: HTTP 503; container quantum_backend "
                        "unknown\n"));
  account.kill.ready.reset();
  account.kill.not_ready_why = "not probed yet";
  account.readiness.clear();
  EXPECT_THAT(write_status_text(status, {}),
              HasSubstr("  KILL        not known whether it would work now: not probed yet\n"));
}

TEST(StatusText, SaysUnknownWhereItCouldNotLook) {
  StatusView status{Overall::unknown, model::from_epoch_ms(1763601780000), "observe", {}};
  AccountView account;
  account.name = "main";
  account.trouble = "the exchange refused the key (-2015)";
  status.accounts = {account};
  EXPECT_EQ(write_status_text(status, {false}),
            "UNKNOWN  1 unknown  2025-11-20 01:23:00 UTC  mode observe\n"
            "\n"
            "main  positions unknown\n"
            "  DATA        could not look: the exchange refused the key (-2015)\n");

  status.accounts[0].positions.resize(1);
  status.accounts[0].positions[0].symbol = "BNBUSDT";
  EXPECT_THAT(write_status_text(status, {false}), HasSubstr("P&L unknown"));
  EXPECT_THAT(write_status_text(status, {false}), Not(HasSubstr("0.00")));
}

TEST(StatusText, ShowsALatchedSwitchAndACrossedStop) {
  StatusView night = a_night();
  AccountView& account = night.accounts[0];
  account.latched = true;
  account.kill.state = "latched";
  account.kill.id = "K1";
  account.kill.reason = "stop_crossed";
  account.kill.by = "rule";
  account.kill.started = night.time;
  account.kill.phase = "close";
  account.kill.left = {"DOTUSDT LONG 1234.5 is open"};
  account.positions[0].protection.stops[0].crossed = true;
  const std::string text = write_status_text(night, {false});
  EXPECT_THAT(
      text,
      HasSubstr(
          "KILL        latched K1 since 2025-11-20T01:23:00.000Z by rule: stop_crossed (close)\n"
          "  LEFT        DOTUSDT LONG 1234.5 is open\n"));
  EXPECT_THAT(text, HasSubstr("914.74 (CROSSED)"));
}

TEST(StatusText, HasNoEscapeSequenceUnlessColourIsAskedFor) {
  StatusView night = a_night();
  night.accounts[0].trouble =
      "evil \x1b[2J and \xC2\x9B"
      "31m\nCRITICAL";
  night.accounts[0].positions[0].symbol = "X\x1b]0;title\x07";
  const std::string plain = write_status_text(night, {false});
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  EXPECT_THAT(plain, Not(HasSubstr("\xC2\x9B")));
  EXPECT_THAT(plain, Not(HasSubstr("\x07")));
  EXPECT_THAT(write_status_text(night, {true}), HasSubstr("\x1b[1;31mCRITICAL\x1b[0m"));
}

TEST(StatusText, FitsEveryTerminalWithTheLongestNumbers) {
  StatusView night = a_night();
  PositionView wide = night.accounts[0].positions[0];
  wide.symbol = "1000000MOGUSDT";
  wide.quantity = 92233720368.54_d;
  wide.entry_price = 0.00001234_d;
  wide.mark_price = 0.00004321_d;
  wide.unrealized_pnl = -1234567.89_d;
  wide.loss_ratio = 2.5016_d;
  wide.leverage = 125;
  wide.protection.status = Coverage::partial;
  wide.protection.covered_quantity = 3_d;
  night.accounts[0].positions.push_back(wide);
  night.accounts[0].findings[0].message += std::string(50, 'x') + " and so on and on" +
                                           std::string(60, 'y') + " until the end of the line";
  night.accounts[0].latched = true;
  night.accounts[0].findings.push_back({"x", model::Severity::warning, "", {}, "", {}});
  for (const std::size_t columns : {std::size_t{80}, kColumns, kMostColumns}) {
    std::istringstream lines(write_status_text(night, {false, columns}));
    for (std::string line; std::getline(lines, line);) {
      if (line.find("yyy") == std::string::npos) EXPECT_LE(width(line), columns) << line;
    }
  }
}

}  // namespace
}  // namespace vakthund::server
