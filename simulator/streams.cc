#include "simulator/streams.h"

#include <nlohmann/json.hpp>

#include "simulator/params.h"

namespace vakthund::simulator {
namespace {

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto at = text.find(by);
    if (const auto part = text.substr(0, at); !part.empty()) parts.emplace_back(part);
    if (at == text.npos) break;
    text.remove_prefix(at + 1);
  }
  return parts;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  const bool there =
      text.starts_with(prefix) && (text.size() == prefix.size() || text[prefix.size()] == '/');
  if (there) text.remove_prefix(prefix.size());
  return there;
}

std::string wrapped(const std::string& stream, const std::string& frame) {
  return R"({"stream":")" + stream + R"(","data":)" + frame + "}";
}

// listenKey=K1&events=A/B&listenKey=K2: events belong to the key before them.
std::map<std::string, std::set<std::string>> listen_keys(std::string_view query) {
  std::map<std::string, std::set<std::string>> keys;
  std::set<std::string>* newest = nullptr;
  for (const std::string& pair : split(query, '&')) {
    const auto equals = pair.find('=');
    if (equals == pair.npos) continue;
    const std::string value = percent_decode(std::string_view(pair).substr(equals + 1));
    if (pair.starts_with("listenKey=")) newest = &keys[value];
    if (!pair.starts_with("events=") || !newest) continue;
    for (std::string& event : split(value, '/')) newest->insert(std::move(event));
  }
  return keys;
}

}  // namespace

std::optional<int> Streams::open(std::string_view target) {
  const auto mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  const std::string_view query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
  Connection c;
  if (take_prefix(path, "/market")) {
    c.route = Route::market;
  } else if (take_prefix(path, "/public")) {
    c.route = Route::public_;
  } else if (take_prefix(path, "/private")) {
    c.route = Route::private_;
  }
  std::vector<std::string> names;
  if (path == "/stream" || path == "/stream/") {
    c.combined = true;
    names = split(Params::parse(query, {}).text("streams"), '/');
  } else if (take_prefix(path, "/ws")) {
    if (!path.empty()) path.remove_prefix(1);
    names = split(percent_decode(path), '/');
  } else {
    return std::nullopt;
  }
  if (names.size() > kMaxStreams) return std::nullopt;
  if (c.route == Route::private_) c.listen_keys = listen_keys(query);
  const int id = next_++;
  connections_[id] = std::move(c);
  for (const std::string& name : names) subscribe(id, name);
  return id;
}

void Streams::close(int id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const std::set<std::string> names = found->second.streams;
  for (const std::string& name : names) unsubscribe(id, name);
  connections_.erase(id);
}

bool Streams::subscribe(int id, const std::string& name) {
  Connection& c = connections_.at(id);
  if (c.route == Route::private_) {
    c.listen_keys[name];
    return true;
  }
  if (c.streams.size() >= kMaxStreams) return false;
  c.streams.insert(name);
  const StreamName parsed = parse_stream_name(name);
  const bool heard = c.route == Route::market ? !is_public(parsed.kind) : is_public(parsed.kind);
  if (parsed.kind == StreamKind::none || !heard) return true;
  Stream& stream = streams_[name];
  stream.name = parsed;
  stream.listeners.insert(id);
  return true;
}

void Streams::unsubscribe(int id, const std::string& name) {
  Connection& c = connections_.at(id);
  c.streams.erase(name);
  c.listen_keys.erase(name);
  const auto found = streams_.find(name);
  if (found == streams_.end()) return;
  found->second.listeners.erase(id);
  if (found->second.listeners.empty()) streams_.erase(found);
}

std::optional<std::string> Streams::on_text(int id, std::string_view text, WallTime now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  Connection& c = found->second;
  const std::int64_t second = epoch_ms(now) / 1000;
  if (c.second != second) {
    c.second = second;
    c.messages = 0;
  }
  if (++c.messages > kMaxMessages) return std::nullopt;
  return command(id, text);
}

std::string Streams::command(int id, std::string_view text) {
  const Json request = Json::parse(text, nullptr, false);
  const auto failed = [](std::string_view why) {
    return Json{{"error", {{"code", 2}, {"msg", why}}}}.dump();
  };
  if (!request.is_object() || !request.contains("method") || !request["method"].is_string()) {
    return failed("Invalid request: request must be an object with a method");
  }
  const Json number = request.contains("id") ? request["id"] : Json();
  const Json params = request.contains("params") ? request["params"] : Json::array();
  const std::string method = request["method"];
  Connection& c = connections_.at(id);
  if (method == "LIST_SUBSCRIPTIONS") {
    return Json{{"result", c.streams}, {"id", number}}.dump();
  }
  if (method != "SUBSCRIBE" && method != "UNSUBSCRIBE") {
    return failed("Invalid request: unknown method");
  }
  if (!params.is_array()) return failed("Invalid request: params must be a list");
  for (const Json& name : params) {
    if (!name.is_string()) return failed("Invalid request: a stream must be a string");
    if (method == "UNSUBSCRIBE") {
      unsubscribe(id, name);
    } else if (!subscribe(id, name)) {
      return failed("Too many streams");
    }
  }
  return Json{{"result", nullptr}, {"id", number}}.dump();
}

std::vector<int> Streams::connections(std::optional<Route> route) const {
  std::vector<int> ids;
  for (const auto& [id, c] : connections_) {
    if (!route || c.route == *route) ids.push_back(id);
  }
  return ids;
}

void Streams::publish(const UserEvent& event, const Sink& sink) const {
  if (event.listen_key.empty()) return;
  for (const auto& [id, c] : connections_) {
    const auto key = c.listen_keys.find(event.listen_key);
    if (key == c.listen_keys.end()) continue;
    if (!key->second.empty() && !key->second.contains(event.type)) continue;
    sink(id, c.combined ? wrapped(event.listen_key, event.text) : event.text);
  }
}

void Streams::send(const std::string& name, const Stream& stream,
                   const std::vector<std::string>& frames, const Sink& sink) const {
  for (const std::string& frame : frames) {
    std::string combined;
    for (const int id : stream.listeners) {
      if (!connections_.at(id).combined) {
        sink(id, frame);
        continue;
      }
      if (combined.empty()) combined = wrapped(name, frame);
      sink(id, combined);
    }
  }
}

void Streams::beat(const Exchange& exchange, WallTime now, const Sink& sink) {
  ++beats_;
  for (const auto& [name, stream] : streams_) {
    if (beats_ % static_cast<std::uint64_t>(stream.name.every_seconds) != 0) continue;
    send(name, stream, frames(stream.name, exchange, now, ++sequence_), sink);
  }
}

void Streams::moved(const Exchange& exchange, const std::set<std::string>& symbols, WallTime now,
                    const Sink& sink) {
  for (const auto& [name, stream] : streams_) {
    const bool of_trades =
        stream.name.kind == StreamKind::agg_trade || stream.name.kind == StreamKind::book_ticker;
    if (!of_trades || !symbols.contains(stream.name.symbol)) continue;
    send(name, stream, frames(stream.name, exchange, now, ++sequence_), sink);
  }
}

}  // namespace vakthund::simulator
