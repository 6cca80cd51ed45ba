#include "watchdog/bot/bot_source.h"

namespace vakthund::bot {
namespace {

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
      api_(make_bot_api(settings_, http_)),
      journal_(make_journal(settings_)) {}

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
  if (journal_) journal_->interrupt();
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
  if (api_) api_->look_at_health(events);
  if (api_ && !stopping()) api_->look_at_positions(events);
  if (journal_ && !stopping()) look_at_journal(events);
  return events;
}

void BotSource::look_at_journal(std::vector<guard::Event>& events) {
  auto reading = journal_->read();
  if (!reading) {
    events.push_back(guard::FeedFailed{model::Feed::journal, reading.error()});
    return;
  }
  events.push_back(guard::JournalRead{std::move(reading->entries), std::move(reading->recent)});
  tell_problems(model::Feed::journal, "the journal", reading->problems, events);
}

}  // namespace vakthund::bot
