// What the HTTP server asks of the daemon. Every question is answered on the loop's thread.

#include <future>
#include <nlohmann/json.hpp>

#include "watchdog/app/app.h"
#include "watchdog/app/view.h"
#include "watchdog/config/load.h"
#include "watchdog/server/query.h"
#include "watchdog/server/status_json.h"
#include "watchdog/server/status_text.h"

namespace vakthund::app {
namespace {

using namespace std::chrono_literals;
using server::Answer;

constexpr auto kPatience = 1500ms;

Answer no_such_account(const std::string& name) {
  return server::error_answer(404, "no account \"" + name + "\"");
}

}  // namespace

std::optional<Answer> App::on_loop(std::function<Answer()> question) {
  const auto promise = std::make_shared<std::promise<Answer>>();
  std::future<Answer> answer = promise->get_future();
  loop_.post([promise, question = std::move(question)] { promise->set_value(question()); });
  if (answer.wait_for(kPatience) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

server::Backend App::backend() {
  const auto ask = [this](auto question) {
    return on_loop(std::move(question))
        .value_or(server::error_answer(503, "the watch loop does not answer"));
  };
  server::Backend backend;
  backend.status = [this, ask] {
    return ask([this] { return server::json_answer(server::write_status(status_view())); });
  };
  backend.status_text = [this, ask](const server::TextStyle& style) {
    return ask(
        [this, style] { return server::text_answer(write_status_text(status_view(), style)); });
  };
  backend.kill = [this, ask](const server::KillRequest& request) {
    return ask([this, request] { return kill_answer(request); });
  };
  backend.rearm = [this, ask](const server::RearmRequest& request) {
    return ask([this, request] { return rearm_answer(request); });
  };
  backend.query = [this](const server::QueryRequest& request) { return query_answer(request); };
  backend.reload = [this, ask] { return ask([this] { return reload(); }); };
  backend.incidents = [this] { return incidents_answer(); };
  backend.ready = [this, ask] { return ask([this] { return ready_answer(); }); };
  backend.metrics_text = [this, ask] { return ask([this] { return metrics_answer(); }); };
  return backend;
}

server::StatusView App::status_view() {
  const model::Now now = net::Loop::now();
  std::vector<server::AccountView> views;
  for (const auto& watch : accounts_) views.push_back(watch->view());
  return status_of(std::move(views), config_.mode == config::Mode::armed, now.wall);
}

Answer App::metrics_answer() {
  metrics_.set_armed(config_.mode == config::Mode::armed);
  for (const auto& watch : accounts_) gauges_.take(*watch);
  return metrics_.answer();
}

Answer App::kill_answer(const server::KillRequest& request) {
  const auto accounts = named(request.account);
  if (accounts.empty()) return no_such_account(request.account);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (AccountWatch* watch : accounts) {
    watch->take(guard::KillAsked{"api", request.reason});
    list.push_back({{"name", watch->name()}, {"kill", "asked"}});
  }
  return server::json_answer(nlohmann::ordered_json{{"accounts", list}}.dump(), 202);
}

Answer App::rearm_answer(const server::RearmRequest& request) {
  const auto accounts = named(request.account);
  if (accounts.empty()) return no_such_account(request.account);
  for (AccountWatch* watch : accounts) {
    const std::string refusal = watch->guard().rearm_refusal(request.force);
    if (!refusal.empty()) {
      return server::error_answer(409, "account " + watch->name() + " stays latched: " + refusal);
    }
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (AccountWatch* watch : accounts) {
    const bool was_armed = watch->guard().kill_record().state == guard::KillRecord::State::armed;
    watch->take(guard::RearmAsked{"api", request.force});
    list.push_back(
        {{"name", watch->name()}, {"kill", "armed"}, {"was", was_armed ? "armed" : "latched"}});
  }
  return server::json_answer(nlohmann::ordered_json{{"accounts", list}}.dump());
}

// The loop gives a copy and goes on watching; the query runs on the asker's thread.
Answer App::query_answer(const server::QueryRequest& request) {
  const auto copies = std::make_shared<std::vector<model::Snapshot>>();
  const auto copied = on_loop([this, copies, account = request.account] {
    for (AccountWatch* watch : named(account)) {
      copies->push_back(watch->guard().snapshot());
      copies->back().time = net::Loop::now();
    }
    return copies->empty() ? no_such_account(account) : Answer{};
  });
  if (!copied) return server::error_answer(503, "the watch loop does not answer");
  if (copied->http_status != 200) return *copied;
  std::vector<const model::Snapshot*> snapshots;
  for (const model::Snapshot& copy : *copies) snapshots.push_back(&copy);
  return server::answer_query(snapshots, request.sql);
}

Answer App::incidents_answer() {
  auto rows = memory_->reader().incidents(200);
  if (rows.has_error()) return server::error_answer(503, rows.error().message);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const db::IncidentRow& row : *rows) {
    nlohmann::ordered_json evidence = nlohmann::ordered_json::object();
    for (const auto& [name, value] : row.finding.evidence) evidence[name] = value;
    list.push_back({{"id", row.id},
                    {"account", row.account},
                    {"state", row.state},
                    {"rule", row.finding.rule},
                    {"severity", to_string(row.finding.severity)},
                    {"symbol", row.finding.symbol},
                    {"position_side", to_string(row.finding.position_side)},
                    {"message", row.finding.message},
                    {"since", model::to_iso8601(row.since)},
                    {"at", model::to_iso8601(row.at)},
                    {"evidence", evidence}});
  }
  return server::json_answer(nlohmann::ordered_json{{"incidents", list}}.dump());
}

// Ready: everything that judgement rests on is fresh.
Answer App::ready_answer() {
  const model::Now now = net::Loop::now();
  for (const auto& watch : accounts_) {
    const model::Snapshot& snapshot = watch->guard().snapshot();
    for (const model::Feed feed : {model::Feed::positions, model::Feed::regular_orders,
                                   model::Feed::algo_orders, model::Feed::mark_prices}) {
      const model::Freshness freshness = snapshot.feed(feed).freshness(now.mono);
      if (freshness == model::Freshness::fresh) continue;
      std::string why = watch->name() + ": " + std::string(to_string(feed)) + " " +
                        std::string(to_string(freshness));
      if (!snapshot.feed(feed).trouble.empty()) why += ": " + snapshot.feed(feed).trouble;
      return server::error_answer(503, why);
    }
  }
  return server::text_answer("ready\n");
}

// A bad file is refused and the old one stays. What needs a restart says so.
Answer App::reload() {
  config::Loaded loaded = config::load(config_file_);
  metrics_.set_config_reload(loaded.ok());
  if (!loaded.ok()) return server::error_answer(400, config::check_text(loaded));
  if (loaded.config->accounts.size() != config_.accounts.size() ||
      !std::equal(config_.accounts.begin(), config_.accounts.end(),
                  loaded.config->accounts.begin()) ||
      !(loaded.config->alerts == config_.alerts) ||
      !(loaded.config->database == config_.database) ||
      loaded.config->server.listen != config_.server.listen) {
    metrics_.set_config_reload(false);
    return server::error_answer(
        409,
        "accounts, alerts, database and server.listen change only by a restart; mode, rules "
        "and server.token can be reloaded. The old configuration stays");
  }
  config_ = std::move(*loaded.config);
  api_->change_token(config_.server.token.reveal());
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    accounts_[i]->reconfigure(config_, config_.accounts[i]);
  }
  return server::json_answer(R"({"reloaded":true})");
}

}  // namespace vakthund::app
