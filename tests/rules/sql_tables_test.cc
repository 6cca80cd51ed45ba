#include "rules/sql_tables.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/custom_sql.h"
#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "column=value" lines of every row.
std::string shown(const model::Snapshot& snapshot, const std::string& sql) {
  const model::Snapshot* const one = &snapshot;
  const auto answer = query_snapshots(std::span(&one, 1), sql);
  if (answer.has_error()) return "error: " + answer.error().message;
  std::string text;
  for (const auto& row : answer->rows.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += fmt::format("{}{}={}", i == 0 ? "" : " ", answer->rows.columns[i], to_text(row[i]));
    }
    text += "\n";
  }
  return text;
}

World short_bnb() {
  World world;
  world.position(-2.17_d, 896.8_d).stop(Side::buy, 914.74_d).mark(906.33_d, 2s).leverage(20);
  return world;
}

TEST(SqlTables, ShowAPositionInNumbers) {
  World world = short_bnb();
  world.edit_book().positions[0].liquidation_price = 938.1_d;
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM positions"),
            "account=main symbol=BNBUSDT position_side=BOTH side=SHORT quantity=2.17 "
            "entry_price=896.8 mark_price=906.33 liquidation_price=938.1 notional=1966.7361 "
            "entry_notional=1946.056 unrealized_pnl=-20.6801 loss_ratio=0.01062667 leverage=20 "
            "isolated=0 initial_margin=unknown maintenance_margin=unknown protection=full "
            "covered_quantity=2.17 stop_distance_ratio=0.00927918 "
            "updated_time=2025-11-20T00:23:00.000Z updated_age_ms=3600000 age_ms=0\n");
}

TEST(SqlTables, ShowBothSidesInHedgeMode) {
  World world;
  world.position(1.5_d, 100_d, PositionSide::long_)
      .position(-0.5_d, 120_d, PositionSide::short_)
      .mark(110_d);
  EXPECT_EQ(
      shown(world.snapshot(),
            "SELECT position_side, side, quantity, unrealized_pnl, protection FROM positions"),
      "position_side=LONG side=LONG quantity=1.5 unrealized_pnl=15 protection=none\n"
      "position_side=SHORT side=SHORT quantity=0.5 unrealized_pnl=5 protection=none\n");
}

TEST(SqlTables, ShowWhatIsUnknownAsNull) {
  World world;
  world.position(1_d, std::nullopt).no_mark();
  EXPECT_EQ(shown(world.snapshot(),
                  "SELECT count(*) n, count(entry_price) e, count(mark_price) m, count(notional) o,"
                  " count(loss_ratio) l, count(leverage) v, count(liquidation_price) q "
                  "FROM positions"),
            "n=1 e=0 m=0 o=0 l=0 v=0 q=0\n");
  // A price that is too old is none; `marks` has it with its age.
  world.mark(5_d, 16s);
  EXPECT_EQ(shown(world.snapshot(),
                  "SELECT p.mark_price, m.mark_price old, m.mark_age_ms "
                  "FROM positions p JOIN marks m USING (symbol)"),
            "mark_price=unknown old=5 mark_age_ms=16000\n");
  EXPECT_EQ(shown(world.snapshot(),
                  "SELECT wallet_balance, day_realized, kill_ready, "
                  "position_mode, clock_offset_ms FROM account"),
            "wallet_balance=unknown day_realized=unknown kill_ready=unknown position_mode=unknown "
            "clock_offset_ms=unknown\n");
}

TEST(SqlTables, ShowOrdersAndWhyAStopDoesNotCount) {
  World world = short_bnb();
  model::Order wrong = a_stop("BNBUSDT", Side::sell, 880_d, 7);
  wrong.quantity = 1.5_d;
  wrong.close_position = false;
  wrong.reduce_only = true;
  wrong.status = model::Open<OrderStatus>::parse("SOMETHING_NEW");
  wrong.created = kNow.wall - 2s;
  world.order(wrong);
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM orders WHERE id = '7'"),
            "account=main symbol=BNBUSDT id=7 source=algo client_id=bot-7 side=SELL "
            "position_side=BOTH type=STOP_MARKET status=SOMETHING_NEW quantity=1.5 "
            "executed_quantity=unknown price=unknown trigger_price=880 working_type=MARK_PRICE "
            "reduce_only=1 close_position=0 price_protect=0 "
            "created_time=2025-11-20T01:22:58.000Z created_age_ms=2000 "
            "updated_time=2025-11-20T00:53:00.000Z updated_age_ms=1800000 age_ms=0\n");
  const std::string stops = shown(world.snapshot(), "SELECT * FROM stops ORDER BY id");
  EXPECT_THAT(stops, HasSubstr("id=2148719 source=algo type=STOP_MARKET trigger_price=914.74 "
                               "working_type=MARK_PRICE effective=1 why=unknown crossed=0 "
                               "covered_quantity=2.17 distance_ratio=0.00927918\n"));
  EXPECT_THAT(stops, HasSubstr("id=7 source=algo type=STOP_MARKET trigger_price=880 "
                               "working_type=MARK_PRICE effective=0 why="));
}

