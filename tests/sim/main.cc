// sim-world: hunts the invariants in seeded worlds (tests/sim/README.md).
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/sim/campaign.h"

namespace {

using namespace vakthund::sim;

constexpr const char* kUsage =
    "sim-world [--worlds N] [--from SEED | --fresh] [--jobs J] [--minutes M]\n"
    "sim-world --seed N --trace          one world and its transcript\n"
    "Exit: 0 nothing was wrong, 1 something was, 64 a wrong option.\n";

std::string commit() {
  std::string text;
  const std::string ask = std::string("git -C '") + VAKTHUND_SOURCE_DIR +
                          "' describe --always --dirty --abbrev=12 2>/dev/null";
  if (FILE* git = popen(ask.c_str(), "r")) {
    char line[128] = {};
    if (std::fgets(line, sizeof line, git)) text = line;
    pclose(git);
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "unknown" : text;
}

}  // namespace

int main(int argc, char** argv) {
  CampaignOptions options;
  options.jobs = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  options.program = argv[0];
  bool trace = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&]() -> double {
      char* end = nullptr;
      const double value = i + 1 < argc ? std::strtod(argv[++i], &end) : -1;
      if (end && *end == '\0' && value >= 0) return value;
      std::fputs(kUsage, stderr);
      std::exit(64);
    };
    if (word == "--worlds") {
      options.worlds = static_cast<std::uint64_t>(number());
    } else if (word == "--from" || word == "--seed") {
      options.first = static_cast<std::uint64_t>(number());
      if (word == "--seed") options.worlds = 1;
    } else if (word == "--fresh") {
      options.first =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                         std::chrono::system_clock::now().time_since_epoch())
                                         .count()) *
          1'000;
    } else if (word == "--jobs") {
      options.jobs = std::max(1, static_cast<int>(number()));
    } else if (word == "--minutes") {
      options.minutes = number();
    } else if (word == "--trace") {
      trace = true;
    } else {
      std::fputs(kUsage, stderr);
      return 64;
    }
  }
  const std::string path =
      std::string(VAKTHUND_SOURCE_DIR) + "/../shared/market/usdm_1m_2025-12-13_18.csv.gz";
  const Candles candles = Candles::read(path);
  if (!candles.real()) {
    fmt::print(stderr,
               "sim-world: NO REAL PRICES: ../shared/market/usdm_1m_2025-12-13_18.csv.gz is not "
               "beside the repository; the candles are invented, and seeds mean other worlds\n");
  }
  if (trace) {
    const std::string wrong = trace_world(options.first, candles);
    fmt::print("{}\n", wrong.empty() ? "nothing was wrong" : "WRONG " + wrong);
    return wrong.empty() ? 0 : 1;
  }
  options.commit = commit();
  fmt::print("sim-world: commit {}, seeds {} to {}, {} jobs, {} candles\n", options.commit,
             options.first, options.first + options.worlds - 1, options.jobs,
             candles.real() ? "real" : "invented");
  std::fflush(stdout);
  const auto began = std::chrono::steady_clock::now();
  const Tally tally = run_campaign(options, candles);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{}", tally.text(took.count()));
  return tally.wrong == 0 ? 0 : 1;
}
