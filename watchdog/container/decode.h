// What a container engine answers, decoded. Pure.
//
// Source: the Docker Engine API, https://docs.docker.com/engine/api/v1.41/ (ContainerInspect,
// ContainerLogs, "Stream format" of ContainerAttach), which Podman's compatible service follows.
// What is missing or of another type is unknown: no crash, no zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"

namespace vakthund::container {

// GET /containers/NAME/json. `asked_name` is kept as the container's name; of the environment only
// the intent is (intent.h), whose problems go where `problems` points. Error: `invalid` where the
// answer is not JSON or has no State.Status.
Result<model::Container> decode_inspect(std::string_view body, const std::string& asked_name,
                                        std::vector<std::string>* problems = nullptr);

// The engine's own words for a failure: {"message":"…"}; otherwise the body's first 200 bytes.
std::string engine_message(std::string_view body);

struct LogLine {
  std::int64_t stamp_ns = 0;  // since 1970, as the engine stamped it
  std::string text;           // without stamp and line end, cut to kMaxLogLine bytes
  model::WallTime time() const { return model::from_epoch_ms(stamp_ns / 1'000'000); }
  friend bool operator==(const LogLine&, const LogLine&) = default;
};
struct LogLines {
  std::vector<LogLine> lines;  // in the engine's order
  std::string problem;         // empty: all of it could be read
};
inline constexpr std::size_t kMaxLogLine = 4096;

// The body of GET /containers/NAME/logs?timestamps=1. Framed unless the container has a terminal:
// {1, 0, 0, 0, length in 4 bytes, big-endian} before each piece, 2 for stderr. A broken frame ends
// the reading; what came before it is kept. Lines without a stamp are left out and counted.
LogLines decode_logs(std::string_view body, bool tty);

// "2025-11-20T01:23:00.123456789Z", any number of decimals, or with "+02:00". nullopt: otherwise.
std::optional<std::int64_t> parse_stamp(std::string_view text);

}  // namespace vakthund::container
