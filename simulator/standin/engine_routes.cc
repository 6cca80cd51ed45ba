#include "simulator/standin/engine_routes.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::json;
using Query = std::map<std::string, std::string, std::less<>>;

net::HttpResponse reply(int status, std::string type, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", std::move(type)},
                      {"Api-Version", kEngineApiVersion},
                      {"Server", "vakthund-sim engine"}};
  response.body = std::move(body);
  return response;
}
net::HttpResponse json(int status, const Json& body) {
  return reply(status, "application/json",
               body.dump(-1, ' ', false, Json::error_handler_t::replace));
}
net::HttpResponse reply_of(const EngineReply& answer) {
  if (answer.status == 200) return json(200, {{"Warnings", nullptr}});
  if (answer.message.empty()) return reply(answer.status, "application/json", "");
  return json(answer.status, {{"message", answer.message}});
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
            text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Query query_of(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto equals = std::min(part.find('='), part.size());
    query[decoded(part.substr(0, equals))] =
        equals < part.size() ? decoded(part.substr(equals + 1)) : std::string();
  }
  return query;
}

std::string value(const Query& query, std::string_view name, std::string otherwise = {}) {
  const auto at = query.find(name);
  return at == query.end() ? std::move(otherwise) : at->second;
}
bool yes(const Query& query, std::string_view name) {
  const std::string text = value(query, name);
  return text == "1" || text == "true" || text == "True";
}
std::int64_t number(std::string_view text, std::int64_t otherwise) {
  std::int64_t n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
  return failed == std::errc() && n >= 0 && n < 1'000'000'000'000 ? n : otherwise;
}

