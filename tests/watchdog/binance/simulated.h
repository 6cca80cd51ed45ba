// The simulator as a child process, for one test: started with a scenario, read for its address,
// ended with the object.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "watchdog/binance/source.h"

namespace vakthund::binance {

class Simulated {
 public:
  // Beside this test program, where the build puts it.
  static std::filesystem::path program();

  // `scenario` is YAML; empty: the simulator's own.
  explicit Simulated(const std::string& scenario = "");
  ~Simulated();
  Simulated(const Simulated&) = delete;
  Simulated& operator=(const Simulated&) = delete;

  bool ready() const { return !settings_.rest_url.empty(); }
  // With the key that may trade.
  const SourceSettings& settings() const { return settings_; }

 private:
  std::filesystem::path folder_;
  pid_t pid_ = -1;
  SourceSettings settings_;
};

}  // namespace vakthund::binance
