#include "db/schema.h"

#include <array>

#include "db/database.h"

namespace vakthund::db {
namespace {

constexpr const char* kSchema1 = R"sql(
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('created_by', 'vakthund )sql" VAKTHUND_VERSION R"sql(');

CREATE TABLE journal (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ms  INTEGER NOT NULL,
  account  TEXT NOT NULL,
  kind     TEXT NOT NULL,
  incident TEXT NOT NULL,
  text     TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_time ON journal (time_ms);
CREATE INDEX journal_by_incident ON journal (incident, id) WHERE incident <> '';

CREATE TABLE kill (
  account    TEXT PRIMARY KEY,
  state      TEXT NOT NULL CHECK (state IN ('armed', 'killing', 'latched')),
  id         TEXT NOT NULL,
  reason     TEXT NOT NULL,
  by_whom    TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  attempt    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts (
  kill_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  json    TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_by_time ON receipts (time_ms);

CREATE TABLE incidents (
  id            TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  rule          TEXT NOT NULL,
  severity      TEXT NOT NULL,
  symbol        TEXT NOT NULL,
  position_side TEXT NOT NULL,
  state         TEXT NOT NULL,
  since_ms      INTEGER NOT NULL,
  at_ms         INTEGER NOT NULL,
  message       TEXT NOT NULL,
  evidence      TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_time ON incidents (at_ms);
CREATE INDEX incidents_open ON incidents (account, since_ms) WHERE state <> 'resolved';

CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  key        TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  event      TEXT NOT NULL,
  incident   TEXT NOT NULL,
  account    TEXT NOT NULL,
  severity   TEXT NOT NULL,
  body       TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_by_time ON outbox (created_ms);

CREATE TABLE deliveries (
  alert           INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  sink            TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts        INTEGER NOT NULL,
  next_attempt_ms INTEGER,
  ended_ms        INTEGER,
  last_error      TEXT NOT NULL,
  PRIMARY KEY (alert, sink)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_waiting ON deliveries (sink, alert) WHERE state = 'waiting';
)sql";

// The peak from which a drawdown is measured. Numbers are decimals as text, '' where unknown.
constexpr const char* kSchema2 = R"sql(
CREATE TABLE baseline (
  account      TEXT PRIMARY KEY,
  since_ms     INTEGER NOT NULL,
  peak_equity  TEXT NOT NULL,
  peak_at_ms   INTEGER NOT NULL,
  wallet       TEXT NOT NULL,
  wallet_at_ms INTEGER NOT NULL,
  doubt        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What fire drills found: few, and kept for good.
constexpr const char* kSchema3 = R"sql(
CREATE TABLE drills (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       TEXT NOT NULL,
  time_ms       INTEGER NOT NULL,
  ok            INTEGER NOT NULL CHECK (ok IN (0, 1)),
  flat_after_ms INTEGER,
  json          TEXT NOT NULL
) STRICT;
CREATE INDEX drills_by_account ON drills (account, time_ms);
)sql";

constexpr std::array<const char*, kSchemaVersion> kMigrations{kSchema1, kSchema2, kSchema3};

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

}  // namespace vakthund::db
