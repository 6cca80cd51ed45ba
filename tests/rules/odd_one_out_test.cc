#include "rules/odd_one_out.h"

#include <gtest/gtest.h>

namespace vakthund::rules {
namespace {

using namespace model::literals;

std::string voted(const std::vector<Told>& told) {
  const OddOneOut found = odd_one_out(told, 0.001_d);
  if (found.odd.empty()) return "nobody";
  return listing(found.odd) + " against " + listing(found.agreed) + " on " +
         found.value.to_string();
}

TEST(OddOneOut, NamesTheOneThatAllOthersContradict) {
  EXPECT_EQ(
      voted({{"list", 896.8_d}, {"journal", 914.7_d}, {"stream", 896.8_d}, {"trades", 897_d}}),
      "journal against list, stream and trades on 896.8");
  EXPECT_EQ(voted({{"list", 2_d}, {"stream", 3_d}, {"journal", 3_d}}),
            "list against stream and journal on 3");
}

TEST(OddOneOut, NamesSeveral) {
  EXPECT_EQ(
      voted({{"list", 2_d}, {"journal", 4_d}, {"api", 5_d}, {"stream", 2_d}, {"trades", 2_d}}),
      "journal and api against list, stream and trades on 2");
}

TEST(OddOneOut, IsNobodyWithoutAMajority) {
  EXPECT_EQ(voted({}), "nobody");
  EXPECT_EQ(voted({{"list", 2_d}}), "nobody");
  EXPECT_EQ(voted({{"list", 2_d}, {"journal", 3_d}}), "nobody");
  EXPECT_EQ(voted({{"list", 2_d}, {"stream", 2_d}, {"journal", 3_d}, {"api", 3_d}}), "nobody");
  EXPECT_EQ(voted({{"list", 2_d}, {"stream", 2_d}, {"journal", 3_d}, {"api", 4_d}}), "nobody");
  EXPECT_EQ(voted({{"list", 2_d}, {"stream", 2_d}, {"journal", 2.001_d}}), "nobody");
}

TEST(OddOneOut, AgreesUpToTheToleranceOfTheFirst) {
  EXPECT_TRUE(agree(1000_d, 1001_d, 0.001_d));
  EXPECT_TRUE(agree(-1000_d, -999_d, 0.001_d));
  EXPECT_FALSE(agree(1000_d, 1001.01_d, 0.001_d));
  EXPECT_FALSE(agree(1_d, -1_d, 0.001_d));
  EXPECT_TRUE(agree(0_d, 0_d, 0.001_d));
  EXPECT_FALSE(agree(0_d, 0.01_d, 0.001_d));
  EXPECT_FALSE(agree(model::Decimal::from_units(INT64_MAX), -1_d, 2_d));
}

}  // namespace
}  // namespace vakthund::rules
