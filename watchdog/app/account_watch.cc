#include "watchdog/app/account_watch.h"

#include <algorithm>

#include "watchdog/app/bot_side.h"
#include "watchdog/app/exchange_urls.h"
#include "watchdog/app/view.h"

namespace vakthund::app {
namespace {

constexpr std::size_t kMaxWaiting = 200'000;  // events; far beyond any burst of ten seconds

constexpr std::chrono::hours kPast(7 * 24 - 1);  // one read of trades reaches seven days

// The preset's, where the configuration names none (bots.md, "claims").
const std::vector<std::string> kQuantumTraderClaims = {"✅ (?<symbol>[A-Z0-9]+) already protected"};

binance::SourceSettings source_settings(const config::Account& account) {
  const ExchangeUrls urls = exchange_urls(account);
  binance::SourceSettings settings;
  settings.account = account.name;
  settings.rest_url = urls.rest;
  settings.stream_url = urls.stream;
  settings.ca_file = account.ca_file;
  settings.bind_address = account.bind_address;
  settings.api_key = account.api_key.reveal();
  settings.secret = account.api_secret.reveal();
  settings.poll_interval = account.poll_interval;
  settings.weight_budget_ratio = account.weight_budget;
  return settings;
}

}  // namespace

guard::GuardSettings guard_settings(const config::Config& config, const config::Account& account,
                                    bool watches) {
  guard::GuardSettings settings;
  settings.account = account.name;
  settings.armed = config.mode == config::Mode::armed;
  settings.rules = config.rules;
  settings.watches = watches;
  if (!watches) settings.rules.account_drawdown.policy.enabled = false;
  settings.repeat_interval = config.alerts.repeat_interval;
  settings.rungs = rungs_of(account.bot);
  settings.has_container = settings.rungs.container;
  settings.has_bot_api = has_bot_api(account);
  settings.has_journal = has_journal(account);
  settings.bot_client_ids = account.bot.client_ids;
  // Three missed polls are no longer news.
  settings.freshnesses.positions =
      std::max<model::Duration>(3 * account.poll_interval, std::chrono::seconds(10));
  settings.freshnesses.bot =
      std::max<model::Duration>(4 * account.poll_interval, std::chrono::seconds(20));
  return settings;
}

AccountWatch::AccountWatch(net::Loop& loop, guard::GuardSettings settings, Tell tell,
                           Decided decided)
    : loop_(loop),
      name_(settings.account),
      guard_(std::move(settings)),
      tell_(std::move(tell)),
      decided_(std::move(decided)),
      deadline_(loop) {}

AccountWatch::~AccountWatch() {
  if (bot_) bot_->stop();
}

Result<std::unique_ptr<AccountWatch>> AccountWatch::make(net::Loop& loop,
                                                         const config::Config& config,
                                                         const config::Account& account, Tell tell,
                                                         Decided decided, bool watches) {
  std::unique_ptr<AccountWatch> watch(new AccountWatch(
      loop, guard_settings(config, account, watches), std::move(tell), std::move(decided)));
  AccountWatch* self = watch.get();
  auto source = binance::Source::make(
      loop, source_settings(account),
      [self](std::vector<guard::Event> events) { self->take(std::move(events)); });
  if (source.has_error()) return source.error();
  watch->source_ = std::move(*source);

  if (account.bot.container.configured()) {
    watch->container_ = account.bot.container.name;
    const bool preset =
        account.bot.claims.empty() && account.bot.preset == config::Preset::quantum_trader;
    auto claims = bot::Claims::compile(preset ? kQuantumTraderClaims : account.bot.claims);
    if (claims.has_error()) return claims.error();
    watch->claims_ = std::make_shared<bot::Claims>(std::move(*claims));
  } else {
    watch->container_ = account.bot.systemd.unit;
  }
  watch->containment_ = std::make_unique<BotContainment>(
      loop, account, watch->claims_,
      [self](guard::Event event) { self->take_engine(std::move(event)); });
  if (has_bot(account)) {
    watch->bot_ = std::make_unique<bot::BotSource>(bot_settings(account),
                                                   [self](std::vector<guard::Event> events) {
                                                     self->take_from_any_thread(std::move(events));
                                                   });
  }
  return watch;
}

void AccountWatch::start(const std::optional<guard::KillRecord>& kill,
                         const std::optional<model::Baseline>& baseline) {
  if (kill) take(guard::Restored{*kill});
  if (baseline) take(guard::BaselineRestored{*baseline});
  source_->start();
  containment_->watch();
  if (bot_) bot_->start();
}

void AccountWatch::take(guard::Event event) {
  std::vector<guard::Event> one;
  one.push_back(std::move(event));
  take(std::move(one));
}

void AccountWatch::take(std::vector<guard::Event> events) {
  if (events.empty()) return;
  if (waiting_.empty()) oldest_ = net::Loop::now().mono;
  if (!awaited_past_.empty()) {
    for (const guard::Event& event : events) note_past(event);
  }
  if (waiting_.size() + events.size() > kMaxWaiting) {
    // Whoever floods us is not allowed to take the memory; positions are read again by the poll.
    waiting_.clear();
    waiting_.push_back(guard::Undecodable{model::Feed::positions,
                                          "more events than can be held: all were dropped"});
  }
  std::move(events.begin(), events.end(), std::back_inserter(waiting_));
  if (drain_posted_) return;
  drain_posted_ = true;
  loop_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.lock()) drain();
  });
}