// "seconds" or "seconds.decimals"
std::int64_t since_ns(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  std::string decimals(point < text.size() ? text.substr(point + 1, 9) : "");
  decimals.resize(9, '0');
  return std::min<std::int64_t>(number(text.substr(0, point), 0), 9'000'000'000) * 1'000'000'000 +
         number(decimals, 0);
}

int signal_number(std::string text) {
  if (text.starts_with("SIG")) text.erase(0, 3);
  const std::map<std::string, int> names{{"KILL", SIGKILL}, {"TERM", SIGTERM}, {"INT", SIGINT},
                                         {"HUP", SIGHUP},   {"QUIT", SIGQUIT}, {"USR1", SIGUSR1},
                                         {"USR2", SIGUSR2}};
  const auto at = names.find(text);
  return at == names.end() ? static_cast<int>(number(text, 0)) : at->second;
}

std::string_view status_text(ProcessContainer::Status status) {
  switch (status) {
    case ProcessContainer::Status::created:
      return "created";
    case ProcessContainer::Status::running:
      return "running";
    case ProcessContainer::Status::paused:
      return "paused";
    case ProcessContainer::Status::restarting:
      return "restarting";
    case ProcessContainer::Status::exited:
      return "exited";
  }
  return "";
}

std::string stamp_or_never(std::int64_t ns) {
  return ns == 0 ? "0001-01-01T00:00:00Z" : to_stamp(ns);
}

Json description(const ProcessContainer& container) {
  const bool paused = container.status() == ProcessContainer::Status::paused;
  const bool restarting = container.status() == ProcessContainer::Status::restarting;
  const auto& config = container.config();
  return {{"Id", container.id()},
          {"Name", "/" + config.name},
          {"Image", "process"},
          {"RestartCount", container.restarts()},
          {"State",
           {{"Status", status_text(container.status())},
            {"Running", container.is_running() || restarting},
            {"Paused", paused},
            {"Restarting", restarting},
            {"OOMKilled", false},
            {"Dead", false},
            {"Pid", container.pid()},
            {"ExitCode", container.is_running() ? 0 : container.exit_code()},
            {"Error", ""},
            {"StartedAt", stamp_or_never(container.started_ns())},
            {"FinishedAt", stamp_or_never(container.finished_ns())}}},
          {"HostConfig",
           {{"RestartPolicy", {{"Name", config.restart_policy}, {"MaximumRetryCount", 0}}},
            {"LogConfig", {{"Type", "json-file"}, {"Config", Json::object()}}}}},
          {"Config",
           {{"Tty", false},
            {"Image", "process"},
            {"Cmd", config.command},
            {"Env", config.environment}}}};
}

Json listing(const ProcessContainer& container) {
  return Json::array({{{"Id", container.id()},
                       {"Names", {"/" + container.config().name}},
                       {"Image", "process"},
                       {"State", status_text(container.status())},
                       {"Status", status_text(container.status())}}});
}

net::HttpResponse logs(const ProcessContainer& container, const Query& query) {
  if (yes(query, "follow")) return json(501, {{"message", "the stand-in does not follow logs"}});
  LogStore::Query wanted;
  wanted.standard_output = yes(query, "stdout");
  wanted.standard_error = yes(query, "stderr");
  if (!wanted.standard_output && !wanted.standard_error) {
    return json(400, {{"message", "Bad parameters: you must choose at least one stream"}});
  }
  wanted.timestamps = yes(query, "timestamps");
  wanted.since_ns = since_ns(value(query, "since", "0"));
  wanted.tail = static_cast<std::size_t>(number(value(query, "tail", "all"), INT32_MAX));
  return reply(200, "application/vnd.docker.raw-stream", container.log().framed(wanted));
}

net::HttpResponse update(ProcessContainer& container, const std::string& body) {
  const Json wanted = Json::parse(body, nullptr, false);
  if (!wanted.is_object()) return json(400, {{"message", "invalid JSON"}});
  const auto policy = wanted.value(Json::json_pointer("/RestartPolicy/Name"), Json());
  if (!policy.is_string()) return json(200, {{"Warnings", nullptr}});
  return reply_of(container.update_policy(policy.get<std::string>()));
}

net::HttpResponse version() {
  return json(200, {{"Platform", {{"Name", "process stand-in"}}},
                    {"Version", VAKTHUND_VERSION},
                    {"ApiVersion", kEngineApiVersion},
                    {"MinAPIVersion", "1.12"},
                    {"Os", "linux"}});
}

bool is_named(const ProcessContainer& container, std::string_view name) {
  return name == container.config().name ||
         (name.size() >= 4 && std::string_view(container.id()).starts_with(name));
}

void change(ProcessContainer& container, std::string_view step, const Query& query,
            const std::string& body, net::Responder responder) {
  const auto later = [responder](EngineReply answer) mutable { responder.send(reply_of(answer)); };
  if (step == "start") return responder.send(reply_of(container.start()));
  if (step == "pause") return responder.send(reply_of(container.pause()));
  if (step == "unpause") return responder.send(reply_of(container.unpause()));
  if (step == "update") return responder.send(update(container, body));
  if (step == "stop") {
    return container.stop(
        std::chrono::seconds(std::min<std::int64_t>(number(value(query, "t", "10"), 10), 3600)),
        later);
  }
  if (step == "kill") {
    const int wanted = signal_number(value(query, "signal", "KILL"));
    if (wanted < 1 || wanted > 64) {
      return responder.send(json(400, {{"message", "Invalid signal"}}));
    }
    return container.kill(wanted, later);
  }
  responder.send(json(404, {{"message", "page not found"}}));
}

// Takes "/v1.41" off the front.
std::string_view without_version(std::string_view path) {
  if (!path.starts_with("/v")) return path;
  const auto end = path.find_first_not_of("0123456789.", 2);
  return end == path.npos || end == 2 || path[end] != '/' ? path : path.substr(end);
}

}  // namespace

void answer_engine_request(ProcessContainer& container, const net::HttpRequest& request,
                           net::Responder responder) {
  const std::string_view target = request.target;
  const auto mark = std::min(target.find('?'), target.size());
  const Query query = query_of(target.substr(std::min(mark + 1, target.size())));
  std::string_view path = without_version(target.substr(0, mark));
  const bool get = request.method == "GET" || request.method == "HEAD";
  const auto not_found = json(404, {{"message", "page not found"}});
  if (path == "/_ping") return responder.send(reply(200, "text/plain", "OK"));
  if (path == "/version") return responder.send(version());
  if (path == "/containers/json") return responder.send(json(200, listing(container)));
  constexpr std::string_view kContainers = "/containers/";
  if (!path.starts_with(kContainers)) return responder.send(not_found);
  path.remove_prefix(kContainers.size());
  const auto slash = path.find('/');
  if (slash == path.npos) return responder.send(not_found);
  const std::string name = decoded(path.substr(0, slash));
  const auto step = path.substr(slash + 1);
  if (!is_named(container, name)) {
    return responder.send(json(404, {{"message", "No such container: " + name}}));
  }
  if (get && step == "json") return responder.send(json(200, description(container)));
  if (get && step == "logs") return responder.send(logs(container, query));
  if (request.method != "POST") return responder.send(not_found);
  change(container, step, query, request.body, std::move(responder));
}

}  // namespace vakthund::simulator::standin
