// The `bot` section of an account.
#include <algorithm>
#include <array>

#include "watchdog/config/readers.h"
#include "watchdog/config/secret_reader.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

constexpr std::size_t kMaxClaims = 16;
constexpr std::size_t kMaxClientIds = 16;
constexpr std::string_view kAnyPreset = "quantum-trader, freqtrade or generic";

void check_claim(const Value& value, const std::string& pattern) {
  if (pattern.find("(?<symbol>") == std::string::npos &&
      pattern.find("(?P<symbol>") == std::string::npos) {
    value.problem(
        "a claim needs a group (?<symbol>…), such as '(?<symbol>[A-Z0-9]+) already protected'");
  }
}

// A slip here would be told at the first look only; a password in it is never shown.
void check_connection(Section& section, const Secret& postgres) {
  const std::string& text = postgres.reveal();
  if (!postgres.is_set() || text.starts_with("postgresql://") || text.starts_with("postgres://") ||
      text.find('=') != std::string::npos) {
    return;
  }
  section.problem(
      "postgres: expected a connection string such as 'host=db dbname=trades user=reader' or "
      "postgresql://reader@db/trades");
}

void read_journal(Section section, Journal& journal, Preset preset) {
  section.read("sqlite", journal.sqlite, read_path);
  journal.postgres =
      read_secret(section, "postgres", SecretForm::one_line_with_blanks, Need::optional);
  check_connection(section, journal.postgres);
  section.read("query", journal.query, [](const Value& value) {
    return read_text(value, "an SQL query that returns symbol, side, quantity and entry_price");
  });
  const bool named =
      section.has("sqlite") || section.has("postgres") || section.has("postgres_file");
  if (section.has("sqlite") && (section.has("postgres") || section.has("postgres_file"))) {
    section.problem("has both sqlite and postgres; keep one of them");
  }
  if (section.has("query") && !named) {
    section.problem("a query needs sqlite: the path of the bot's database, or postgres_file");
  }
  if (preset == Preset::generic && named && !section.has("query")) {
    section.problem(
        "preset generic needs a query that returns symbol, side, quantity and entry_price");
  }
  section.finish();
}

// RFC 6901: each part begins with '/', and '~' stands only before 0 and 1.
std::optional<std::string> read_pointer(const Value& value) {
  constexpr std::string_view kPointer = "a JSON pointer such as /data/positions";
  auto text = read_text(value, kPointer, 256);
  if (!text) return std::nullopt;
  bool right = text->starts_with('/');
  for (std::size_t i = 0; i < text->size(); ++i) {
    if ((*text)[i] == '~')
      right = right && i + 1 < text->size() &&
              std::string_view("01").find((*text)[i + 1]) != std::string_view::npos;
  }
  if (right) return text;
  value.expected(kPointer);
  return std::nullopt;
}

// A URL, or a path below the bot's.
std::optional<std::string> read_page(const Value& value, bool has_url) {
  const std::string& written = value.node().text;
  if (!written.starts_with('/')) return read_url(value, "https", Plain::allowed);
  auto path = read_text(value, "a path such as /positions", 1024);
  if (path && std::any_of(path->begin(), path->end(), [](unsigned char c) { return c <= ' '; })) {
    value.problem("a path holds no blanks");
    return std::nullopt;
  }
  if (path && !has_url) {
    value.problem("a path needs the bot's url, such as http://my_bot:8000");
    return std::nullopt;
  }
  return path;
}

void read_positions(Section section, BotPositions& positions, bool has_url) {
  section.read("url", positions.url, [&](const Value& value) { return read_page(value, has_url); });
  const std::array<std::pair<std::string_view, std::string*>, 7> pointers{
      {{"list", &positions.list},
       {"symbol", &positions.symbol},
       {"side", &positions.side},
       {"amount", &positions.amount},
       {"quantity", &positions.quantity},
       {"entry_price", &positions.entry_price},
       {"stop_price", &positions.stop_price}}};
  for (const auto& [key, target] : pointers) section.read(key, *target, read_pointer);
  section.finish();
  for (const std::string_view key : {"url", "symbol"}) {
    if (!section.has(key)) section.problem(fmt::format("needs {}", key));
  }
  if (section.has("amount") == section.has("quantity")) {
    section.problem("needs either amount, which is signed, or quantity with side");
  } else if (section.has("quantity") && !section.has("side")) {
    section.problem(
        "quantity needs side, a pointer to LONG, SHORT, BUY or SELL; where its sign "
        "tells the side, call it amount");
  }
}

void read_health(Section section, BotHealthPage& health, bool has_url) {
  section.read("url", health.url, [&](const Value& value) { return read_page(value, has_url); });
  section.read("progress", health.progress, read_pointer);
  section.finish();
  if (!section.has("url")) section.problem("needs url");
}

