#include "watchdog/app/drill_log.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace vakthund::app {

DrillLog::DrillLog(db::Reader& reader, std::vector<std::string> accounts, Told told)
    : reader_(reader), accounts_(std::move(accounts)), told_(std::move(told)) {
  thread_ = std::thread([this] { run(); });
}

DrillLog::~DrillLog() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DrillLog::run() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    lock.unlock();
    for (const std::string& account : accounts_) {
      if (const auto row = reader_.last_drill(account)) told_(account, *row);
    }
    lock.lock();
    changed_.wait_for(lock, kEvery, [this] { return ends_; });
  }
}

model::Drill drill_of(const db::DrillRow& row) {
  model::Drill drill{row.time, "", row.flat_after};
  if (row.ok) return drill;
  const auto document = nlohmann::json::parse(row.json, nullptr, false);
  if (document.is_object() && document.contains("failed") && document["failed"].is_array()) {
    for (const auto& name : document["failed"]) {
      if (name.is_string()) {
        drill.failed += (drill.failed.empty() ? "" : ", ") + name.get<std::string>();
      }
    }
  }
  if (drill.failed.empty()) drill.failed = "unknown";
  return drill;
}

}  // namespace vakthund::app
