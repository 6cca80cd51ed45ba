#include "simulator/standin/http_fault.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKinds[] = {"error", "unauthorized", "garbage", "huge", "slow", "drop"};
constexpr std::string_view kStyles[] = {"html", "truncated", "binary", "empty", "nulls", "types"};
constexpr std::string_view kFields[] = {"kind",   "path",  "body",  "style",
                                        "status", "count", "bytes", "delay"};

template <class List>
bool among(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

template <class Number>
bool read_number(const Fields& fields, const char* name, Number& number) {
  const auto at = fields.find(name);
  if (at == fields.end()) return true;
  const char* end = at->second.data() + at->second.size();
  const auto [stopped, bad] = std::from_chars(at->second.data(), end, number);
  return bad == std::errc() && stopped == end;
}

void damage(Json& value, bool nulls) {
  if (value.is_structured()) {
    for (Json& inner : value) damage(inner, nulls);
  } else if (nulls) {
    value = nullptr;
  } else {
    value = value.is_string() ? Json(42) : Json{{"value", value.dump()}};
  }
}

std::string garbage(const std::string& body, std::string_view style) {
  if (style == "truncated") return body.substr(0, body.size() / 2);
  if (style == "empty") return {};
  if (style == "html") return "<html><body><h1>502 Bad Gateway</h1></body></html>";
  if (style == "binary") return std::string("\x00\xff\xfe{\"\x80[[[[", 11);
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return "null";
  damage(json, style == "nulls");
  return json.dump();
}

}  // namespace

Result<HttpFault> HttpFault::parse(const Fields& fields) {
  const auto wrong = [](const std::string& what) { return error(ErrorKind::invalid, what); };
  for (const auto& [name, value] : fields) {
    if (!among(kFields, name)) return wrong("http: unknown field " + name);
  }
  HttpFault fault;
  const auto text = [&](const char* name) {
    const auto at = fields.find(name);
    return at == fields.end() ? std::string() : at->second;
  };
  fault.kind = text("kind");
  fault.path = text("path");
  fault.body = text("body");
  fault.style = text("style");
  if (!among(kKinds, fault.kind)) return wrong("http: unknown kind '" + fault.kind + "'");
  if (fault.kind == "garbage" && !among(kStyles, fault.style)) {
    return wrong("http: garbage needs style: html, truncated, binary, empty, nulls or types");
  }
  if (!read_number(fields, "status", fault.status) || fault.status < 200 || fault.status > 599) {
    return wrong("http: status is a number from 200 to 599");
  }
  if (!read_number(fields, "count", fault.count)) return wrong("http: count is a number");
  if (!read_number(fields, "bytes", fault.bytes) || fault.bytes > kMaxBytes) {
    return wrong("http: bytes is a number of at most 256 MiB");
  }
  if (!text("delay").empty()) {
    const auto delay = model::parse_duration(text("delay"));
    if (!delay) return wrong("http: delay is a duration such as 2s");
    fault.delay = *delay;
  }
  return fault;
}

net::HttpResponse HttpFault::apply(net::HttpResponse answer) const {
  if (kind == "error") {
    answer.status = status;
    answer.body = body.empty() ? R"({"detail":"Internal Server Error"})" : body;
  } else if (kind == "unauthorized") {
    answer.status = 401;
    answer.body = R"({"detail":"Unauthorized"})";
  } else if (kind == "garbage") {
    answer.body = garbage(answer.body, style);
  } else if (kind == "huge") {
    answer.body.insert(0, bytes, ' ');
  }
  return answer;
}

void HttpFaults::add(HttpFault fault) {
  faults_.push_back(std::move(fault));
  if (faults_.size() > HttpFault::kMaxFaults) faults_.erase(faults_.begin());
}

void HttpFaults::clear(const std::string& kind) {
  std::erase_if(faults_, [&](const HttpFault& f) { return kind == "all" || f.kind == kind; });
}

std::optional<HttpFault> HttpFaults::next(const std::string& path) {
  for (HttpFault& fault : faults_) {
    if (fault.count == 0 || !path.starts_with(fault.path)) continue;
    if (fault.count > 0) --fault.count;
    return fault;
  }
  return std::nullopt;
}

}  // namespace vakthund::simulator::standin