void AccountWatch::take_engine(guard::Event event) {
  if (!awaited_.empty()) {
    const auto* failed = std::get_if<guard::FeedFailed>(&event);
    const auto* alive = std::get_if<guard::FeedAlive>(&event);
    if (std::holds_alternative<guard::ContainerSeen>(event)) awaited_.erase(model::Feed::container);
    if (failed) awaited_.erase(failed->feed);
    if (alive) awaited_.erase(alive->feed);
    // Without the container there is no log to wait for.
    if (failed && failed->feed == model::Feed::container) awaited_.clear();
    if (awaited_.empty()) loop_.post(on_engine_answered_);
  }
  take(std::move(event));
}

void AccountWatch::take_from_any_thread(std::vector<guard::Event> events) {
  loop_.post([this, alive = std::weak_ptr<bool>(alive_), events = std::move(events)]() mutable {
    if (alive.lock()) take(std::move(events));
  });
}

void AccountWatch::drain() {
  drain_posted_ = false;
  const std::vector<guard::Event> events = std::move(waiting_);
  waiting_.clear();
  const model::Now now = net::Loop::now();
  const guard::Commands commands = guard_.on(events, now);
  const model::Duration took = net::Loop::now().mono - oldest_;
  for (const guard::Command& command : commands) execute(command, now);
  if (decided_) decided_(took);
  if (const auto next = guard_.next_deadline()) {
    deadline_.at(*next, [this] { take(guard::Tick{}); });
  } else {
    deadline_.cancel();
  }
}

void AccountWatch::execute(const guard::Command& command, model::Now now) {
  if (const auto* read = std::get_if<guard::Read>(&command)) {
    source_->execute(*read);
  } else if (const auto* watch = std::get_if<guard::Watch>(&command)) {
    source_->execute(*watch);
  } else if (const auto* orders = std::get_if<guard::PlaceOrders>(&command)) {
    source_->execute(*orders);
  } else if (const auto* test = std::get_if<guard::TestOrders>(&command)) {
    source_->execute(*test);
  } else if (const auto* cancel = std::get_if<guard::CancelOrders>(&command)) {
    source_->execute(*cancel);
  } else if (const auto* step = std::get_if<guard::ContainmentCommand>(&command)) {
    containment_->execute(*step);
  } else if (tell_) {
    tell_(name_, command, now);
  }
}

void AccountWatch::reconfigure(const config::Config& config, const config::Account& account) {
  guard_.reconfigure(guard_settings(config, account, guard_.settings().watches));
}

void AccountWatch::look_once(std::function<void()> done, const std::string& symbol) {
  if (bot_) take(bot_->look_once());
  // Two sides answer: the exchange, and the container where there is one.
  const auto missing = std::make_shared<int>(containment_->watches() ? 2 : 1);
  const auto one_done = [this, missing, done = std::move(done)] {
    if (--*missing > 0) return;
    loop_.post([this, done] {
      if (!waiting_.empty()) drain();
      done();
    });
  };
  if (containment_->watches()) {
    awaited_ = {model::Feed::container};
    if (claims_) awaited_.insert(model::Feed::container_log);
    on_engine_answered_ = one_done;
    containment_->watch();
  }
  if (symbol.empty()) return source_->read_once(one_done);
  source_->read_once([this, symbol, one_done] { read_past(symbol, one_done); });
}

// After the first look, so that what is dear does not delay what matters most.
void AccountWatch::read_past(const std::string& symbol, std::function<void()> done) {
  using What = guard::Read::What;
  past_symbol_ = symbol;
  awaited_past_ = {What::fills, What::regular_history, What::algo_history};
  on_past_read_ = std::move(done);
  const model::WallTime since = net::Loop::now().wall - kPast;
  for (const What what : {What::regular_history, What::algo_history, What::fills}) {
    source_->execute(guard::Read{what, symbol, "", since, /*urgent=*/true});
  }
}

void AccountWatch::note_past(const guard::Event& event) {
  using What = guard::Read::What;
  constexpr int kNoSuchSymbol = -1121;
  std::optional<What> answered;
  if (const auto* fills = std::get_if<guard::FillsRead>(&event)) {
    if (fills->symbol == past_symbol_) answered = What::fills;
  } else if (const auto* history = std::get_if<guard::OrderHistoryRead>(&event)) {
    const bool algo = history->source == model::OrderSource::algo;
    if (history->symbol == past_symbol_)
      answered = algo ? What::algo_history : What::regular_history;
  } else if (const auto* failed = std::get_if<guard::ReadFailed>(&event)) {
    if (failed->read.symbol == past_symbol_) answered = failed->read.what;
    if (answered && failed->error.code == kNoSuchSymbol) lists_symbol_ = false;
  }
  if (!answered) return;
  if (!std::holds_alternative<guard::ReadFailed>(event)) lists_symbol_ = true;
  if (awaited_past_.erase(*answered) > 0 && awaited_past_.empty()) loop_.post(on_past_read_);
}

server::AccountView AccountWatch::view() {
  server::AccountView view = view_of(guard_, net::Loop::now());
  // It is known by its configured name before it was ever seen.
  if (view.bot && view.bot->container.empty()) view.bot->container = container_;
  return view;
}

}  // namespace vakthund::app
