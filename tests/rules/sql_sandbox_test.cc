// What a query may do, and everything that it may not.
#include "rules/sql_sandbox.h"

#include <gmock/gmock.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class Sandbox : public testing::Test {
 protected:
  Sandbox() {
    world_.position(-2.17_d, 896.8_d).stop(Side::buy, 914.74_d).mark(906.33_d).leverage(20);
    const model::Snapshot* const one = &world_.snapshot();
    std::set<const SqlTable*> all;
    for (const SqlTable& table : sql_tables()) all.insert(&table);
    EXPECT_THAT(sandbox_.fill(std::span(&one, 1), all), testing::IsEmpty());
  }

  // Rows as "a|b;c|d", or "error: …".
  std::string ask(std::string_view sql, std::size_t max_rows = 100) {
    auto query = sandbox_.prepare(sql);
    if (query.has_error()) return "error: " + query.error().message;
    SqlBudget budget{SqlSandbox::kMaxSteps};
    const auto rows = sandbox_.run(*query, max_rows, budget);
    if (rows.has_error()) return "failed: " + rows.error().message;
    std::string text;
    for (const auto& row : rows->rows) {
      text += text.empty() ? "" : ";";
      for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + to_text(row[i]);
    }
    return rows->more ? text + ";…" : text;
  }
  std::int64_t cost(std::string_view sql) {
    auto query = sandbox_.prepare(sql);
    SqlBudget budget{SqlSandbox::kMaxSteps};
    EXPECT_TRUE(sandbox_.run(*query, 100, budget)) << sql;
    return SqlSandbox::kMaxSteps - budget.steps;
  }

  World world_;
  SqlSandbox sandbox_;
};

TEST_F(Sandbox, AnswersSelects) {
  EXPECT_EQ(ask("SELECT symbol, side, quantity, notional, leverage FROM positions"),
            "BNBUSDT|SHORT|2.17|1966.7361|20");
  EXPECT_EQ(ask("select p.symbol, s.trigger_price from positions p join stops s using (symbol, "
                "position_side) where s.effective -- a comment"),
            "BNBUSDT|914.74");
  EXPECT_EQ(ask("WITH big AS (SELECT * FROM positions WHERE notional > 100) "
                "SELECT count(*), round(sum(notional), 2), max(symbol) FROM big;"),
            "1|1966.74|BNBUSDT");
  EXPECT_EQ(ask("SELECT symbol, rank() OVER (ORDER BY notional) FROM positions UNION ALL "
                "SELECT 'x', NULL ORDER BY 1"),
            "BNBUSDT|1;x|unknown");
  EXPECT_EQ(ask("SELECT iif(side = 'SHORT', 'down', 'up'), coalesce(NULL, 5) FROM positions "
                "WHERE symbol LIKE 'bnb%' AND symbol GLOB 'BNB*' AND instr(symbol, 'USDT') = 4"),
            "down|5");
}

TEST_F(Sandbox, KnowsTheTablesAndWhatEachColumnRestsOn) {
  const auto read = [&](std::string_view sql) {
    std::map<std::string, FeedSet> by_name;
    const auto query = sandbox_.prepare(sql);
    EXPECT_TRUE(query) << query.error().message;
    for (const auto& [table, feeds] : query->reads()) by_name[std::string(table->name)] = feeds;
    return by_name;
  };
  const FeedSet positions{Feed::positions}, marks{Feed::mark_prices};
  const FeedSet orders{Feed::regular_orders, Feed::algo_orders};
  using Reads = std::map<std::string, FeedSet>;
  EXPECT_EQ(read("SELECT quantity FROM positions"), (Reads{{"positions", positions}}));
  EXPECT_EQ(read("SELECT 1 FROM positions"), (Reads{{"positions", positions}}));
  EXPECT_EQ(read("SELECT count(*) FROM positions"), (Reads{{"positions", positions}}));
  EXPECT_EQ(read("SELECT 1 FROM positions WHERE notional > 1"),
            (Reads{{"positions", positions | marks}}));
  EXPECT_EQ(read("SELECT symbol FROM positions ORDER BY protection"),
            (Reads{{"positions", positions | marks | orders}}));
  EXPECT_EQ(read("SELECT (SELECT count(*) FROM journal) FROM (SELECT 1)"),
            (Reads{{"journal", FeedSet{Feed::journal}}}));
  EXPECT_EQ(read("WITH j AS (SELECT symbol s FROM journal) SELECT * FROM positions p WHERE "
                 "EXISTS (SELECT 1 FROM j WHERE j.s = p.symbol)")
                .count("journal"),
            1u);
  // What JOIN … USING compares is read as well, though nothing else of the table is.
  const FeedSet log{Feed::container_log};
  EXPECT_EQ(read("SELECT p.symbol FROM positions p JOIN claims c USING (symbol)"),
            (Reads{{"positions", positions}, {"claims", log}}));
  EXPECT_EQ(read("SELECT p.symbol FROM positions p NATURAL JOIN bot_positions"),
            (Reads{{"positions", positions}, {"bot_positions", FeedSet{Feed::bot_positions}}}));
  EXPECT_EQ(read("SELECT f.used FROM feeds f JOIN positions USING (account) JOIN marks USING "
                 "(mark_price)"),
            (Reads{{"feeds", FeedSet{}}, {"positions", positions | marks}, {"marks", marks}}));
  EXPECT_EQ(read("SELECT feed FROM feeds"), (Reads{{"feeds", FeedSet{}}}));
  EXPECT_EQ(read("SELECT 1"), Reads{});
}