TEST(SqlTables, ShowTheBotsSide) {
  World world = short_bnb();
  model::JournalEntry old{"BNBUSDT", Side::buy, 1_d, 850_d, std::nullopt, kNow.wall - 2h, false};
  model::JournalEntry entry{"BNBUSDT", Side::sell, 2.17_d, 896.8_d, 914.74_d, kNow.wall - 1h, true};
  world.journal(entry).bot_stop(914.74_d).claim("already protected\n");
  world.edit_book().journal_entries = {entry, old};
  model::Container& container = world.edit().container;
  container.name = "quantum";
  container.id = "abc";
  container.status = model::ContainerStatus::running;
  container.restart_policy = "always";
  container.intent.allowed_symbols = {"BNBUSDT", "BTCUSDT"};
  container.intent.leverage = 20_d;
  container.intent.paper_trading = false;
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM journal"),
            "account=main symbol=BNBUSDT side=SHORT quantity=2.17 entry_price=896.8 "
            "stop_price=914.74 open=1 newest=1 time=2025-11-20T00:23:00.000Z age_ms=3600000\n"
            "account=main symbol=BNBUSDT side=LONG quantity=1 entry_price=850 stop_price=unknown "
            "open=0 newest=0 time=2025-11-19T23:23:00.000Z age_ms=7200000\n");
  world.edit_book().journal_entries.clear();
  EXPECT_EQ(shown(world.snapshot(), "SELECT newest, quantity FROM journal"),
            "newest=1 quantity=2.17\n");
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM bot_positions"),
            "account=main symbol=BNBUSDT side=LONG quantity=1 entry_price=unknown "
            "stop_price=914.74 age_ms=0\n");
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM claims"),
            "account=main symbol=BNBUSDT line=already protected  time=2025-11-20T01:23:00.000Z "
            "age_ms=0\n");
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM containers"),
            "account=main name=quantum id=abc status=running restart_policy=always "
            "stop_distance_ratio=unknown leverage=20 max_notional=unknown max_positions=unknown "
            "allowed_symbols=BNBUSDT,BTCUSDT paper_trading=0 age_ms=0\n");
  EXPECT_EQ(shown(World().snapshot(), "SELECT * FROM containers"), "");
  EXPECT_EQ(
      shown(world.snapshot(), "SELECT p.symbol FROM positions p JOIN claims c USING (symbol)"),
      "symbol=BNBUSDT\n");
}

TEST(SqlTables, ShowFillsAndTheAccount) {
  World world = short_bnb();
  model::Fill fill;
  fill.trade_id = 9'007'199'254'740'993;  // no double holds it
  fill.order_id = 5;
  fill.symbol = "BNBUSDT";
  fill.side = Side::sell;
  fill.position_side = PositionSide::both;
  fill.quantity = 2.17_d;
  fill.price = 896.8_d;
  fill.time = kNow.wall - 1min;
  fill.origin = model::Origin::bot;
  world.edit_book().fills = {fill};
  EXPECT_EQ(shown(world.snapshot(), "SELECT * FROM fills"),
            "account=main symbol=BNBUSDT trade_id=9007199254740993 order_id=5 client_id=unknown "
            "origin=the bot side=SELL position_side=BOTH quantity=2.17 price=896.8 fee=unknown "
            "fee_asset=unknown realized_pnl=unknown time=2025-11-20T01:22:00.000Z "
            "age_ms=60000\n");
  model::Snapshot& s = world.edit();
  s.totals = {1000_d, -20_d, 980_d, 49_d, 500_d};
  s.baseline.peak_equity = 1100_d;
  s.day.realized = -5_d;
  s.day.start_wallet = 1005_d;
  s.config = {model::PositionMode::hedge, true, false, std::nullopt};
  s.activity = {7, 3, "BNBUSDT", 10, true};
  s.exchange.weight_limit = 2400;
  s.exchange.weight_used = 100;
  s.exchange.weight_ours = 40;
  s.exchange.clock_offset = -12ms;
  s.bot_health = {true, "", kNow.wall - 90s};
  s.latched = true;
  EXPECT_EQ(shown(s, "SELECT * FROM account"),
            "account=main time=2025-11-20T01:23:00.000Z wallet_balance=1000 unrealized_pnl=-20 "
            "margin_balance=980 maintenance_margin=49 margin_ratio=0.05 available_balance=500 "
            "peak_equity=1100 day_realized=-5 day_start_wallet=1005 positions=1 "
            "position_mode=hedge can_trade=1 can_withdraw=0 multi_assets=unknown "
            "orders_per_minute=7 fills_per_minute=3 weight_used=100 weight_ours=40 "
            "weight_limit=2400 clock_offset_ms=-12 bot_up=1 bot_progress_age_ms=90000 "
            "kill_ready=unknown latched=1\n");
  // What is in doubt is not known.
  s.baseline.doubt = s.day.doubt = "a transfer was missed";
  EXPECT_EQ(shown(s, "SELECT peak_equity, day_realized, day_start_wallet FROM account"),
            "peak_equity=unknown day_realized=unknown day_start_wallet=unknown\n");
}

