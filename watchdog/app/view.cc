#include "watchdog/app/view.h"

#include <algorithm>

namespace vakthund::app {
namespace {

using model::MaybeDecimal;
using model::Position;
using rules::Protection;
using rules::StopVerdict;

server::Coverage coverage_of(Protection::Status status) {
  switch (status) {
    case Protection::Status::full:
      return server::Coverage::full;
    case Protection::Status::partial:
      return server::Coverage::partial;
    case Protection::Status::none:
      return server::Coverage::none;
    case Protection::Status::unknown:
      return server::Coverage::unknown;
  }
  return server::Coverage::unknown;
}

server::StopView view_of(const StopVerdict& verdict, const Position& position, bool priced) {
  const model::Order& order = *verdict.order;
  server::StopView view;
  view.id = std::to_string(order.id.id);
  view.source = order.id.source;
  view.type = order.type.text();
  view.trigger_price = order.trigger_price;
  view.working_type = order.working_type.text();
  if (priced) view.crossed = verdict.crossed;
  view.effective = verdict.effective();
  view.why = why(verdict, position);
  return view;
}

server::PositionView view_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
                             const Position& position) {
  const MaybeDecimal mark = book.mark ? MaybeDecimal(book.mark->price) : position.mark_price;
  const Protection protection = rules::prove(snapshot, book, position);
  server::PositionView view;
  view.symbol = position.symbol;
  view.side = position.side();
  view.position_side = position.position_side;
  view.quantity = position.quantity.abs();
  view.entry_price = position.entry_price;
  view.mark_price = mark;
  view.liquidation_price = position.liquidation_price;
  view.notional = notional(position, mark);
  view.unrealized_pnl = unrealized_pnl(position, mark);
  view.loss_ratio = loss_ratio(position, mark);
  if (book.config) view.leverage = book.config->leverage;
  view.protection.status = coverage_of(protection.status);
  if (protection.status != Protection::Status::unknown) {
    view.protection.covered_quantity = protection.covered_quantity;
  }
  for (const StopVerdict& stop : protection.stops) {
    view.protection.stops.push_back(view_of(stop, position, book.mark.has_value()));
  }
  std::stable_partition(view.protection.stops.begin(), view.protection.stops.end(),
                        [](const server::StopView& stop) { return stop.effective; });
  return view;
}

std::vector<server::FeedView> feeds_of(const model::Snapshot& snapshot) {
  std::vector<server::FeedView> views;
  for (std::size_t i = 0; i < model::kFeeds; ++i) {
    const auto feed = static_cast<model::Feed>(i);
    const model::FeedState& state = snapshot.feed(feed);
    if (!state.used) continue;
    server::FeedView view;
    view.name = to_string(feed);
    view.freshness = to_string(snapshot.freshness(feed));
    if (state.as_of) view.age = snapshot.time.mono - *state.as_of;
    view.trouble = state.trouble;
    views.push_back(std::move(view));
  }
  return views;
}

// Of what judgement rests on: positions, both order lists, prices.
std::optional<model::Duration> data_age(const model::Snapshot& snapshot) {
  model::Duration oldest{};
  for (const model::Feed feed : {model::Feed::positions, model::Feed::mark_prices}) {
    const auto as_of = snapshot.feed(feed).as_of;
    if (!as_of) return std::nullopt;
    oldest = std::max(oldest, snapshot.time.mono - *as_of);
  }
  return oldest;
}

std::string_view text_of(guard::KillRecord::State state) {
  switch (state) {
    case guard::KillRecord::State::armed:
      return "armed";
    case guard::KillRecord::State::killing:
      return "killing";
    case guard::KillRecord::State::latched:
      return "latched";
  }
  return "?";
}

server::KillView kill_of(const guard::Guard& guard) {
  const guard::KillRecord& record = guard.kill_record();
  server::KillView view;
  view.state = text_of(record.state);
  view.id = record.id;
  view.reason = record.reason;
  view.by = record.by;
  if (record.state != guard::KillRecord::State::armed) view.started = record.started;
  if (const guard::KillPlan* plan = guard.plan()) {
    view.phase = to_string(plan->phase());
    view.left = plan->done() ? plan->receipt().left : plan->left(guard.book());
    if (plan->done()) {
      view.receipt_json = receipt_json(plan->receipt());
      view.receipt_text = receipt_text(plan->receipt());
    }
  }
  return view;
}

// "key: …; container: …": the checks in that state.
std::string checks_in(const model::Readiness& readiness, model::ReadinessCheck::State state) {
  std::string text;
  for (const model::ReadinessCheck& check : readiness.checks) {
    if (check.state == state) text += (text.empty() ? "" : "; ") + check.name + ": " + check.detail;
  }
  return text;
}

void add_readiness(const model::Snapshot& snapshot, server::AccountView& view) {
  using State = model::ReadinessCheck::State;
  if (!snapshot.feed(model::Feed::readiness).used) return;
  const model::Readiness& readiness = snapshot.readiness;
  if (!snapshot.fresh(model::Feed::readiness)) {
    view.kill.not_ready_why = readiness.checks.empty() ? "not probed yet" : "not probed lately";
    return;
  }
  for (const model::ReadinessCheck& check : readiness.checks) {
    view.readiness.push_back({check.name, std::string(to_string(check.state)), check.detail});
  }
  view.kill.ready = readiness.ready();
  if (view.kill.ready == true) return;
  const std::string failed = checks_in(readiness, State::failed);
  view.kill.not_ready_why = failed.empty() ? checks_in(readiness, State::unknown) : failed;
}

std::optional<server::ExchangeView> exchange_of(const model::Snapshot& snapshot) {
  if (!snapshot.fresh(model::Feed::exchange)) return std::nullopt;
  const model::Exchange& exchange = snapshot.exchange;
  server::ExchangeView view{exchange.weight_limit,  exchange.weight_used,   exchange.weight_ours,
                            exchange.weight_others, exchange.weight_budget, {},
                            exchange.refused};
  if (exchange.clock_offset) view.clock_offset_ms = exchange.clock_offset->count();
  return view;
}

// What is not fresh is not known.
std::optional<server::BotView> bot_of(const guard::Guard& guard) {
  const guard::GuardSettings& settings = guard.settings();
  if (!settings.has_bot_api && !settings.has_container) return std::nullopt;
  const model::Snapshot& snapshot = guard.snapshot();
  server::BotView view;
  if (snapshot.fresh(model::Feed::bot_health)) {
    view.up = snapshot.bot_health.up;
    view.detail = snapshot.bot_health.detail;
    view.progress = snapshot.bot_health.progress;
  } else {
    view.detail = snapshot.feed(model::Feed::bot_health).trouble;
  }
  if (settings.has_container) view.container = snapshot.container.name;
  if (settings.has_container && snapshot.fresh(model::Feed::container)) {
    view.container_status = snapshot.container.status.text();
  }
  return view;
}

// What is in doubt is not known; the rules on it say why.
server::DayView day_of(const model::Snapshot& snapshot) {
  server::DayView view;
  if (snapshot.fresh(model::Feed::account)) {
    const model::AccountTotals& totals = snapshot.totals;
    view.equity = totals.margin_balance;
    view.unrealized = totals.unrealized_pnl;
    view.margin_ratio = totals.maintenance_margin / totals.margin_balance;
  }
  const bool income = snapshot.fresh(model::Feed::income) && snapshot.day.doubt.empty();
  if (income) view.realized = snapshot.day.realized;
  if (snapshot.baseline.doubt.empty()) view.peak_equity = snapshot.baseline.peak_equity;
  return view;
}

server::IncidentView view_of(const guard::Incident& incident, model::WallTime now) {
  server::IncidentView view;
  view.id = incident.id;
  view.state = to_string(incident.state);
  view.rule = incident.finding.rule;
  view.severity = incident.finding.severity;
  view.symbol = incident.finding.symbol;
  view.position_side = incident.finding.position_side;
  view.message = incident.finding.message;
  view.since = incident.since;
  view.at = now;
  view.waits = incident.unknown_why;
  return view;
}

}  // namespace

