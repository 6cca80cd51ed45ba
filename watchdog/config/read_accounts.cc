#include <map>

#include "watchdog/config/readers.h"
#include "watchdog/config/secret_reader.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxAccounts = 16;

void read_urls(Section& section, Account& account) {
  section.read("rest_url", account.rest_url, [](const Value& value) {
    return read_base_url(value, "https", Plain::loopback_only);
  });
  section.read("stream_url", account.stream_url, [](const Value& value) {
    return read_base_url(value, "wss", Plain::loopback_only);
  });
  section.read("ca_file", account.ca_file, read_file_path);
  if (account.environment == Environment::custom) {
    for (const std::string_view key : {"rest_url", "stream_url"}) {
      if (!section.has(key)) section.problem(fmt::format("environment custom needs {}", key));
    }
    return;
  }
  for (const std::string_view key : {"rest_url", "stream_url", "ca_file"}) {
    if (section.has(key)) {
      section.problem(fmt::format("{} counts only with environment: custom; environment is {}", key,
                                  to_string(account.environment)));
    }
  }
}

Account read_account(Section section) {
  Account account;
  section.read("name", account.name, read_name);
  if (!section.has("name")) section.problem("needs a name, such as main");
  section.read("exchange", account.exchange, [](const Value& value) -> std::optional<std::string> {
    auto exchange = value.text("binance-usdm");
    if (exchange && *exchange != "binance-usdm") {
      value.expected("binance-usdm, the one exchange that is supported");
      return std::nullopt;
    }
    return exchange;
  });
  section.read("environment", account.environment, read_word<Environment>);
  read_urls(section, account);
  section.read("bind_address", account.bind_address, read_ip);
  account.api_key = read_secret(section, "api_key", SecretForm::one_line, Need::required);
  account.api_secret =
      read_secret(section, "api_secret", SecretForm::one_line_or_pem, Need::required);
  section.read("poll_interval", account.poll_interval,
               [](const Value& value) { return read_duration(value, {1s, 10min}); });
  section.read("weight_budget", account.weight_budget,
               [](const Value& value) { return read_share(value, Zero::forbidden); });
  read_bot(section.section("bot"), account.bot);
  section.finish();
  return account;
}

}  // namespace

void read_accounts(Section& root, Config& config) {
  std::map<std::string, int> lines;
  const std::size_t problems_before = root.context().problems.size();
  for (const Value& value : root.list("accounts", kMaxAccounts, "'- name: main'")) {
    const Place place = value.node().place;
    if (value.node().kind == Node::Kind::null) {
      value.problem("has no value; expected a section that begins with '- name: main'");
      continue;
    }
    Account account = read_account({root.context(), &value.node(), value.path(), place});
    if (!account.name.empty()) {
      const auto [first, fresh] = lines.emplace(account.name, place.line);
      if (!fresh) {
        value.problem(fmt::format("the name '{}' is taken by the account in line {}", account.name,
                                  first->second));
      }
    }
    config.accounts.push_back(std::move(account));
  }
  if (!root.has("accounts")) {
    root.problem(
        "accounts are missing; at least one is needed, such as '- name: main' with its keys");
  } else if (config.accounts.empty() && root.context().problems.size() == problems_before) {
    root.problem("accounts: the list is empty; at least one is needed");
  }
}

}  // namespace vakthund::config
