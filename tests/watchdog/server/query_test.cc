#include "watchdog/server/query.h"

#include <gmock/gmock.h>

#include "tests/rules/worlds.h"
#include "tests/watchdog/server/an_api.h"

namespace vakthund::server {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Query : public testing::Test {
 protected:
  Query() { world_.position(-2.17_d, 896.8_d).mark(906.33_d).leverage(20); }
  nlohmann::json ask(const std::string& sql) {
    const model::Snapshot* const one = &world_.snapshot();
    const Answer answer = answer_query(std::span(&one, 1), sql);
    EXPECT_EQ(answer.content_type, "application/json");
    return nlohmann::json::parse(answer.body);
  }
  World world_;
};

TEST_F(Query, IsAnsweredWithMoneyAsStringsAndCountsAsNumbers) {
  EXPECT_EQ(ask("SELECT symbol, notional, leverage, liquidation_price FROM positions").dump(),
            R"({"columns":["symbol","notional","leverage","liquidation_price"],"more":false,)"
            R"("not_fresh":[],"rows":[["BNBUSDT","1966.7361",20,null]],)"
            R"("types":["text","real","integer","null"]})");
}

TEST_F(Query, ThatIsWrongIsA400WithTheReason) {
  const Answer answer = answer_query({}, "SELECT notionl FROM positions");
  EXPECT_EQ(answer.http_status, 400);
  EXPECT_THAT(answer.body, HasSubstr("no such column: notionl (line 1, column 8 of the query"));
  EXPECT_EQ(answer_query({}, "SELECT notional FROM positions").http_status, 200);
}

TEST_F(Query, IsPrintedWithNumbersToTheRight) {
  EXPECT_EQ(query_text(ask("SELECT 'a' AS name, 5 AS n, 1.5 AS x, NULL AS none UNION ALL "
                           "SELECT 'long' || e, 12345, 20.25, NULL FROM (SELECT 'er' AS e)")),
            "name        n      x  none\n"
            "a           5    1.5  NULL\n"
            "longer  12345  20.25  NULL\n");
  EXPECT_EQ(query_text(ask("SELECT symbol FROM orders")), "symbol\n(no rows)\n");
  const auto wide = ask("SELECT 'BNBUSDT' AS symbol, 5 AS n UNION ALL SELECT 'X', 6");
  EXPECT_EQ(query_text(wide, 10), query_text(wide)) << "it just fits";
  EXPECT_EQ(query_text(wide, 9), "symbol  BNBUSDT\nn       5\n\nsymbol  X\nn       6\n");
}

TEST_F(Query, IsPrintedAsObjectsInTheOrderOfTheColumns) {
  EXPECT_EQ(query_objects(ask("SELECT symbol, leverage AS b, side AS a, 1 AS b FROM positions")),
            "[\n  {\n    \"symbol\": \"BNBUSDT\",\n    \"b\": 20,\n    \"a\": \"SHORT\"\n  }\n]\n");
  EXPECT_EQ(query_objects(ask("SELECT symbol FROM orders")), "[]\n");
}

TEST_F(Query, SaysWhatIsLeftOutAndWhatIsNotFresh) {
  EXPECT_THAT(query_notes(ask("SELECT 1")), IsEmpty());
  world_.stale(Feed::positions, "HTTP 503");
  EXPECT_THAT(query_notes(ask("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n "
                              "LIMIT 1001) SELECT i FROM n LEFT JOIN positions")),
              ElementsAre("only the first 1000 rows are shown",
                          "not fresh: main: positions: stale, last good answer 18s ago (HTTP "
                          "503)"));
}

TEST_F(Query, OfSomebodyElsesAnswerPrintsWhatThereIs) {
  for (const char* odd : {"null", "[]", "{}", R"({"columns":5,"rows":{}})",
                          R"({"columns":["a",7],"rows":[["\u001b[31m"],[],[1,2,3]]})"}) {
    const auto answer = nlohmann::json::parse(odd);
    EXPECT_EQ(query_text(answer).find('\x1b'), std::string::npos);
    EXPECT_THAT(query_notes(answer), IsEmpty());
  }
  EXPECT_EQ(query_objects(nlohmann::json::parse(R"({"columns":["a"],"rows":[[1],[]]})")),
            "[\n  {\n    \"a\": 1\n  },\n  {}\n]\n");
}

class ApiQuery : public ApiTest {
 protected:
  ApiQuery() {
    backend_.query = [this](const QueryRequest& request) {
      note("query account=" + request.account + " sql=" + request.sql);
      return json_answer("{}");
    };
  }
};

TEST_F(ApiQuery, ReachesTheBackendDecodedAndOnlyWithTheToken) {
  start();
  EXPECT_EQ(ask("GET", "/api/v1/query?sql=SELECT+1", "", "").status, 401);
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_EQ(ask("GET", "/api/v1/query?account=main&sql=SELECT%20'a%26b'%2B1+%0A").status, 200);
  EXPECT_THAT(asked(), ElementsAre("query account=main sql=SELECT 'a&b'+1 \n"));
}

TEST_F(ApiQuery, MayBeAsLongAsTheCommandSendsIt) {
  start();
  const std::string path = "/api/v1/query?sql=SELECT+1+--";
  EXPECT_EQ(ask("GET", path + std::string(12'000 - path.size(), 'x')).status, 200);
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(ApiQuery, WithoutAQueryOrWithABadOneIs400) {
  start();
  EXPECT_THAT(ask("GET", "/api/v1/query").error(), HasSubstr("?sql=SELECT"));
  EXPECT_EQ(ask("GET", "/api/v1/query?sql=").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/query?sql=%zz").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/query?sql=%").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/query", "{}").status, 405);
  EXPECT_THAT(asked(), IsEmpty());
}

}  // namespace
}  // namespace vakthund::server