void read_client_ids(Section& section, std::vector<std::string>& prefixes) {
  constexpr std::string_view kPrefix =
      "what client ids begin with: 1 to 32 of the characters A-Z a-z 0-9 . : / _ -";
  for (const Value& value : section.list("client_ids", kMaxClientIds, "[ x-xcKtGhcu ]")) {
    const auto text = value.text(kPrefix);
    if (!text) continue;
    const bool right = !text->empty() && text->size() <= 32 &&
                       text->find_first_not_of(
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                           "yz0123456789.:/_-") == std::string::npos;
    if (!right) {
      value.expected(kPrefix);
    } else if (text->starts_with("vkt-") || std::string_view("vkt-").starts_with(*text)) {
      value.problem("vkt- is what Vakthund's own client ids begin with");
    } else {
      prefixes.push_back(*text);
    }
  }
}

void read_access(Section& section, Bot& bot) {
  section.read("username", bot.username,
               [](const Value& value) { return read_text(value, "a user name", 128); });
  if (bot.username.find(':') != std::string::npos) {
    section.problem("username: HTTP Basic allows no ':' in it");
  }
  bot.password = read_secret(section, "password", SecretForm::one_line_with_blanks, Need::optional);
  bot.authorization =
      read_secret(section, "authorization", SecretForm::one_line_with_blanks, Need::optional);
}

// Judged by what is written, so that one mistake is told once.
void check_access(const Section& section, const Bot& bot, bool chosen) {
  const bool user = section.has("username");
  const bool password = section.has("password") || section.has("password_file");
  const bool header = section.has("authorization") || section.has("authorization_file");
  if (user != password) {
    section.problem(user ? "username needs password_file (or password)"
                         : "a password needs a username");
  }
  if (user && header) section.problem("has both username and authorization; keep one of them");
  if (!chosen) return;
  if ((user || password) && bot.preset != Preset::freqtrade) {
    section.problem("username and password are for preset freqtrade; use authorization_file");
  }
  if (bot.preset == Preset::freqtrade && !user && !password && !header) {
    section.problem("preset freqtrade needs username and password_file: its REST API's");
  }
}

void check_preset(const Section& section, const Bot& bot, bool chosen) {
  const bool generic = bot.preset == Preset::generic;
  if (chosen && bot.preset != Preset::none && !generic && !section.has("url")) {
    section.problem(fmt::format(
        "preset {} needs a url such as {}", to_string(bot.preset),
        bot.preset == Preset::freqtrade ? "http://freqtrade:8080" : "http://quantum_backend:8000"));
  }
  if (chosen && generic && !section.has("positions") && !section.has("journal")) {
    section.problem("preset generic needs positions or a journal with a query");
  }
  for (const std::string_view key : {"url", "journal", "positions", "health"}) {
    if (!section.has(key)) continue;
    if (!section.has("preset")) {
      section.problem(fmt::format("{} needs a preset: {}", key, kAnyPreset));
    } else if (chosen && bot.preset == Preset::none) {
      section.problem(fmt::format("{} has no effect with preset none", key));
    } else if (chosen && !generic && (key == "positions" || key == "health")) {
      section.problem(fmt::format("{} is for preset generic; preset {} knows its own", key,
                                  to_string(bot.preset)));
    }
  }
}

}  // namespace

void read_bot(Section section, Bot& bot) {
  const bool chosen = section.read("preset", bot.preset, read_word<Preset>);
  section.read("url", bot.url, [](const Value& value) {
    // The bot is usually a neighbour in a private network of containers.
    return read_base_url(value, "https", Plain::allowed);
  });
  read_access(section, bot);
  const bool has_url = section.has("url");
  Section positions = section.section("positions");
  if (section.has("positions")) read_positions(std::move(positions), bot.positions, has_url);
  Section health = section.section("health");
  if (section.has("health")) read_health(std::move(health), bot.health, has_url);
  read_journal(section.section("journal"), bot.journal, chosen ? bot.preset : Preset::none);
  for (const Value& value :
       section.list("claims", kMaxClaims, "[ '(?<symbol>[A-Z0-9]+) already protected' ]")) {
    const auto pattern = read_text(value, "a regular expression with a group (?<symbol>…)", 500);
    if (!pattern) continue;
    check_claim(value, *pattern);
    bot.claims.push_back(*pattern);
  }
  read_client_ids(section, bot.client_ids);
  read_stopping(section, bot);
  check_preset(section, bot, chosen);
  check_access(section, bot, chosen);
  if (section.has("claims") && !section.has("container")) {
    section.problem("claims are read from the container's log; name it under container");
  }
  section.finish();
}

}  // namespace vakthund::config
