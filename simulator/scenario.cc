#include "simulator/scenario.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "simulator/fields.h"

namespace vakthund::simulator {
namespace {

constexpr std::size_t kMaxFile = 4u << 20;
constexpr std::size_t kMaxSteps = 100'000;

void read_market(const YAML::Node& node, Scenario& scenario, int& crowd_size) {
  const Fields fields(
      node, "market",
      {"extra_symbols", "beat", "oversized_market", "resting_reduce_only_blocks", "shuffle_events",
       "taker_fee", "maker_fee", "expired_certificate", "liquidation"});
  crowd_size = static_cast<int>(fields.integer("extra_symbols", 0, 0, 900));
  scenario.beat_ms = std::max<std::int64_t>(10, fields.milliseconds("beat", 1000));
  Exchange::Settings& s = scenario.settings;
  s.clamp_oversized_market =
      fields.word("oversized_market", "clamp", {"clamp", "refuse"}) == "clamp";
  s.resting_reduce_only_blocks =
      static_cast<int>(fields.integer("resting_reduce_only_blocks", 0, -9999, 0));
  s.shuffle_events = fields.flag("shuffle_events", true);
  s.liquidates = fields.flag("liquidation", false);
  s.taker_fee = fields.maybe_decimal("taker_fee").value_or(s.taker_fee);
  s.maker_fee = fields.maybe_decimal("maker_fee").value_or(s.maker_fee);
  scenario.expired_certificate = fields.flag("expired_certificate", false);
}

Symbol read_symbol(const std::string& name, const YAML::Node& node) {
  const Fields fields(node, "symbol",
                      {"price",
                       "mark",
                       "last",
                       "tick",
                       "price_precision",
                       "step",
                       "quantity_precision",
                       "min_quantity",
                       "max_quantity",
                       "market_step",
                       "market_min_quantity",
                       "market_max_quantity",
                       "min_notional",
                       "status",
                       "contract_type",
                       "trigger_protect",
                       "depth",
                       "slippage",
                       "funding_rate",
                       "max_orders"});
  const MaybeDecimal price =
      fields.has("price") ? fields.maybe_decimal("price") : fields.maybe_decimal("last");
  if (!price) fail_at(node, "symbol: 'price' is missing (or 'last' and 'mark')");
  Symbol s = usual_symbol(name, *price);
  s.mark = fields.maybe_decimal("mark").value_or(s.mark);
  s.last = fields.maybe_decimal("last").value_or(s.last);
  if (s.mark.sign() <= 0 || s.last.sign() <= 0) fail_at(node, "symbol: prices must be above 0");
  s.tick = fields.maybe_decimal("tick").value_or(s.tick);
  s.price_precision = static_cast<int>(fields.integer("price_precision", s.price_precision, 0, 8));
  if (const MaybeDecimal step = fields.maybe_decimal("step")) {
    s.step = s.market_step = s.min_quantity = s.market_min_quantity = *step;
    for (s.quantity_precision = 0; s.quantity_precision < 8; ++s.quantity_precision) {
      if (fits(*step, s.quantity_precision)) break;
    }
  }
  s.quantity_precision =
      static_cast<int>(fields.integer("quantity_precision", s.quantity_precision, 0, 8));
  s.min_quantity = fields.maybe_decimal("min_quantity").value_or(s.min_quantity);
  s.max_quantity = fields.maybe_decimal("max_quantity").value_or(s.max_quantity);
  s.market_step = fields.maybe_decimal("market_step").value_or(s.market_step);
  s.market_min_quantity =
      fields.maybe_decimal("market_min_quantity").value_or(s.market_min_quantity);
  s.market_max_quantity =
      fields.maybe_decimal("market_max_quantity").value_or(s.market_max_quantity);
  s.min_notional = fields.maybe_decimal("min_notional").value_or(s.min_notional);
  s.trigger_protect = fields.maybe_decimal("trigger_protect").value_or(s.trigger_protect);
  s.slippage_ratio = fields.maybe_decimal("slippage").value_or(s.slippage_ratio);
  s.funding_rate = fields.maybe_decimal("funding_rate").value_or(s.funding_rate);
  s.depth = fields.maybe_decimal("depth");
  s.status = fields.text("status", s.status);
  s.contract_type = fields.text("contract_type", s.contract_type);
  s.max_orders = static_cast<int>(fields.integer("max_orders", s.max_orders, 0, 10'000));
  return s;
}

ApiKey::Kind kind_of(const std::string& pem, const YAML::Node& node) {
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const int type = key ? EVP_PKEY_base_id(key.get()) : 0;
  if (type == EVP_PKEY_ED25519) return ApiKey::Kind::ed25519;
  if (type == EVP_PKEY_RSA) return ApiKey::Kind::rsa;
  fail_at(node, "public_key: expected the PEM of an Ed25519 or RSA public key");
}

ApiKey read_key(const YAML::Node& node) {
  const Fields fields(node, "key",
                      {"name", "permissions", "can_withdraw", "key", "secret", "public_key"});
  ApiKey key;
  key.name = fields.text("name");
  key.may_trade = fields.word("permissions", "trade", {"trade", "read"}) == "trade";
  key.may_withdraw = fields.flag("can_withdraw", false);
  key.key = fields.text("key", "");
  key.secret = fields.text("secret", "");
  if (fields.has("public_key")) {
    key.secret = fields.text("public_key");
    key.kind = kind_of(key.secret, fields.node("public_key"));
  }
  return key;
}

template <class Read>
void read_list(const Fields& fields, std::string_view key, Read read) {
  if (!fields.has(key)) return;
  const YAML::Node list = fields.node(key);
  if (!list.IsSequence()) fail_at(list, fmt::format("{}: expected a list", key));
  for (const YAML::Node& one : list) read(one);
}

void read_account(const YAML::Node& node, Scenario& scenario) {
  const Fields fields(node, "account",
                      {"name", "mode", "wallet", "leverage", "can_trade", "keys", "positions",
                       "orders", "algo_orders"});
  Account account;
  account.name = fields.text("name");
  for (const Account& other : scenario.accounts) {
    if (other.name == account.name) fail_at(fields.node("name"), "account: this name is taken");
  }
  account.hedge = fields.word("mode", "one_way", {"one_way", "hedge"}) == "hedge";
  account.wallet = fields.maybe_decimal("wallet").value_or(Decimal::whole(10'000));
  account.default_leverage = static_cast<int>(fields.integer("leverage", 20, 1, 125));
  account.can_trade = fields.flag("can_trade", true);
  read_list(fields, "keys", [&](const YAML::Node& n) { account.keys.push_back(read_key(n)); });
  if (account.keys.empty()) {
    account.keys.push_back({.name = "trade", .key = {}, .secret = {}, .may_trade = true});
    account.keys.push_back({.name = "read", .key = {}, .secret = {}, .may_trade = false});
  }
  const auto add = [&](const YAML::Node& n, Action action) {
    scenario.setup.push_back({0, n.Mark().line + 1, std::move(action)});
  };
  read_list(fields, "positions",
            [&](const YAML::Node& n) { add(n, read_position(n, account.name)); });
  read_list(fields, "orders", [&](const YAML::Node& n) { add(n, read_order(n, account.name)); });
  read_list(fields, "algo_orders",
            [&](const YAML::Node& n) { add(n, read_algo(n, account.name)); });
  scenario.accounts.push_back(std::move(account));
}

Scenario read(const YAML::Node& root, const std::string& file) {
  const Fields fields(root, "scenario", {"seed", "market", "symbols", "accounts", "steps", "loop"});
  Scenario scenario;
  scenario.file = file;
  scenario.settings.seed = static_cast<std::uint64_t>(fields.integer("seed", 1, 0, INT64_MAX));
  int crowd_size = 0;
  if (fields.has("market")) read_market(fields.node("market"), scenario, crowd_size);
  const YAML::Node symbols = fields.node("symbols");
  if (!symbols.IsMap()) fail_at(symbols, "symbols: expected NAME: {price: …}");
  for (const auto& entry : symbols) {
    scenario.symbols.push_back(read_symbol(scalar(entry.first, "symbol"), entry.second));
  }
  for (Symbol& extra : crowd(crowd_size)) scenario.symbols.push_back(std::move(extra));
  read_list(fields, "accounts", [&](const YAML::Node& n) { read_account(n, scenario); });
  if (scenario.accounts.empty()) fail_at(root, "scenario: at least one account is needed");
  read_list(fields, "steps", [&](const YAML::Node& n) {
    if (scenario.steps.size() >= kMaxSteps) fail_at(n, "steps: more than 100000");
    Action action = read_action(n);
    std::int64_t at_ms = 0;
    if (n["at"]) {
      YAML::Node only_at;
      only_at["at"] = n["at"];
      at_ms = Fields(only_at, "step", {"at"}).milliseconds("at", 0);
    }
    scenario.steps.push_back({at_ms, n.Mark().line + 1, std::move(action)});
  });
  std::sort(scenario.steps.begin(), scenario.steps.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at_ms, a.line) < std::pair(b.at_ms, b.line);
  });
  scenario.loop_ms = fields.milliseconds("loop", 0);
  return scenario;
}

std::string random_word() {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";
  unsigned char bytes[64];
  VAKTHUND_ASSERT(RAND_bytes(bytes, sizeof bytes) == 1);
  std::string word;
  for (const unsigned char byte : bytes) word += kLetters[byte % kLetters.size()];
  return word;
}

}  // namespace

Result<Scenario> read_scenario(const std::string& text, const std::string& file) {
  try {
    return read(YAML::Load(text), file);
  } catch (const ScenarioError& e) {
    return error(ErrorKind::invalid,
                 fmt::format("{}:{}:{}: {}", file, e.line, e.column, e.message));
  } catch (const YAML::Exception& e) {
    return error(ErrorKind::invalid,
                 fmt::format("{}:{}:{}: {}", file, e.mark.line + 1, e.mark.column + 1, e.msg));
  }
}

Result<Scenario> load_scenario(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return error(ErrorKind::not_found, path + ": cannot be opened");
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.size() > kMaxFile) return error(ErrorKind::invalid, path + ": larger than 4 MB");
  return read_scenario(text, path);
}

void complete_keys(Scenario& scenario) {
  for (Account& account : scenario.accounts) {
    for (ApiKey& key : account.keys) {
      if (key.key.empty()) key.key = random_word();
      if (key.secret.empty()) key.secret = random_word();
    }
  }
}

Result<void> stage_scenario(const Scenario& scenario, Stage& stage, WallTime now) {
  for (const Symbol& symbol : scenario.symbols) stage.venue.exchange().add_symbol(symbol);
  for (const Account& account : scenario.accounts) stage.venue.exchange().add_account(account);
  stage.first_account = scenario.accounts.front().name;
  for (const TimedAction& timed : scenario.setup) {
    const Answer<std::string> done = timed.action(stage, now);
    if (!done) {
      return error(ErrorKind::refused,
                   fmt::format("{}:{}: the exchange refuses this: {} {}", scenario.file, timed.line,
                               done.error().code, done.error().message));
    }
  }
  return {};
}

}  // namespace vakthund::simulator