TEST_F(Sandbox, RefusesEverythingButOneSelect) {
  for (const char* sql : {"DELETE FROM positions",
                          "INSERT INTO positions(symbol) VALUES ('X')",
                          "UPDATE positions SET quantity = 0",
                          "DROP TABLE positions",
                          "CREATE TABLE x (a)",
                          "CREATE TEMP TABLE x AS SELECT * FROM positions",
                          "CREATE VIEW v AS SELECT 1",
                          "CREATE TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END",
                          "CREATE VIRTUAL TABLE v USING fts5(a)",
                          "ALTER TABLE positions ADD COLUMN x",
                          "ATTACH ':memory:' AS other",
                          "ATTACH '/etc/passwd' AS other",
                          "DETACH main",
                          "PRAGMA table_info(positions)",
                          "PRAGMA temp_store_directory = '/tmp'",
                          "PRAGMA writable_schema = 1",
                          "VACUUM",
                          "VACUUM INTO '/tmp/x'",
                          "REINDEX",
                          "ANALYZE",
                          "BEGIN",
                          "COMMIT",
                          "SAVEPOINT s",
                          "EXPLAIN SELECT 1",
                          "EXPLAIN QUERY PLAN SELECT 1",
                          "REPLACE INTO orders(id) VALUES (1)",
                          "DELETE FROM positions RETURNING symbol",
                          "WITH x AS (SELECT 1) DELETE FROM positions"}) {
    EXPECT_THAT(ask(sql), testing::AnyOf(StartsWith("error: only SELECT is possible"),
                                         StartsWith("error: EXPLAIN is not available")))
        << sql;
  }
  EXPECT_EQ(ask("SELECT 1; SELECT 2"), "error: only one statement is possible");
  EXPECT_EQ(ask("SELECT 1; DROP TABLE positions"), "error: only one statement is possible");
  EXPECT_EQ(ask("SELECT 1; ; -- over"), "1");
  EXPECT_EQ(ask(""), "error: there is no statement");
  EXPECT_EQ(ask(" -- nothing\n"), "error: there is no statement");
  EXPECT_EQ(ask("SELECT ?1"), "error: parameters have no value here");
  EXPECT_EQ(ask(std::string("SELECT 1\0 FROM x", 16)), "error: holds a NUL character");
  EXPECT_EQ(ask("SELECT count(*) FROM positions"), "1");
}

TEST_F(Sandbox, ReadsNoTableThatIsNotOurs) {
  for (const char* table :
       {"sqlite_master", "SQLITE_MASTER", "Pragma_function_list", "sqlite_schema",
        "sqlite_temp_master", "pragma_database_list", "pragma_table_info('positions')",
        "pragma_compile_options", "json_each('[1]')", "json_tree('{}')", "dbstat", "sqlite_stmt",
        "fts3tokenize", "sqlite_dbpage", "main.sqlite_master", "(SELECT * FROM sqlite_master)"}) {
    EXPECT_THAT(ask(std::string("SELECT * FROM ") + table), StartsWith("error: ")) << table;
    EXPECT_THAT(ask(std::string("SELECT 1 FROM ") + table), StartsWith("error: ")) << table;
  }
  EXPECT_THAT(ask("SELECT 1 FROM (SELECT 'positions' AS name) JOIN sqlite_master USING (name)"),
              StartsWith("error: "));
  EXPECT_EQ(ask("SELECT name FROM sqlite_master"), "error: there is no table sqlite_master here");
}

