#include "watchdog/guard/incidents.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

// "20251120T012300-stop_crossed-BNBUSDT": sorts by time, says what it is about.
std::string make_id(std::string_view rule, const model::PositionKey& key, model::WallTime at) {
  std::string time = model::to_iso8601(at).substr(0, 19);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  std::string id = fmt::format("{}-{}", time, rule);
  if (!key.symbol.empty()) id += "-" + key.symbol;
  if (key.position_side != model::PositionSide::both) {
    id += fmt::format("-{}", to_string(key.position_side));
  }
  return id;
}

}  // namespace

std::string_view to_string(Incident::State state) {
  switch (state) {
    case Incident::State::pending:
      return "pending";
    case Incident::State::firing:
      return "firing";
    case Incident::State::resolved:
      return "resolved";
  }
  return "?";
}

Incidents::Outcome Incidents::take(const rules::Judged& judged, model::Now now,
                                   Judgement judgement) {
  const Key key{judged.key.symbol, judged.key.position_side, std::string(judged.rule)};
  const auto at = open_.find(key);
  switch (judged.verdict.state) {
    case model::Verdict::State::unknown:
      if (at != open_.end() && at->second.breached_now) {
        at->second.breached_now = false;
        at->second.unknown_since = now.mono;
      }
      if (at != open_.end()) at->second.unknown_why = judged.verdict.why;
      return {};
    case model::Verdict::State::clear: {
      if (at == open_.end()) return {};
      ended_ = std::move(at->second);
      open_.erase(at);
      ended_.state = Incident::State::resolved;
      return {ended_.fired ? Change::resolved : Change::lapsed, &ended_};
    }
    case model::Verdict::State::breach:
      break;
  }
  Change change = Change::none;
  Incident* incident = nullptr;
  if (at == open_.end()) {
    if (open_.size() == kMaxOpen) {
      ++dropped_;
      return {};
    }
    incident = &open_[key];
    incident->id = make_id(judged.rule, judged.key, now.wall);
    incident->judgement = judgement;
    incident->breached = now.mono;
    incident->since = now.wall;
    change = Change::began;
  } else {
    incident = &at->second;
    if (!incident->breached_now) incident->breached += now.mono - incident->unknown_since;
  }
  incident->finding = judged.verdict.finding;
  incident->policy = *judged.policy;
  incident->breached_now = true;
  incident->unknown_why.clear();
  if (now.mono < deadline(*incident)) return {change, incident};
  change = incident->state == Incident::State::pending ? Change::fired : Change::repeated;
  incident->state = Incident::State::firing;
  incident->fired = true;
  incident->told = now.mono;
  return {change, incident};
}

std::vector<Incident> Incidents::end_unjudged(Judgement judgement, std::string_view symbol,
                                              const std::vector<rules::Judged>& judged) {
  const bool one_symbol = judgement == Judgement::symbol;
  const auto stands = [&](const Key& key) {
    return std::any_of(judged.begin(), judged.end(), [&](const rules::Judged& one) {
      return one.rule == key.rule && one.key.symbol == key.symbol &&
             one.key.position_side == key.position_side;
    });
  };
  std::vector<Incident> ended;
  auto at = one_symbol ? open_.lower_bound({std::string(symbol), model::PositionSide::unknown, ""})
                       : open_.begin();
  while (at != open_.end() && (!one_symbol || at->first.symbol == symbol)) {
    if (at->second.judgement != judgement || stands(at->first)) {
      ++at;
      continue;
    }
    at->second.state = Incident::State::resolved;
    ended.push_back(std::move(at->second));
    at = open_.erase(at);
  }
  return ended;
}

model::MonoTime Incidents::deadline(const Incident& incident) const {
  return incident.state == Incident::State::pending ? incident.breached + incident.policy.hold
                                                    : incident.told + repeat_interval_;
}

std::optional<model::MonoTime> Incidents::next_deadline() const {
  std::optional<model::MonoTime> next;
  for (const auto& [key, incident] : open_) {
    if (!incident.breached_now) continue;  // waits for data, not for time
    const model::MonoTime at = deadline(incident);
    if (!next || at < *next) next = at;
  }
  return next;
}

Incidents::Due Incidents::due(model::MonoTime now) const {
  Due due;
  for (const auto& [key, incident] : open_) {
    if (!incident.breached_now || deadline(incident) > now) continue;
    if (incident.judgement != Judgement::symbol) {
      due.rest = true;
    } else {
      due.symbols.push_back(key.symbol);
    }
  }
  return due;
}

std::vector<const Incident*> Incidents::open() const {
  std::vector<const Incident*> list;
  for (const auto& [key, incident] : open_) list.push_back(&incident);
  return list;
}

const Incident* Incidents::find(std::string_view rule, const model::PositionKey& key) const {
  const auto at = open_.find({key.symbol, key.position_side, std::string(rule)});
  return at == open_.end() ? nullptr : &at->second;
}

}  // namespace vakthund::guard
