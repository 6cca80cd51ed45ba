// A directory of one test's own, gone with it; and the rows that the tests write.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "db/database.h"
#include "db/rows.h"

namespace vakthund::db {

class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "vakthund-db-XXXXXX";
    if (!mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path() const { return path_; }
  std::string file(const std::string& name = "vakthund.db") const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline unsigned mode_of(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

inline Database open_or_die(const std::string& path, Database::Options options = {}) {
  auto database = Database::open(path, options);
  if (!database) {
    ADD_FAILURE() << database.error().message;
    std::abort();
  }
  return std::move(*database);
}

inline model::WallTime at(std::int64_t ms) { return model::from_epoch_ms(1763601780000 + ms); }

inline KillRow latched(const std::string& account = "main") {
  return {account, KillState::latched, "K20251120T012300", "stop crossed", "rule", at(0), 2};
}

inline BaselineRow baseline_row(const std::string& doubt = "") {
  return {"main",
          {at(0), model::Decimal::from_units(123'456'789'012), at(1),
           model::Decimal::from_units(-1), at(2), doubt}};
}

inline JournalRow journal_row(const std::string& text, std::int64_t ms = 0) {
  return {0, at(ms), "main", "order.sent", "I1", text};
}

inline IncidentRow incident_row(const std::string& id, const std::string& state) {
  return {id,
          "main",
          state,
          {"unprotected",
           model::Severity::critical,
           "DOTUSDT",
           model::PositionSide::both,
           "DOTUSDT LONG 1234.5 has no stop",
           {{"covered_quantity", "0"}, {"a", "first is not sorted away"}}},
          at(0),
          at(10)};
}

inline AlertRow alert_row(const std::string& key) {
  return {
      key, at(5), "incident.firing", "I1", "main", model::Severity::critical, R"({"version":"1"})"};
}

}  // namespace vakthund::db
