#include "watchdog/container/decode.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "watchdog/container/intent.h"

namespace vakthund::container {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;

// Nested deeper than any engine's answer: not worth a parser's memory.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

Json parse(std::string_view body) {
  return too_deep(body) ? Json(Json::value_t::discarded) : Json::parse(body, nullptr, false);
}

// The member at the end of a path of names; null where any step is missing.
const Json* at(const Json& root, std::initializer_list<const char*> path) {
  const Json* here = &root;
  for (const char* name : path) {
    if (!here->is_object()) return nullptr;
    const auto found = here->find(name);
    if (found == here->end()) return nullptr;
    here = &*found;
  }
  return here;
}

std::string text_at(const Json& root, std::initializer_list<const char*> path) {
  const Json* value = at(root, path);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 200));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

bool digits(std::string_view text, std::size_t from, std::size_t count, std::int64_t& value) {
  if (text.size() < from + count) return false;
  value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

std::optional<std::int64_t> zone_seconds(std::string_view text) {
  if (text == "Z") return 0;
  std::int64_t hours = 0, minutes = 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
      !digits(text, 1, 2, hours) || !digits(text, 4, 2, minutes) || hours > 14 || minutes > 59) {
    return std::nullopt;
  }
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

struct Collector {
  LogLines& into;
  std::size_t unstamped = 0;

  void line(std::string_view text) {
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.empty()) return;
    const auto blank = text.find(' ');
    const auto stamp = parse_stamp(text.substr(0, blank));
    if (!stamp) {
      ++unstamped;
      return;
    }
    text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
    into.lines.push_back({*stamp, std::string(text.substr(0, kMaxLogLine))});
  }
  // Takes the whole lines off the front of `pending`, and the rest too with `all`.
  void take(std::string& pending, bool all) {
    std::size_t from = 0;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', from)) {
      line(std::string_view(pending).substr(from, end - from));
      from = end + 1;
    }
    pending.erase(0, from);
    if (all) line(std::exchange(pending, {}));
  }
};

void decode_frames(std::string_view body, Collector& collector) {
  std::array<std::string, 3> pending;
  while (!body.empty()) {
    if (body.size() < 8) {
      collector.into.problem = "the log ends inside a frame's header";
      break;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(body[i]); };
    const std::size_t stream = byte(0);
    if (stream > 2 || byte(1) != 0 || byte(2) != 0 || byte(3) != 0) {
      collector.into.problem = "the log is not framed as the engine documents";
      break;
    }
    const std::size_t length =
        (static_cast<std::size_t>(byte(4)) << 24) | (byte(5) << 16) | (byte(6) << 8) | byte(7);
    body.remove_prefix(8);
    const auto piece = body.substr(0, length);
    body.remove_prefix(piece.size());
    pending[stream] += piece;
    collector.take(pending[stream], false);
    if (piece.size() < length) collector.into.problem = "the log ends inside a frame";
  }
  for (std::string& rest : pending) collector.take(rest, true);
}

// Podman's words for what Docker calls otherwise; "stopping" still runs.
std::string_view docker_word(std::string_view status) {
  if (status == "configured" || status == "initialized") return "created";
  if (status == "stopped") return "exited";
  if (status == "stopping") return "running";
  return status;
}

}  // namespace

Result<model::Container> decode_inspect(std::string_view body, const std::string& asked_name,
                                        std::vector<std::string>* problems) {
  const Json root = parse(body);
  if (root.is_discarded() || !root.is_object()) {
    return error(ErrorKind::invalid, "the engine's description of the container is not JSON");
  }
  const std::string status = text_at(root, {"State", "Status"});
  if (status.empty()) {
    return error(ErrorKind::invalid, "the engine's description of the container has no status");
  }
  model::Container container;
  container.name = asked_name;
  container.id = text_at(root, {"Id"});
  container.status = model::Open<model::ContainerStatus>::parse(docker_word(status).substr(0, 40));
  container.restart_policy = text_at(root, {"HostConfig", "RestartPolicy", "Name"});
  const Json* tty = at(root, {"Config", "Tty"});
  container.tty = tty && tty->is_boolean() && tty->get<bool>();
  std::vector<std::string> environment;
  const Json* list = at(root, {"Config", "Env"});
  if (list && list->is_array()) {
    for (const Json& line : *list) {
      if (line.is_string()) environment.push_back(line.get<std::string>());
    }
  }
  IntentReading reading = read_intent(environment);
  container.intent = std::move(reading.intent);
  if (problems) *problems = std::move(reading.problems);
  return container;
}

std::string engine_message(std::string_view body) {
  const Json root = parse(body);
  const std::string message = root.is_discarded() ? std::string() : text_at(root, {"message"});
  return one_line(message.empty() ? body : std::string_view(message));
}

std::optional<std::int64_t> parse_stamp(std::string_view text) {
  std::int64_t y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ns = 0;
  if (text.size() < 20 || text.size() > 40 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || !digits(text, 0, 4, y) || !digits(text, 5, 2, mo) ||
      !digits(text, 8, 2, d) || !digits(text, 11, 2, h) || !digits(text, 14, 2, mi) ||
      !digits(text, 17, 2, s)) {
    return std::nullopt;
  }
  text.remove_prefix(19);
  if (text[0] == '.') {
    text.remove_prefix(1);
    for (std::int64_t place = 100'000'000; !text.empty() && text[0] >= '0' && text[0] <= '9';
         place /= 10) {
      ns += (text[0] - '0') * place;
      text.remove_prefix(1);
    }
  }
  const auto zone = zone_seconds(text);
  using namespace std::chrono;
  const year_month_day date(year(static_cast<int>(y)), month(static_cast<unsigned>(mo)),
                            day(static_cast<unsigned>(d)));
  if (!zone || !date.ok() || y < 1970 || y > 2200 || h > 23 || mi > 59 || s > 60) {
    return std::nullopt;
  }
  const auto days = sys_days(date).time_since_epoch().count();
  return ((days * 24 + h) * 3600 + mi * 60 + s - *zone) * 1'000'000'000 + ns;
}

LogLines decode_logs(std::string_view body, bool tty) {
  LogLines result;
  Collector collector{result};
  if (tty) {
    std::string whole(body);
    collector.take(whole, true);
  } else {
    decode_frames(body, collector);
  }
  if (collector.unstamped > 0 && result.problem.empty()) {
    result.problem = fmt::format("{} log lines without a time stamp", collector.unstamped);
  }
  return result;
}

}  // namespace vakthund::container
