// One connection to a PostgreSQL server, for reading, with a limit on every wait.
//
// libpq's non-blocking calls behind poll(2). Only the host's name is looked up without a limit of
// ours. Everything is read inside a transaction that is READ ONLY and has its own time limits, so
// that a pooler in between may be used too.
// Errors: as journal.h; the connection string, which may hold a password, is in none of them.
// Threads: one at a time; `interrupt` from any.
// Source: https://www.postgresql.org/docs/15/libpq-async.html, libpq-connect.html.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::bot {

class PostgresConnection {
 public:
  static constexpr std::chrono::milliseconds kConnectTimeout{3000};
  static constexpr std::chrono::milliseconds kStatementTimeout{3000};  // the server's
  static constexpr std::chrono::milliseconds kLockTimeout{1000};       // the server's
  static constexpr std::chrono::milliseconds kLookTimeout{5000};       // ours, of a whole look

  struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Answer = std::unique_ptr<PGresult, FreeResult>;

  explicit PostgresConnection(std::string connection_string);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // "postgres DATABASE at HOST", for messages.
  const std::string& name() const { return name_; }
  bool connected() const { return connection_ != nullptr; }

  // Connects where that is needed and begins the look's transaction: all of it sees one state.
  Result<void> begin();
  Result<Answer> run(const std::string& sql);       // one statement
  Result<Answer> describe(const std::string& sql);  // its columns, without running it
  void end();  // the transaction, well or not; the connection stays where it can be used
  void disconnect();
  void interrupt();  // for good: what waits, and whatever comes after, is `unavailable`

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  Result<void> connect();
  Result<void> wait(short events);
  Result<Answer> answer();
  Error refused(const PGresult* result) const;
  Error lost() const;
  std::string without_password(std::string text) const;

  std::vector<std::pair<std::string, std::string>> options_;  // empty: the string has no sense
  std::string name_;
  std::string password_;
  std::unique_ptr<PGconn, Close> connection_;
  std::chrono::steady_clock::time_point deadline_{};
  int wake_ = -1;  // an eventfd: readable once interrupted
};

}  // namespace vakthund::bot
