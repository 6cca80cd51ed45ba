#include "watchdog/app/app.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "watchdog/app/log.h"
#include "watchdog/app/sinks.h"
#include "watchdog/app/view.h"
#include "watchdog/config/load.h"

namespace vakthund::app {
namespace {

using namespace std::chrono_literals;

alerts::Message message_of(const std::string& account, const guard::Alert& alert, model::Now now) {
  alerts::Message message;
  message.event = alert.event;
  message.incident = alert.incident;
  message.account = account;
  message.severity = alert.severity;
  message.title = alert.title;
  message.text = alert.text;
  message.time = now.wall;
  message.finding = alert.finding;
  message.detail_json = alert.detail_json;
  return message;
}

// The words of {"error": "…"}, without the line's end.
std::string error_of(const server::Answer& answer) {
  const auto document = nlohmann::json::parse(answer.body, nullptr, false);
  std::string text = document.is_object() ? document.value("error", answer.body) : answer.body;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

App::App(config::Config config, std::string config_file)
    : config_(std::move(config)),
      config_file_(std::move(config_file)),
      metrics_(VAKTHUND_VERSION),
      gauges_(metrics_),
      beat_(loop_),
      condition_timer_(loop_) {}

App::~App() {
  // Nobody may ask or be told once the parts go.
  api_.reset();
  drills_.reset();
  accounts_.clear();
  if (outbox_) outbox_->stop();
  if (memory_) memory_->close();
}

Result<void> App::start() {
  const auto warn = [](const std::string& text) { spdlog::warn("database: {}", text); };
  auto memory = Memory::open(config_.database.path, /*alone=*/is_daemon(), warn);
  if (memory.has_error()) return memory.error();
  memory_ = std::move(*memory);

  auto sinks = make_sinks(config_.alerts);
  if (sinks.has_error()) return sinks.error();
  store_ = std::make_unique<OutboxInDb>(memory_->writer(), memory_->reader());
  alerts::OutboxOptions options;
  options.on_outcome = [this](const alerts::Outcome& outcome) {
    metrics_.add_alert(outcome.sink, std::string(to_string(outcome.result)));
    if (outcome.result == alerts::Outcome::Result::delivered) return;
    spdlog::warn("alert {} to {}: {} after {} attempts: {}", outcome.event, outcome.sink,
                 to_string(outcome.result), outcome.attempts, outcome.why);
  };
  outbox_ = std::make_unique<alerts::Outbox>(*store_, std::move(*sinks), alerts::Clock::system(),
                                             std::move(options));
  outbox_->start();

  if (auto accounts = start_accounts(); accounts.has_error()) return accounts.error();
  if (auto server = start_server(); server.has_error()) return server.error();
  if (!memory_->elsewhere().empty()) tell_of_the_disk();
  if (is_daemon()) follow_drills();
  loop_.on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int number) {
    if (number != SIGHUP) return loop_.stop();
    const server::Answer answer = reload();
    if (answer.http_status == 200) {
      spdlog::info("reload: the new configuration is in force");
    } else {
      spdlog::error("reload refused, the old configuration stays: {}", error_of(answer));
    }
  });
  every_second();
  return {};
}

Result<void> App::start_accounts() {
  for (const config::Account& account : config_.accounts) {
    auto watch = AccountWatch::make(
        loop_, config_, account,
        [this](const std::string& name, const guard::Command& command, model::Now now) {
          tell(name, command, now);
        },
        [this](model::Duration took) { metrics_.observe_decision(took); }, is_daemon());
    if (watch.has_error()) {
      return error(watch.error().kind, "account " + account.name + ": " + watch.error().message);
    }
    auto kill = memory_->load_kill(account.name);
    if (kill.has_error()) return kill.error();
    if (kill->has_value() && (**kill).state != guard::KillRecord::State::armed) {
      spdlog::warn("account {}: the switch was pulled before this start ({}: {})", account.name,
                   (**kill).id, (**kill).reason);
    }
    // A command beside a running daemon must not touch what is the daemon's.
    if (is_daemon()) {
      memory_->end_open_incidents(account.name, net::Loop::now().wall);
    }
    auto baseline = memory_->load_baseline(account.name);
    if (baseline.has_error()) return baseline.error();
    found_[account.name] = kill->value_or(guard::KillRecord{});
    (*watch)->start(*kill, *baseline);
    accounts_.push_back(std::move(*watch));
  }
  return {};
}

Result<void> App::start_server() {
  server::Options options;
  options.listen = config_.server.listen;
  options.token = config_.server.token.reveal();
  auto api = server::Api::start(options, backend());
  if (api.has_error()) return api.error();
  api_ = std::move(*api);
  return {};
}

void App::tell_of_the_disk() {
  guard::Alert alert;
  alert.event = "blind";
  alert.severity = model::Severity::critical;
  alert.title = "the database cannot be used";
  alert.text = memory_->elsewhere() +
               "\nJudging and acting go on; what is remembered there is lost if this machine "
               "restarts.";
  for (const auto& watch : accounts_) tell(watch->name(), alert, net::Loop::now());
}

void App::follow_drills() {
  std::vector<std::string> names;
  for (const auto& watch : accounts_) names.push_back(watch->name());
  drills_ = std::make_unique<DrillLog>(
      memory_->reader(), names,
      [this](const std::string& account, const std::optional<db::DrillRow>& row) {
        metrics_.set_last_drill(account, row ? std::optional(row->time) : std::nullopt,
                                row ? std::optional(row->ok) : std::nullopt,
                                row ? row->flat_after : std::nullopt);
        std::optional<model::Drill> last;
        if (row) last = drill_of(*row);
        for (AccountWatch* watch : named(account)) {
          watch->take_from_any_thread({guard::DrillsRead{last}});
        }
      });
}

void App::run() {
  spdlog::info("vakthund {} watches {} account{} in mode {}, http on port {}", VAKTHUND_VERSION,
               accounts_.size(), accounts_.size() == 1 ? "" : "s", to_string(config_.mode), port());
  sd_notify(0, "READY=1");
  loop_.run();
  sd_notify(0, "STOPPING=1");
  spdlog::info("vakthund ends");
}

void App::tell(const std::string& account, const guard::Command& command, model::Now now) {
  memory_->remember(account, command, now.wall);
  if (const auto* alert = std::get_if<guard::Alert>(&command)) {
    alerts::Message message = message_of(account, *alert, now);
    if (is_drill_) {
      message.title = "DRILL: " + message.title;
      message.text += "\nThis is a fire drill on a simulated exchange: nothing of it is real.";
    }
    outbox_->raise(std::move(message));
    if (alert->event == "kill.finished") note_time_to_flat(account);
  }
  log_command(account, command);
}

void App::note_time_to_flat(const std::string& account) {
  for (AccountWatch* watch : named(account)) {
    const guard::KillPlan* plan = watch->guard().plan();
    if (plan && plan->receipt().flat_after) {
      metrics_.observe_time_to_flat(*plan->receipt().flat_after);
    }
  }
}

std::vector<AccountWatch*> App::named(const std::string& account) {
  std::vector<AccountWatch*> list;
  for (const auto& watch : accounts_) {
    if (account.empty() || watch->name() == account) list.push_back(watch.get());
  }
  return list;
}

void App::remember_elsewhere_if_need_be() {
  auto probe = db::Database::open(config_.database.path);
  if (probe.has_value() || db::is_corrupt(probe.error())) return;
  const auto elsewhere =
      std::filesystem::temp_directory_path() / fmt::format("vakthund-direct-{}.db", getpid());
  spdlog::warn(
      "{}: the latch is remembered in {} instead; a daemon started later will not know "
      "of it",
      probe.error().message, elsewhere.string());
  config_.database.path = elsewhere;
}

void App::ask_kill(const std::string& account, const std::string& by, const std::string& reason) {
  for (AccountWatch* watch : named(account)) watch->take(guard::KillAsked{by, reason});
}

bool App::kill_done(const std::string& account) {
  for (AccountWatch* watch : named(account)) {
    if (!watch->guard().plan() || !watch->guard().plan()->done()) return false;
  }
  return true;
}

std::optional<Error> App::hopeless(const std::string& account) {
  for (AccountWatch* watch : named(account)) {
    const guard::KillPlan* plan = watch->guard().plan();
    if (plan && !plan->key_refusal().empty()) {
      return error(ErrorKind::refused, plan->key_refusal());
    }
    const auto trouble = watch->source().trouble();
    if (trouble && trouble->kind == ErrorKind::refused) return trouble;
  }
  return std::nullopt;
}

void App::abandon_kill(const std::string& account) {
  const model::WallTime now = net::Loop::now().wall;
  memory_->remember(account, guard::SaveKill{found_[account]}, now);
  memory_->remember(
      account, guard::Record{"kill.abandoned", "", "the command ended before it was done"}, now);
}

KillProgress App::kill_progress(const std::string& account) {
  KillProgress progress;
  for (AccountWatch* watch : named(account)) {
    const guard::KillPlan* plan = watch->guard().plan();
    if (!plan) continue;
    progress.phase = to_string(plan->phase());
    progress.left = plan->done() ? plan->receipt().left : plan->left(watch->guard().book());
    if (plan->done()) progress.receipt_text = receipt_text(plan->receipt());
  }
  return progress;
}

bool App::run_until(std::function<bool()> condition, model::Duration patience) {
  stop_when(std::move(condition), net::Loop::now().mono + patience);
  loop_.run();
  return condition_met_;
}

void App::stop_when(std::function<bool()> condition, model::MonoTime until) {
  condition_met_ = condition();
  if (condition_met_ || net::Loop::now().mono >= until) return loop_.stop();
  condition_timer_.after(20ms, [this, condition = std::move(condition), until]() mutable {
    stop_when(std::move(condition), until);
  });
}

// Going blind, and seeing again, in one line each, where no alert tells of it.
void App::log_sight() {
  const model::MonoTime now = net::Loop::now().mono;
  for (const auto& watch : accounts_) {
    for (const model::Feed feed :
         {model::Feed::positions, model::Feed::mark_prices, model::Feed::container}) {
      const bool has_alert = feed != model::Feed::container && config_.rules.blind.policy.enabled;
      if (has_alert) continue;  // its own: it says the same, and more
      const model::FeedState& state = watch->guard().snapshot().feed(feed);
      if (!state.used || !state.as_of) continue;
      const bool fresh = state.freshness(now) == model::Freshness::fresh;
      bool& lost = lost_[{watch->name(), feed}];
      if (lost != fresh) continue;
      lost = !fresh;
      if (fresh) {
        spdlog::info("account={} {}: seen again", watch->name(), to_string(feed));
      } else {
        spdlog::warn("account={} {}: not seen for {}{}{}; what rests on it is not judged",
                     watch->name(), to_string(feed), model::to_text(now - *state.as_of),
                     state.trouble.empty() ? "" : ": ", state.trouble);
      }
    }
  }
}

// What the bot's side does not tell, once when it changes: a wrong password, a pointer that finds
// nothing, a setting without sense. No alert tells of these, and each feed has a line a minute.
void App::log_troubles() {
  const model::MonoTime now = net::Loop::now().mono;
  for (const auto& watch : accounts_) {
    for (const model::Feed feed : {model::Feed::bot_health, model::Feed::bot_positions,
                                   model::Feed::journal, model::Feed::container}) {
      const std::string& trouble = watch->guard().snapshot().feed(feed).trouble;
      Told& told = troubles_[{watch->name(), feed}];
      const bool too_soon = told.at != model::MonoTime{} && now < told.at + 1min;
      if (trouble.empty() || trouble == told.what || too_soon) continue;
      told = {trouble, now};
      spdlog::warn("account={} {}: {}", watch->name(), to_string(feed), trouble);
    }
  }
}

// A heartbeat for the supervisor; every hour what is too old is forgotten.
void App::every_second() {
  sd_notify(0, "WATCHDOG=1");
  log_sight();
  log_troubles();
  if (beats_++ % 3600 == 0) {
    memory_->writer().prune(
        net::Loop::now().wall -
        std::chrono::duration_cast<std::chrono::milliseconds>(config_.database.retention));
  }
  beat_.after(1s, [this] { every_second(); });
}

}  // namespace vakthund::app
