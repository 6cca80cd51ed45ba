#include "simulator/standin/log_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/model/time.h"

namespace vakthund::simulator::standin {

void LogStore::append(int stream, std::string_view text, std::int64_t now_ns) {
  std::string& pending = pending_[stream == 2 ? 1 : 0];
  for (const char c : text) {
    pending += c;
    if (c == '\n' || pending.size() >= kMaxLine) add(stream, std::exchange(pending, {}), now_ns);
  }
}

void LogStore::end_lines(std::int64_t now_ns) {
  for (const int stream : {1, 2}) {
    std::string& pending = pending_[stream == 2 ? 1 : 0];
    if (!pending.empty()) add(stream, std::exchange(pending, {}) + "\n", now_ns);
  }
}

void LogStore::add(int stream, std::string text, std::int64_t now_ns) {
  bytes_ += text.size();
  lines_.push_back({stream, now_ns, std::move(text)});
  while (bytes_ > kMaxBytes) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
  }
}

std::string LogStore::framed(const Query& query) const {
  const auto wanted = [&](const Line& line) {
    return (line.stream == 1 ? query.standard_output : query.standard_error) &&
           line.stamp_ns >= query.since_ns;
  };
  const auto count = static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), wanted));
  std::size_t skip = count > query.tail ? count - query.tail : 0;
  std::string body;
  for (const Line& line : lines_) {
    if (!wanted(line) || (skip > 0 && skip--)) continue;
    const std::string stamp = query.timestamps ? to_stamp(line.stamp_ns) + " " : std::string();
    const auto length = stamp.size() + line.text.size();
    body += {static_cast<char>(line.stream), 0, 0, 0};
    for (const int shift : {24, 16, 8, 0}) body += static_cast<char>((length >> shift) & 0xFF);
    body += stamp;
    body += line.text;
  }
  return body;
}

std::string to_stamp(std::int64_t ns) {
  const auto seconds = model::to_iso8601(model::from_epoch_ms(ns / 1'000'000)).substr(0, 19);
  return fmt::format("{}.{:09}Z", seconds, ns % 1'000'000'000);
}

}  // namespace vakthund::simulator::standin
