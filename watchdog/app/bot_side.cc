#include "watchdog/app/bot_side.h"

namespace vakthund::app {
namespace {

bot::BotKind kind_of(config::Preset preset) {
  switch (preset) {
    case config::Preset::freqtrade:
      return bot::BotKind::freqtrade;
    case config::Preset::generic:
      return bot::BotKind::generic;
    case config::Preset::none:
    case config::Preset::quantum_trader:
      break;
  }
  return bot::BotKind::quantum_trader;
}

std::string below(const std::string& base, const std::string& page) {
  return page.starts_with('/') ? base + page : page;
}

}  // namespace

bot::BotSettings bot_settings(const config::Account& account) {
  const config::Bot& from = account.bot;
  bot::BotSettings settings;
  settings.kind = kind_of(from.preset);
  settings.url = from.url;
  settings.username = from.username;
  settings.password = from.password.reveal();
  settings.authorization = from.authorization.reveal();
  settings.positions = {below(from.url, from.positions.url),
                        from.positions.list,
                        from.positions.symbol,
                        from.positions.side,
                        from.positions.amount,
                        from.positions.quantity,
                        from.positions.entry_price,
                        from.positions.stop_price};
  settings.health = {below(from.url, from.health.url), from.health.progress};
  settings.journal_path = from.journal.sqlite;
  settings.journal_postgres = from.journal.postgres.reveal();
  settings.journal_query = from.journal.query;
  settings.poll_interval =
      std::chrono::duration_cast<std::chrono::milliseconds>(account.poll_interval);
  return settings;
}

bool has_bot(const config::Account& account) {
  return has_bot_api(account) || has_journal(account) ||
         (account.bot.preset == config::Preset::generic && account.bot.health.configured());
}

bool has_bot_api(const config::Account& account) {
  if (account.bot.preset == config::Preset::none) return false;
  if (account.bot.preset == config::Preset::generic) return account.bot.positions.configured();
  return !account.bot.url.empty();
}

bool has_journal(const config::Account& account) {
  return account.bot.preset != config::Preset::none && account.bot.journal.configured();
}

guard::Rungs rungs_of(const config::Bot& bot) {
  guard::Rungs rungs;
  rungs.container = bot.container.configured() || bot.systemd.configured();
  rungs.unit = bot.systemd.configured();
  rungs.bot_api = bot.preset == config::Preset::freqtrade && !bot.url.empty();
  rungs.hook = bot.stop_hook.configured();
  rungs.safe_mode = bot.safe_mode.configured();
  return rungs;
}

}  // namespace vakthund::app