TEST_F(Sandbox, HasNoFunctionThatReadsAClockOrReachesOutside) {
  for (const char* call : {"random()",
                           "randomblob(8)",
                           "date('now')",
                           "datetime('now')",
                           "time()",
                           "julianday()",
                           "strftime('%s','now')",
                           "unixepoch()",
                           "CURRENT_TIMESTAMP",
                           "CURRENT_DATE",
                           "load_extension('x')",
                           "sqlite_version()",
                           "sqlite_compileoption_get(0)",
                           "changes()",
                           "total_changes()",
                           "last_insert_rowid()",
                           "readfile('/etc/passwd')",
                           "writefile('/tmp/x', 'y')",
                           "zeroblob(1000000000)",
                           "hex('a')",
                           "quote('a')",
                           "replace('a','b','c')",
                           "trim('a')",
                           "json('{}')",
                           "fts5(1)",
                           "sqlite_log(1,'x')",
                           "char(65)",
                           "unicode('a')",
                           "soundex('a')",
                           "likelihood(1, 0.5)",
                           "RANDOM()"}) {
    EXPECT_THAT(ask(std::string("SELECT ") + call), StartsWith("error: ")) << call;
  }
  EXPECT_EQ(ask("SELECT RandomBlob(1000000000)"),
            "error: the function randomblob is not available (line 1, column 8 of the query, at "
            "'RandomBlob(1000000000)')");
}

TEST_F(Sandbox, SaysWhereAQueryIsWrong) {
  EXPECT_EQ(ask("SELECT symbol,\n  notionl FROM positions"),
            "error: no such column: notionl (line 2, column 3 of the query, at 'notionl FROM "
            "positions')");
  EXPECT_EQ(ask("SELECT symbol FROM position"), "error: no such table: position");
  EXPECT_EQ(ask("SELECT \"notionl\" FROM positions"),
            "error: no such column: notionl (line 1, column 8 of the query, at '\"notionl\" FROM "
            "positions')");
  EXPECT_EQ(ask("SELEC 1"),
            "error: near \"SELEC\": syntax error (line 1, column 1 of the query, at 'SELEC 1')");
  EXPECT_EQ(ask("SELECT (1"), "error: incomplete input");
  EXPECT_THAT(ask("SELECT 'å' x, nope(1)"), HasSubstr("no such function: nope"));
}

// A long text, as a query writes it.
std::string filler(std::size_t size) { return "'" + std::string(size, 'b') + "'"; }

TEST_F(Sandbox, EndsWhatIsTooMuchWork) {
  const std::string ended = "failed: too much work: it was ended after 200000 steps";
  EXPECT_EQ(ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT max(i) FROM n"),
            ended);
  EXPECT_EQ(ask("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT 1000) "
                "SELECT count(*) FROM n a, n b, n c"),
            ended);
  EXPECT_EQ(ask("WITH RECURSIVE n(i, t) AS (SELECT 1, " + filler(3000) +
                " UNION "
                "SELECT i + 1, t FROM n) SELECT count(*) FROM n ORDER BY t"),
            ended);
  // One step of these would do the work of millions.
  const std::string loop = "WITH RECURSIVE t(i, s) AS (VALUES(1, " + filler(3900) +
                           ") UNION ALL "
                           "SELECT i + 1, s FROM t LIMIT 30000) SELECT count(*) FROM t WHERE ";
  const std::string pattern = "'%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%ab'";
  EXPECT_EQ(ask(loop + "s LIKE " + pattern), ended);
  EXPECT_EQ(ask(loop + "s LIKE " + pattern + " ESCAPE 'x'"), ended);
  EXPECT_EQ(ask(loop + "s GLOB '*" + std::string(60, '?') + "c'"), ended);
  EXPECT_EQ(ask(loop + "instr(s, " + filler(1900) + ") > 0"), ended);
  // The same query afterwards costs what it did before, and everything else goes on.
  EXPECT_EQ(ask("SELECT count(*) FROM positions"), "1");
}

