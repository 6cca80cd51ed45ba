#include "simulator/service.h"

#include <utility>

namespace vakthund::simulator {
namespace {

WallTime wall() { return net::Loop::now().wall; }

std::string header(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

Request request_of(const net::HttpRequest& http) {
  const auto mark = http.target.find('?');
  Request request;
  request.method = http.method;
  request.path = http.target.substr(0, mark);
  if (mark != std::string::npos) request.query = http.target.substr(mark + 1);
  request.body = http.body;
  request.api_key = header(http, "x-mbx-apikey");
  return request;
}

}  // namespace

Service::Service(net::Loop& loop, Scenario scenario, Options options)
    : loop_(loop),
      options_(std::move(options)),
      venue_(scenario.settings),
      stage_{venue_, {}, [this](std::optional<Streams::Route> route) { cut(route); }},
      script_(scenario.file, std::move(scenario.steps), scenario.loop_ms),
      beat_every_(scenario.beat_ms),
      tick_(loop),
      beat_(loop),
      ping_(loop) {}

Service::~Service() {
  for (auto& [id, session] : sessions_) {
    session->on_text = nullptr;
    session->on_closed = nullptr;
  }
}

Result<std::unique_ptr<Service>> Service::start(net::Loop& loop, Scenario scenario,
                                                Options options) {
  net::Server::Options listening{options.host, options.port, false, options.tls};
  Scenario staged = scenario;
  std::unique_ptr<Service> service(new Service(loop, std::move(scenario), std::move(options)));
  const Result<void> ready = stage_scenario(staged, service->stage_, wall());
  if (!ready) return ready.error();
  service->venue_.exchange().take_events();
  Service* self = service.get();
  auto server = net::Server::listen(
      loop, std::move(listening),
      {[self](net::HttpRequest request, net::Responder responder) {
         self->on_request(request, std::move(responder));
       },
       [self](const std::string& target, std::shared_ptr<net::WebSocketSession> session) {
         return self->on_websocket(target, std::move(session));
       }});
  if (!server) return server.error();
  service->server_ = std::move(*server);
  service->script_.start(wall());
  service->tick();
  service->beat();
  service->ping_.after(kPing, [self] { self->ping(); });
  return service;
}

void Service::on_request(const net::HttpRequest& http, net::Responder responder) {
  const Request request = request_of(http);
  const WallTime now = wall();
  const Reply result =
      is_control(request.path) ? control(request, stage_, now) : venue_.handle(request, now);
  reply(result, std::move(responder));
  publish();
}

void Service::reply(const Reply& result, net::Responder responder) {
  if (result.dropped) return;
  net::HttpResponse response;
  response.status = result.status;
  response.headers = result.headers;
  response.headers.emplace_back("Content-Type", result.content_type);
  response.body = result.body;
  if (result.delay_ms <= 0) {
    responder.send(std::move(response));
    return;
  }
  const std::uint64_t number = next_delayed_++;
  net::Timer& timer = delayed_.try_emplace(number, loop_).first->second;
  timer.after(std::chrono::milliseconds(result.delay_ms),
              [this, number, responder, response = std::move(response)]() mutable {
                responder.send(std::move(response));
                loop_.post([this, number] { delayed_.erase(number); });
              });
}

bool Service::on_websocket(const std::string& target,
                           std::shared_ptr<net::WebSocketSession> session) {
  if (venue_.streams_refused(wall())) return false;
  const std::optional<int> id = streams_.open(target);
  if (!id) return false;
  const int connection = *id;
  session->on_text = [this, connection](std::string_view text) { on_text(connection, text); };
  session->on_closed = [this, connection] {
    // Not at once: the session may be among those being written to.
    loop_.post([this, connection] { drop(connection, false); });
  };
  sessions_[connection] = std::move(session);
  return true;
}

void Service::on_text(int connection, std::string_view text) {
  const std::optional<std::string> answer = streams_.on_text(connection, text, wall());
  if (!answer) {
    loop_.post([this, connection] { drop(connection, true); });
    return;
  }
  const auto found = sessions_.find(connection);
  if (found != sessions_.end()) found->second->send_text(*answer);
}

void Service::drop(int connection, bool politely) {
  streams_.close(connection);
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  const std::shared_ptr<net::WebSocketSession> session = std::move(found->second);
  sessions_.erase(found);
  session->on_text = nullptr;
  session->on_closed = nullptr;
  if (politely) session->close();
}

void Service::cut(std::optional<Streams::Route> route) {
  for (const int connection : streams_.connections(route)) {
    const auto found = sessions_.find(connection);
    if (found != sessions_.end()) found->second->abort();
    loop_.post([this, connection] { drop(connection, false); });
  }
}

void Service::tick() {
  tick_.after(kTick, [this] { tick(); });
  const WallTime now = wall();
  for (const std::string& line : script_.run_due(stage_, now)) {
    if (options_.complain) options_.complain(line);
  }
  venue_.advance(now);
  publish();
}

void Service::beat() {
  beat_.after(beat_every_, [this] { beat(); });
  const WallTime now = wall();
  if (venue_.market_silent(now)) return;
  streams_.beat(venue_.exchange(), venue_.exchange_time(now),
                [this](int id, std::string text) { outgoing_.emplace_back(id, std::move(text)); });
  deliver();
}

void Service::ping() {
  ping_.after(kPing, [this] { ping(); });
  for (const auto& [id, session] : sessions_) session->ping();
}

// User events, then what moved on the market, as they have gathered since the last time.
void Service::publish() {
  const WallTime now = wall();
  const auto sink = [this](int id, std::string text) {
    outgoing_.emplace_back(id, std::move(text));
  };
  std::vector<UserEvent> events = venue_.exchange().take_events();
  if (!venue_.private_silent(now)) {
    for (UserEvent& event : events) {
      event.text = venue_.stream_text(event, now);
      streams_.publish(event, sink);
    }
  }
  const std::set<std::string> moved = venue_.exchange().take_moved();
  if (!moved.empty() && !venue_.market_silent(now)) {
    streams_.moved(venue_.exchange(), moved, venue_.exchange_time(now), sink);
  }
  deliver();
}

void Service::deliver() {
  for (auto& [id, text] : std::exchange(outgoing_, {})) {
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) found->second->send_text(std::move(text));
  }
}

}  // namespace vakthund::simulator
