// A container's log as an engine keeps and tells it.
//
// Lines are stamped when they end; longer than kMaxLine they are cut in pieces, as Docker's
// json-file driver does. The newest kMaxBytes are kept.
// Source: Docker Engine API v1.41, ContainerLogs; "Stream format" of ContainerAttach.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace vakthund::simulator::standin {

class LogStore {
 public:
  static constexpr std::size_t kMaxLine = 16384;
  static constexpr std::size_t kMaxBytes = 8u << 20;

  void append(int stream, std::string_view text, std::int64_t now_ns);
  void end_lines(std::int64_t now_ns);  // the process ended: what is left of a line is one

  struct Query {
    bool standard_output = true;
    bool standard_error = true;
    bool timestamps = false;
    std::int64_t since_ns = 0;
    std::size_t tail = SIZE_MAX;
  };
  std::string framed(const Query& query) const;

 private:
  struct Line {
    int stream;
    std::int64_t stamp_ns;
    std::string text;  // with its line end
  };
  void add(int stream, std::string text, std::int64_t now_ns);

  std::deque<Line> lines_;
  std::size_t bytes_ = 0;
  std::array<std::string, 2> pending_;
};

// "2025-11-20T01:23:00.123456789Z"
std::string to_stamp(std::int64_t ns);

}  // namespace vakthund::simulator::standin
