// What the guard thinks: which symbols are judged, how verdicts become incidents, and who is told.

#include <algorithm>
#include <utility>

#include "watchdog/guard/advice.h"
#include "watchdog/guard/guard.h"

namespace vakthund::guard {
namespace {

using model::SymbolBook;

// Rules on the account look at windows of time as well: they are judged with whatever happens, but
// not more often than this.
constexpr model::Duration kAccountBeat = std::chrono::seconds(1);

// A custom rule costs more than all others together: once a second where something has changed, and
// now and then because time passes.
constexpr model::Duration kCustomBeat = std::chrono::seconds(1);
constexpr model::Duration kCustomPause = std::chrono::seconds(10);

std::pair<std::string, model::PositionKey> name_of(const Incident& incident) {
  const model::Finding& finding = incident.finding;
  return {finding.rule, {finding.symbol, finding.position_side}};
}

// To observe, a key that may only read is enough: whoever chose that is told, not alarmed.
void cap_for_observers(std::vector<rules::Judged>& judged) {
  for (rules::Judged& one : judged) {
    if (one.rule != "not_ready" || one.verdict.state != model::Verdict::State::breach) continue;
    one.verdict.finding.severity = model::Severity::info;
    one.verdict.finding.message +=
        " In observe no rule acts, but a kill by a person would not work either.";
  }
}

}  // namespace

// What a tick is for: findings whose time has come, and facts that have turned stale.
void Guard::note_due(model::Now now, Book::Touched& touched) const {
  Incidents::Due due = incidents_.due(now.mono);
  std::move(due.symbols.begin(), due.symbols.end(), std::back_inserter(touched.symbols));
  touched.account = touched.account || due.rest;
  const auto stale = book_.next_stale(judged_at_);
  if (stale && *stale <= now.mono) touched.all = true;
}

void Guard::judge(const Book::Touched& touched, model::Now now, Commands& out) {
  if (touched.all) {
    for (const auto& [name, book] : book_.snapshot().symbols) judge_symbol(book, now, out);
    // Incidents of symbols that the book has dropped.
    std::vector<std::string> gone;
    for (const Incident* incident : incidents_.open()) {
      const std::string& symbol = incident->finding.symbol;
      if (incident->judgement == Judgement::symbol && !book_.snapshot().symbol(symbol)) {
        gone.push_back(symbol);
      }
    }
    judged_.clear();
    for (const std::string& symbol : gone) tell_round(Judgement::symbol, symbol, now, out);
  } else {
    std::vector<std::string> symbols = touched.symbols;
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    for (const std::string& name : symbols) {
      if (const SymbolBook* book = book_.snapshot().symbol(name)) judge_symbol(*book, now, out);
    }
  }
  const bool beat = now.mono - account_judged_ >= kAccountBeat;
  if (touched.all || touched.account || beat) judge_account(now, out);
  judge_custom(touched, now, out);
  judged_at_ = now.mono;
}

void Guard::judge_symbol(const SymbolBook& book, model::Now now, Commands& out) {
  judged_.clear();
  rules::judge_symbol(book_.snapshot(), book, settings_.rules, judged_);
  tell_round(Judgement::symbol, book.symbol, now, out);
}

void Guard::judge_account(model::Now now, Commands& out) {
  account_judged_ = now.mono;
  judged_.clear();
  rules::judge_account(book_.snapshot(), settings_.rules, judged_);
  if (!settings_.armed) cap_for_observers(judged_);
  tell_round(Judgement::account, "", now, out);
}

void Guard::judge_custom(const Book::Touched& touched, model::Now now, Commands& out) {
  const bool something = touched.all || touched.account || !touched.symbols.empty();
  if (custom_.empty()) {
    if (!custom_changed_) return;  // set by a reload alone: what they had found ends
  } else {
    custom_changed_ = custom_changed_ || something;
    // The fresh read before an action: the rule that wants it says whether it still holds.
    const bool awaited = touched.all && std::any_of(pending_.begin(), pending_.end(),
                                                    [&](const PendingAction& action) {
                                                      return custom_.has(action.rule);
                                                    });
    const bool its_time = *next_custom() <= now.mono || incidents_.due(now.mono).rest;
    if (!awaited && !its_time) return;
  }
  custom_judged_ = now.mono;
  custom_changed_ = false;
  judged_.clear();
  custom_.judge(book_.snapshot(), judged_);
  tell_round(Judgement::custom, "", now, out);
}

std::optional<model::MonoTime> Guard::next_custom() const {
  if (custom_.empty()) return std::nullopt;
  return custom_judged_ + (custom_changed_ ? kCustomBeat : kCustomPause);
}

// What this round no longer finds has ended; the rest goes on.
void Guard::tell_round(Judgement judgement, std::string_view symbol, model::Now now,
                       Commands& out) {
  for (const Incident& ended : incidents_.end_unjudged(judgement, symbol, judged_)) {
    tell_ended(ended, now, out);
  }
  for (const rules::Judged& judged : judged_) {
    tell(incidents_.take(judged, now, judgement), now, out);
  }
}

std::vector<rules::Judged> Guard::judge_all(model::Now now) {
  book_.set_time(now);
  std::vector<rules::Judged> all;
  for (const auto& [name, book] : book_.snapshot().symbols) {
    rules::judge_symbol(book_.snapshot(), book, settings_.rules, all);
  }
  rules::judge_account(book_.snapshot(), settings_.rules, all);
  custom_.recall(book_.snapshot(), kCustomBeat, all);
  if (!settings_.armed) cap_for_observers(all);
  return all;
}

void Guard::tell(const Incidents::Outcome& outcome, model::Now now, Commands& out) {
  using Change = Incidents::Change;
  const Incident* incident = outcome.incident;
  switch (outcome.change) {
    case Change::none:
      if (incident) act_after_reload(*incident, now, out);
      return;
    case Change::began:
      out.push_back(save(*incident, now));
      return;
    case Change::lapsed:
    case Change::resolved:
      tell_ended(*incident, now, out);
      return;
    case Change::repeated:
      out.push_back(firing_alert(*incident, settings_.armed));
      act_after_reload(*incident, now, out);
      return;
    case Change::fired:
      out.push_back(save(*incident, now));
      out.push_back(firing_alert(*incident, settings_.armed));
      want_action(*incident, now, out);
      return;
  }
}

void Guard::act_after_reload(const Incident& incident, model::Now now, Commands& out) {
  if (told_only_.empty() || !acts(incident.policy, settings_.armed)) return;
  if (told_only_.erase(name_of(incident)) > 0) want_action(incident, now, out);
}

void Guard::tell_ended(const Incident& incident, model::Now now, Commands& out) {
  told_only_.erase(name_of(incident));
  out.push_back(save(incident, now));
  if (incident.fired) out.push_back(resolved_alert(incident));
}

}  // namespace vakthund::guard
