#include "simulator/exchange.h"

#include <algorithm>
#include <utility>

namespace vakthund::simulator {

namespace {
constexpr std::int64_t kListenKeyMs = 60 * 60 * 1000;
}

Exchange::Exchange(Settings settings) : settings_(settings), random_(settings.seed) {}

void Exchange::add_symbol(Symbol symbol) {
  ++symbols_version_;
  symbols_[symbol.name] = std::move(symbol);
}

Account& Exchange::add_account(Account account) {
  const std::string name = account.name;
  return accounts_[name] = std::move(account);
}

const Symbol* Exchange::symbol(const std::string& name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : &found->second;
}

Symbol* Exchange::mutable_symbol(const std::string& name) {
  ++symbols_version_;
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : &found->second;
}

Account* Exchange::account(const std::string& name) {
  const auto found = accounts_.find(name);
  return found == accounts_.end() ? nullptr : &found->second;
}

SymbolOf Exchange::symbol_of() const {
  return [this](const std::string& name) { return symbol(name); };
}

void Exchange::emit(const Account& account, Json event) {
  std::string type = event["e"].get<std::string>();
  batch_.push_back({account.name, account.listen_key, std::move(type), event.dump()});
}

// Draws the next event from a random type that has one left; within a type the order stands.
void Exchange::flush() {
  if (!settings_.shuffle_events) {
    std::move(batch_.begin(), batch_.end(), std::back_inserter(events_));
    batch_.clear();
    return;
  }
  std::vector<std::vector<UserEvent>> by_type;
  for (UserEvent& event : batch_) {
    const auto same = std::find_if(by_type.begin(), by_type.end(), [&](const auto& queue) {
      return queue.front().type == event.type && queue.front().account == event.account;
    });
    if (same == by_type.end()) {
      by_type.emplace_back().push_back(std::move(event));
    } else {
      same->push_back(std::move(event));
    }
  }
  std::vector<std::size_t> next(by_type.size(), 0);
  for (std::size_t left = batch_.size(); left > 0; --left) {
    std::size_t pick = random_() % by_type.size();
    while (next[pick] == by_type[pick].size()) pick = (pick + 1) % by_type.size();
    events_.push_back(std::move(by_type[pick][next[pick]++]));
  }
  batch_.clear();
}

std::vector<UserEvent> Exchange::take_events() { return std::exchange(events_, {}); }

std::set<std::string> Exchange::take_moved() { return std::exchange(moved_, {}); }

Answer<Done> Exchange::set_leverage(Account& account, const std::string& name, int leverage,
                                    WallTime now) {
  const Symbol* s = symbol(name);
  if (!s) return refusal(-1121);
  if (leverage < 1 || leverage > s->brackets.front().leverage) {
    return refusal(-4028, std::to_string(leverage));
  }
  SymbolSetting setting = account.setting(name);
  setting.leverage = leverage;
  account.settings[name] = setting;
  emit(account, leverage_update(name, leverage, now));
  flush();
  return Done{};
}

Answer<Done> Exchange::set_margin_type(Account& account, const std::string& name, bool isolated,
                                       WallTime) {
  if (!symbol(name)) return refusal(-1121);
  SymbolSetting setting = account.setting(name);
  if (setting.isolated == isolated) return refusal(-4046);
  setting.isolated = isolated;
  account.settings[name] = setting;
  return Done{};
}

Answer<Done> Exchange::set_hedge(Account& account, bool hedge) {
  if (account.hedge == hedge) return refusal(-4059);
  if (!account.open_orders.empty() || !account.open_algos.empty()) return refusal(-4067);
  for (const auto& [key, position] : account.positions) {
    if (!position.quantity.is_zero()) return refusal(-4068);
  }
  account.positions.clear();
  account.hedge = hedge;
  return Done{};
}

void Exchange::set_countdown(Account& account, const std::string& name, std::int64_t countdown_ms,
                             WallTime now) {
  if (countdown_ms <= 0) {
    account.countdowns.erase(name);
  } else {
    account.countdowns[name] = now + std::chrono::milliseconds(countdown_ms);
  }
}

std::string Exchange::listen_key(Account& account, const std::string& fresh, WallTime now) {
  if (account.listen_key.empty()) account.listen_key = fresh;
  account.listen_until = now + std::chrono::milliseconds(kListenKeyMs);
  return account.listen_key;
}

void Exchange::end_listen_key(Account& account, bool tell, WallTime now) {
  if (account.listen_key.empty()) return;
  // The event still has to reach the key's own streams: they are told before the key goes.
  if (tell) emit(account, listen_key_expired(account.listen_key, now));
  flush();
  account.listen_key.clear();
}

void Exchange::set_prices(const std::string& name, MaybeDecimal mark, MaybeDecimal last,
                          WallTime now) {
  const auto found = symbols_.find(name);
  if (found == symbols_.end()) return;
  Symbol& s = found->second;
  moved_.insert(name);
  if (mark) s.mark = *mark;
  if (last) s.last = *last;
  for (auto& [account_name, account] : accounts_) {
    match_resting(account, s, now);
    run_algos(account, s, now);
    if (settings_.liquidates) liquidate(account, now);
  }
  flush();
}

void Exchange::set_position(Account& account, const std::string& name, PositionSide side,
                            Decimal quantity, Decimal entry, WallTime now) {
  Position& p = account.positions[{name, side}];
  p.symbol = name;
  p.side = side;
  p.quantity = quantity;
  p.entry = quantity.is_zero() ? Decimal() : entry;
  p.updated = now;
  if (const Symbol* s = symbol(name)) p.unrealized = times(quantity, minus(s->mark, p.entry));
  emit(account, account_update("ORDER", account, {&p}, {}, {}, now));
  fit_reduce_only(account, name, side, now);
  expire_tied_algos(account, name, side, now);
  flush();
}

void Exchange::fund(Account& account, Decimal amount, const std::string& type,
                    const std::string& name, WallTime now) {
  account.wallet = plus(account.wallet, amount);
  account.incomes.push_back({next_trade_id_++, name, type, {}, amount, now});
  // The income list and the event have different words for money that comes and goes.
  const std::string reason = type != "TRANSFER" ? type : amount.sign() < 0 ? "WITHDRAW" : "DEPOSIT";
  emit(account, account_update(reason, account, {}, amount,
                               type == "FUNDING_FEE" ? name : std::string(), now));
  trim(account);
  flush();
}

void Exchange::advance(WallTime now) {
  for (auto& [name, account] : accounts_) {
    if (!account.listen_key.empty() && account.listen_until <= now) {
      end_listen_key(account, true, now);
    }
    std::vector<std::string> due;
    for (const auto& [symbol_name, when] : account.countdowns) {
      if (when <= now) due.push_back(symbol_name);
    }
    for (const std::string& symbol_name : due) {
      account.countdowns.erase(symbol_name);
      cancel_all(account, symbol_name, now);
    }
    std::vector<std::int64_t> expired;
    for (const std::int64_t id : account.open_orders) {
      const std::int64_t till = account.orders.at(id).good_till_ms;
      if (till > 0 && till <= epoch_ms(now)) expired.push_back(id);
    }
    for (const std::int64_t id : expired) {
      end_order(account, account.orders.at(id), "EXPIRED", "EXPIRED", "0", now);
    }
  }
  flush();
}

void Exchange::trim(Account& account) {
  while (account.trades.size() > Account::kMaxHistory) account.trades.pop_front();
  while (account.incomes.size() > Account::kMaxHistory) account.incomes.pop_front();
  while (account.forced.size() > Account::kMaxHistory) account.forced.pop_front();
  const auto drop_oldest = [](auto& all, const auto& open) {
    for (auto it = all.begin(); all.size() > Account::kMaxHistory && it != all.end();) {
      it = open.contains(it->first) ? std::next(it) : all.erase(it);
    }
  };
  drop_oldest(account.orders, account.open_orders);
  drop_oldest(account.algos, account.open_algos);
}

}  // namespace vakthund::simulator
