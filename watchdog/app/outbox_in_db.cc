#include "watchdog/app/outbox_in_db.h"

#include <future>

namespace vakthund::app {
namespace {

constexpr std::chrono::seconds kPatience{1};

db::DeliveryRow::State state_of(alerts::Attempt::Outcome outcome) {
  switch (outcome) {
    case alerts::Attempt::Outcome::waiting:
      return db::DeliveryRow::State::waiting;
    case alerts::Attempt::Outcome::delivered:
      return db::DeliveryRow::State::delivered;
    case alerts::Attempt::Outcome::dead:
      return db::DeliveryRow::State::dead;
  }
  return db::DeliveryRow::State::waiting;
}

}  // namespace

void OutboxInDb::add(const alerts::Message& message, const std::string& body,
                     const std::vector<std::string>& sinks, Stored stored) {
  writer_.enqueue_alert({message.key, message.time, message.event, message.incident,
                         message.account, message.severity, body},
                        sinks, std::move(stored));
}

bool OutboxInDb::record(const alerts::Attempt& attempt) {
  db::DeliveryRow row{attempt.key,      attempt.sink,         state_of(attempt.outcome),
                      attempt.attempts, attempt.next_attempt, std::nullopt,
                      attempt.error};
  if (row.state != db::DeliveryRow::State::waiting) row.ended = attempt.at;
  const auto written = std::make_shared<std::promise<bool>>();
  std::future<bool> result = written->get_future();
  writer_.save_delivery(std::move(row), [written](bool on_disk) { written->set_value(on_disk); });
  return result.wait_for(kPatience) == std::future_status::ready && result.get();
}

Result<std::vector<alerts::Owed>> OutboxInDb::owed(const std::string& sink, int limit) {
  auto pending = reader_.pending_alerts(sink, limit);
  if (pending.has_error()) return pending.error();
  std::vector<alerts::Owed> owed;
  for (db::PendingAlert& item : *pending) {
    owed.push_back({std::move(item.alert.key), std::move(item.alert.body), item.attempts});
  }
  return owed;
}

void OutboxInDb::retire_except(const std::vector<std::string>& sinks, model::WallTime at) {
  writer_.retire_deliveries_except(sinks, at);
}

}  // namespace vakthund::app
