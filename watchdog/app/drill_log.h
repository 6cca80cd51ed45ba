// Looks once a minute what the database remembers of fire drills: `vakthund drill` is a process of
// its own and writes there.
//
// On a thread of its own, so that no disk is waited for where orders are sent. `told` is called on
// that thread, once for each account and look; a look that fails tells nothing.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "db/reader.h"
#include "rules/model/account.h"

namespace vakthund::app {

class DrillLog {
 public:
  using Told = std::function<void(const std::string& account, const std::optional<db::DrillRow>&)>;
  // The reader must outlive it.
  DrillLog(db::Reader& reader, std::vector<std::string> accounts, Told told);
  ~DrillLog();

  static constexpr model::Duration kEvery = std::chrono::minutes(1);

 private:
  void run();
  db::Reader& reader_;
  const std::vector<std::string> accounts_;
  const Told told_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

// What the guard is told of it: the names of failed legs are in the row's document.
model::Drill drill_of(const db::DrillRow& row);

}  // namespace vakthund::app