TEST_F(Sandbox, CountsTheSameForTheSameQuery) {
  const std::string sql =
      "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT "
      "2000) SELECT sum(i) FROM n WHERE i LIKE '%7%'";
  const std::int64_t first = cost(sql);
  EXPECT_GT(first, 2'000);
  EXPECT_LT(first, SqlSandbox::kMaxSteps);
  EXPECT_EQ(cost(sql), first);
  EXPECT_GE(cost("SELECT 1"), 1);
  EXPECT_LT(cost("SELECT 1"), 100);
  // What compares long texts costs more than its one step.
  const std::string text = "SELECT " + filler(3900) + "",
                    pattern = "'" + std::string(60, '_') + "'";
  EXPECT_GE(cost(text + " LIKE " + pattern), 3'900 * 60 / 16);
  EXPECT_GE(cost(text + " LIKE " + pattern + " ESCAPE '!'"), 3'900 * 60 / 16);
  EXPECT_GE(cost(text + " GLOB " + pattern), 3'900 * 60 / 16);
  EXPECT_GE(cost("SELECT instr(" + filler(3900) + ", " + pattern + ")"), 3'900 * 60 / 16);
}

TEST_F(Sandbox, BoundsTextsRowsAndTheQueryItself) {
  // One call could make the machine busy for seconds, and no step would be counted.
  EXPECT_THAT(ask("SELECT printf('%.*c', 900000000, 'x')"),
              HasSubstr("the function printf is not available"));
  EXPECT_THAT(ask("SELECT format('%9d', 1)"), HasSubstr("the function format is not available"));
  EXPECT_THAT(ask("SELECT length(" + filler(3000) + " || " + filler(3000) + ")"),
              HasSubstr("too big"));
  EXPECT_THAT(ask("SELECT '" + std::string(5'000, 'x') + "'"), StartsWith("error: "));
  EXPECT_THAT(ask("SELECT 1 -- " + std::string(20'000, 'x')),
              StartsWith("error: longer than 16384 bytes"));
  EXPECT_THAT(ask("SELECT " + std::string(300, '(') + "1" + std::string(300, ')')),
              StartsWith("error: "));
  std::string columns = "1";
  for (int i = 0; i < 70; ++i) columns += ", 1";
  EXPECT_THAT(ask("SELECT " + columns), HasSubstr("too many columns"));
  std::string unions = "SELECT 1";
  for (int i = 0; i < 20; ++i) unions += " UNION ALL SELECT 1";
  EXPECT_THAT(ask(unions), HasSubstr("too many terms"));
  EXPECT_THAT(ask("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT 999) "
                  "SELECT " +
                      filler(3000) + " FROM n",
                  1'000),
              "failed: the answer is larger than 1048576 bytes");
  EXPECT_EQ(ask("VALUES (1), (2), (3)", 2), "1;2;…");
  EXPECT_EQ(ask("VALUES (1), (2)", 2), "1;2");
}

TEST_F(Sandbox, GivesOneLineOfValidUtf8WhateverTheQueryMakes) {
  EXPECT_EQ(ask("SELECT CAST(x'41ff42c3' AS TEXT), 'a\nb\x1b[31m', x'f09f9880'"),
            "A?B?|a b [31m|\xF0\x9F\x98\x80");
  EXPECT_EQ(clean_text("\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80", 50), "?????????");
  EXPECT_EQ(clean_text("aåå", 4), "aå");
}

TEST_F(Sandbox, SaysWhichTableIsTooLong) {
  for (std::size_t i = 0; i <= SqlSandbox::kMaxTableRows; ++i) {
    model::Fill& fill = world_.edit_book().fills.emplace_back();
    fill.trade_id = static_cast<std::int64_t>(i);
    fill.symbol = "BNBUSDT";
  }
  const model::Snapshot* const one = &world_.snapshot();
  const auto errors = sandbox_.fill(std::span(&one, 1), {sql_table("fills"), sql_table("marks")});
  EXPECT_EQ(errors, (SqlFillErrors{{sql_table("fills"),
                                    "the table fills would have 10001 rows; "
                                    "at most 10000 can be judged"}}));
}

TEST_F(Sandbox, ShowsNumbersWithoutTheNoiseOfDoubles) {
  EXPECT_EQ(to_text(SqlValue(0.1 + 0.2)), "0.3");
  EXPECT_EQ(to_text(SqlValue(906.33)), "906.33");
  EXPECT_EQ(to_text(SqlValue(5.0)), "5");
  EXPECT_EQ(to_text(SqlValue(std::int64_t{-7})), "-7");
  EXPECT_EQ(to_text(SqlValue()), "unknown");
}

}  // namespace
}  // namespace vakthund::rules
