// Where the demo's bot runs: a container of a real engine, or a process behind a stand-in for one.
// Either speaks the Docker Engine API on a Unix socket, and Vakthund cannot tell the difference.
//
// Errors: one line. Threads: one. Whatever was made is removed at the end.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::demo {

inline constexpr const char* kContainer = "quantum_backend";

class Engine {
 public:
  struct Bot {
    std::string simulator;           // the program that plays the bot
    std::vector<std::string> words;  // its arguments
    std::string directory;  // readable and writable for it, at the same path; empty: it has none,
                            // and no network
  };
  virtual ~Engine() = default;
  virtual Result<void> start(const Bot& bot) = 0;
  virtual std::string socket_path() const = 0;
  virtual std::string what() const = 0;  // for people
  virtual std::string container_name() const = 0;

  std::string container_state() const;  // "running", "exited", …
  std::string log() const;              // the newest lines, as the engine gives them

  // The real one at /var/run/docker.sock (or DOCKER_HOST=unix://…) when it answers, else a
  // stand-in.
  static std::unique_ptr<Engine> find(const std::string& simulator, const std::string& directory);
};

// A field of what the engine at `url` (unix://PATH) says of a container, or why it says nothing.
std::string ask_container(const std::string& url, const std::string& container,
                          const std::string& pointer);

// One request to an engine's socket; the body of a 2xx answer.
Result<std::string> ask_engine(const std::string& socket, const std::string& method,
                               const std::string& path, const std::string& content_type = "",
                               const std::string& body = "");

}  // namespace vakthund::demo