TEST(SqlTables, TellHowGoodEachFeedIsEvenWhenItIsNot) {
  World world = short_bnb();
  world.stale(Feed::positions, "HTTP 503").unknown(Feed::journal).unused(Feed::journal);
  const model::Snapshot* const one = &world.snapshot();
  const std::string sql = "SELECT * FROM feeds WHERE freshness <> 'fresh'";
  EXPECT_EQ(shown(world.snapshot(), sql),
            "account=main feed=positions used=1 freshness=stale age_ms=18000 max_age_ms=15000 "
            "trouble=HTTP 503\n"
            "account=main feed=journal used=0 freshness=unknown age_ms=unknown max_age_ms=15000 "
            "trouble=unknown\n");
  EXPECT_THAT(query_snapshots(std::span(&one, 1), sql)->not_fresh, IsEmpty());
  EXPECT_THAT(query_snapshots(std::span(&one, 1), "SELECT * FROM positions")->not_fresh,
              ElementsAre("main: positions: stale, last good answer 18s ago (HTTP 503)"));
  EXPECT_THAT(query_snapshots(std::span(&one, 1), "SELECT * FROM journal")->not_fresh,
              ElementsAre("main: journal: not part of this configuration"));
}

TEST(SqlTables, HoldSeveralAccountsAtOnce) {
  World one = short_bnb(), other("DOTUSDT");
  other.position(5_d, 2_d).mark(2_d).stale(Feed::positions);
  other.edit().account = "other";
  const std::array<const model::Snapshot*, 2> both{&one.snapshot(), &other.snapshot()};
  const auto answer = query_snapshots(both, "SELECT account, symbol FROM positions");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->rows.rows,
            (std::vector<std::vector<SqlValue>>{{"main", "BNBUSDT"}, {"other", "DOTUSDT"}}));
  EXPECT_THAT(answer->not_fresh, ElementsAre(HasSubstr("other: positions: stale")));
}

TEST(SqlTables, HaveTheColumnsThatTheyDescribeAndEachIsDescribed) {
  EXPECT_EQ(sql_tables().size(), 11u);
  const World world = short_bnb();
  for (const SqlTable& table : sql_tables()) {
    EXPECT_FALSE(table.says.empty()) << table.name;
    std::string expected;
    for (const SqlColumn& column : table.columns) {
      EXPECT_FALSE(column.says.empty()) << table.name << "." << column.name;
      EXPECT_EQ(table.column(column.name), &column) << "twice";
      if (column.name.ends_with("_ms")) EXPECT_EQ(column.unit, "ms") << column.name;
      if (column.name.ends_with("_ratio")) EXPECT_EQ(column.unit, "ratio") << column.name;
    }
    const model::Snapshot* const one = &world.snapshot();
    const auto all =
        query_snapshots(std::span(&one, 1), fmt::format("SELECT * FROM {}", table.name));
    ASSERT_TRUE(all) << table.name << all.error().message;
    ASSERT_EQ(all->rows.columns.size(), table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      EXPECT_EQ(all->rows.columns[i], table.columns[i].name);
    }
    EXPECT_THAT(sql_tables_text(), HasSubstr(fmt::format("{}: {}\n", table.name, table.says)));
  }
}

// docs/sql.md holds what sql_tables_markdown() gives, word for word.
TEST(SqlTables, AreDocumentedAsTheyAre) {
  const auto root = std::filesystem::path(VAKTHUND_SOURCE_DIR);
  std::ifstream file(root / "docs" / "sql.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string document = text.str();
  const std::string begin = "<!-- tables: begin -->\n", end = "<!-- tables: end -->";
  const auto from = document.find(begin);
  ASSERT_NE(from, std::string::npos);
  EXPECT_EQ(document.substr(from + begin.size(), document.find(end) - from - begin.size()),
            sql_tables_markdown());
}

}  // namespace
}  // namespace vakthund::rules