server::AccountView view_of(guard::Guard& guard, model::Now now) {
  server::AccountView view;
  for (rules::Judged& judged : guard.judge_all(now)) {
    if (judged.verdict.state == model::Verdict::State::breach) {
      view.findings.push_back(std::move(judged.verdict.finding));
    } else if (judged.verdict.state == model::Verdict::State::unknown) {
      view.undecided.push_back(
          {std::string(judged.rule), judged.key.symbol, std::move(judged.verdict.why)});
    }
  }
  std::stable_sort(view.findings.begin(), view.findings.end(),
                   [](const auto& a, const auto& b) { return a.severity > b.severity; });
  const model::Snapshot& snapshot = guard.snapshot();
  view.name = snapshot.account;
  view.latched = guard.kill_record().state == guard::KillRecord::State::latched;
  view.data_age = data_age(snapshot);
  // Without positions nothing else can be judged: an empty list must not look like a calm one.
  if (!snapshot.fresh(model::Feed::positions)) {
    const model::FeedState& positions = snapshot.feed(model::Feed::positions);
    view.trouble = !positions.trouble.empty() ? "positions: " + positions.trouble
                   : positions.as_of          ? "positions have not been read for too long"
                                              : "positions have not been read yet";
  }
  for (const Position* position : guard.book().open_positions()) {
    view.positions.push_back(view_of(snapshot, *snapshot.symbol(position->symbol), *position));
  }
  view.feeds = feeds_of(snapshot);
  view.kill = kill_of(guard);
  add_readiness(snapshot, view);
  view.exchange = exchange_of(snapshot);
  view.bot = bot_of(guard);
  view.day = day_of(snapshot);
  for (const guard::Incident* incident : guard.incidents().open()) {
    view.incidents.push_back(view_of(*incident, now.wall));
  }
  return view;
}

server::StatusView status_of(std::vector<server::AccountView> accounts, bool armed,
                             model::WallTime now) {
  server::StatusView view;
  view.time = now;
  view.mode = armed ? "armed" : "observe";
  view.status = accounts.empty() ? server::Overall::unknown : server::Overall::ok;
  for (const server::AccountView& account : accounts) {
    view.status = server::worse(view.status, server::overall_of(account));
  }
  view.accounts = std::move(accounts);
  return view;
}

}  // namespace vakthund::app
