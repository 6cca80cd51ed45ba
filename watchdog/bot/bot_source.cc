#include "watchdog/bot/bot_source.h"

#include <fmt/format.h>

#include "watchdog/bot/quantum_trader.h"

namespace vakthund::bot {
namespace {

constexpr const char* kPositions = "/api/positions";
constexpr const char* kOlderPositions = "/positions";

std::string without_trailing_slash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

BotSettings tidy(BotSettings settings) {
  settings.url = without_trailing_slash(std::move(settings.url));
  return settings;
}

}  // namespace

BotSource::BotSource(BotSettings settings, Deliver deliver)
    : settings_(tidy(std::move(settings))),
      deliver_(std::move(deliver)),
      http_(settings_.ca_file),
      journal_(settings_.journal_path, settings_.journal_query),
      positions_path_(kPositions) {}

BotSource::~BotSource() { stop(); }

void BotSource::start() {
  VAKTHUND_ASSERT(!thread_.joinable() && deliver_);
  thread_ = std::thread([this] { run(); });
}

void BotSource::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  http_.interrupt();
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool BotSource::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void BotSource::run() {
  while (!stopping()) {
    const auto next = std::chrono::steady_clock::now() + settings_.poll_interval;
    auto events = look_once();
    if (stopping()) return;
    if (!events.empty()) deliver_(std::move(events));
    std::unique_lock lock(mutex_);
    wake_.wait_until(lock, next, [this] { return stopping_; });
  }
}

std::vector<guard::Event> BotSource::look_once() {
  std::vector<guard::Event> events;
  if (!settings_.url.empty()) {
    look_at_health(events);
    if (!stopping()) look_at_positions(events);
  }
  if (!settings_.journal_path.empty() && !stopping()) look_at_journal(events);
  return events;
}

void BotSource::look_at_health(std::vector<guard::Event>& events) {
  const auto answer = http_.get(settings_.url + "/health");
  if (answer) {
    events.push_back(guard::BotHealthSeen{decode_health(answer->status, answer->body)});
  } else if (answer.error().kind == ErrorKind::unavailable) {
    events.push_back(guard::BotHealthSeen{{false, answer.error().message}});
  } else {
    events.push_back(guard::FeedFailed{model::Feed::bot_health, answer.error()});
  }
}

void BotSource::look_at_positions(std::vector<guard::Event>& events) {
  const auto fail = [&](Error why) {
    events.push_back(guard::FeedFailed{model::Feed::bot_positions, std::move(why)});
  };
  auto answer = http_.get(settings_.url + positions_path_);
  if (answer && answer->status == 404) {
    positions_path_ = positions_path_ == kPositions ? kOlderPositions : kPositions;
    answer = http_.get(settings_.url + positions_path_);
  }
  if (!answer) return fail(answer.error());
  if (answer->status != 200) {
    const auto kind = answer->status == 404                            ? ErrorKind::not_found
                      : answer->status == 401 || answer->status == 403 ? ErrorKind::refused
                                                                       : ErrorKind::unavailable;
    return fail(
        error(kind, fmt::format("{}{} answered {}", settings_.url, positions_path_, answer->status),
              answer->status));
  }
  auto reading = decode_positions(answer->body);
  if (!reading) return fail(reading.error());
  for (std::string& problem : reading->problems) {
    events.push_back(
        guard::Undecodable{model::Feed::bot_positions, "the bot's positions: " + problem});
  }
  if (!reading->complete) {
    return fail(error(ErrorKind::invalid,
                      "the bot's positions: rows without a readable symbol or amount, so the list "
                      "is not complete"));
  }
  events.push_back(guard::BotPositionsRead{std::move(reading->positions)});
}

void BotSource::look_at_journal(std::vector<guard::Event>& events) {
  auto reading = journal_.read();
  if (!reading) {
    events.push_back(guard::FeedFailed{model::Feed::journal, reading.error()});
    return;
  }
  for (std::string& problem : reading->problems) {
    events.push_back(guard::Undecodable{model::Feed::journal, "the journal: " + problem});
  }
  events.push_back(guard::JournalRead{std::move(reading->entries)});
}

}  // namespace vakthund::bot
