#include "alerts/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "alerts/sink_queue.h"

namespace vakthund::alerts {
namespace {

std::string new_key() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

// It becomes a header's value.
std::string fit_for_header(std::string key) {
  for (char& c : key) c = (c > ' ' && c < 0x7F) ? c : '_';
  return key.substr(0, 200);
}

double a_random_share() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace

std::string_view to_string(Outcome::Result result) {
  switch (result) {
    case Outcome::Result::delivered:
      return "delivered";
    case Outcome::Result::retry:
      return "retry";
    case Outcome::Result::dead:
      return "dead";
    case Outcome::Result::lost:
      return "lost";
  }
  return "?";
}

Outbox::Outbox(OutboxStore& store, std::vector<std::unique_ptr<Sink>> sinks, Clock& clock,
               OutboxOptions options)
    : store_(store), clock_(clock) {
  if (!options.random) options.random = a_random_share;
  for (std::unique_ptr<Sink>& sink : sinks) {
    const bool known = std::any_of(queues_.begin(), queues_.end(), [&](const auto& queue) {
      return queue->sink().name() == sink->name();
    });
    if (known) continue;
    queues_.push_back(std::make_shared<SinkQueue>(std::move(sink), store_, clock_, options));
  }
}

Outbox::~Outbox() { stop(); }

void Outbox::start() {
  std::vector<std::string> names;
  for (const auto& queue : queues_) names.push_back(queue->sink().name());
  store_.retire_except(names, clock_.now().wall);
  for (const auto& queue : queues_) queue->start();
}

std::string Outbox::raise(Message message) {
  message.key = message.key.empty() ? new_key() : fit_for_header(std::move(message.key));
  const std::string body = to_webhook_body(message);
  // As it will be read after a restart, so that every attempt sends the same bytes.
  auto readable = from_webhook_body(body);
  VAKTHUND_ASSERT(readable.has_value());
  const auto shared = std::make_shared<const Message>(std::move(*readable));
  std::vector<std::string> names;
  std::vector<std::weak_ptr<SinkQueue>> told;
  for (const auto& queue : queues_) {
    if (!is_told(queue->sink(), *shared)) continue;
    queue->raise(shared);
    names.push_back(queue->sink().name());
    told.push_back(queue);
  }
  store_.add(*shared, body, names, [told = std::move(told), key = shared->key](bool on_disk) {
    for (const auto& queue : told) {
      // The store's thread may speak when the outbox is already gone.
      if (const auto alive = queue.lock()) alive->stored(key, on_disk);
    }
  });
  return shared->key;
}

void Outbox::wake() {
  for (const auto& queue : queues_) queue->wake();
}

void Outbox::stop() {
  for (const auto& queue : queues_) queue->ask_to_stop();
  for (const auto& queue : queues_) queue->stop();
}

std::vector<Outbox::SinkStatus> Outbox::status() const {
  std::vector<SinkStatus> all;
  for (const auto& queue : queues_) all.push_back(queue->status());
  return all;
}

}  // namespace vakthund::alerts
