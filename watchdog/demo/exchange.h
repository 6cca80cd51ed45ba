// `vakthund-sim` as a child: a simulated exchange over TLS on this machine, for the demo and the
// drill. Errors: one line. Threads: one.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "watchdog/demo/child.h"

namespace vakthund::demo {

// The simulator that is installed beside this program.
std::string simulator_beside_this_program();
// A port of loopback that is free just now.
int free_port();
// Readable by nobody else.
void write_private_file(const std::string& path, const std::string& text);

class Exchange {
 public:
  // `directory`: for its certificate and its log. `scenario`: a file; empty: the incident.
  Result<void> start(const std::string& program, const std::string& directory,
                     const std::string& scenario = "");
  void end() { child_.reset(); }

  const std::string& url() const { return url_; }  // https://127.0.0.1:PORT
  std::string stream_url() const;                  // wss://127.0.0.1:PORT
  std::string ca_file() const { return told_.at("ca_file"); }
  std::string api_key() const { return told_.at("api_key"); }
  std::string api_secret_file() const { return told_.at("api_secret_file"); }

  // One action of simulator/SCENARIOS.md, done at once.
  Result<void> control(const nlohmann::json& action) const;
  // What is really open, by its own word.
  struct Open {
    std::size_t positions = 0;
    std::size_t orders = 0;  // in both lists
    bool flat = false;
  };
  // Errors: an answer that does not say so is one, never "nothing is open".
  Result<Open> open() const;

 private:
  std::optional<Child> child_;
  nlohmann::json told_;  // what it said when it was ready
  std::string url_;
};

}  // namespace vakthund::demo
