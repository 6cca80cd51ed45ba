#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Demo, ReplaysTheNightInNumbersAndEndsFlat) {
  World world;

  const Ended demo = world.run({"demo", "--fast"});

  EXPECT_EQ(demo.exit, 0);
  EXPECT_EQ(demo.err, "");
  for (const char* told :
       {"906.33", "914.74", "1.06 %", "21 %", "not crossed", "DOTUSDT", "NO STOP", "-1116",
        "STOP_LOSS", "Receipt K", "flat, no order", "will not restart",
        "The simulator says: 0 positions, 0 orders", "container exited"}) {
    EXPECT_THAT(demo.out, HasSubstr(told));
  }
  EXPECT_THAT(demo.out, Not(HasSubstr("LEFT:")));
  EXPECT_THAT(demo.out, Not(HasSubstr("\033[")));  // no colour where there is no terminal
}

}  // namespace
}  // namespace vakthund::e2e
