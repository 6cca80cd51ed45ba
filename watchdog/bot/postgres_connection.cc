#include "watchdog/bot/postgres_connection.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "rules/model/time.h"
#include "watchdog/bot/exact_json.h"

namespace vakthund::bot {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kNoSense =
    "bot.journal.postgres is no connection string that can be read; expected one such as "
    "'host=db dbname=trades user=reader password=…' or postgresql://reader@db/trades";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// What a SQLSTATE asks of the caller: PostgreSQL's documentation, appendix A.
ErrorKind kind_of(std::string_view state) {
  if (state == "42501" || state.starts_with("28")) return ErrorKind::refused;
  if (state == "3D000") return ErrorKind::not_found;
  if (state.starts_with("42") || state.starts_with("22") || state == "25006") {
    return ErrorKind::invalid;
  }
  return ErrorKind::unavailable;
}

}  // namespace

PostgresConnection::PostgresConnection(std::string connection_string)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  VAKTHUND_ASSERT(wake_ >= 0);
  char* complaint = nullptr;  // quotes the string: for nobody's eyes
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
      PQconninfoParse(connection_string.c_str(), &complaint));
  PQfreemem(complaint);
  std::string host, database;
  for (const PQconninfoOption* option = parsed.get(); option && option->keyword; ++option) {
    if (!option->val) continue;
    const std::string_view key = option->keyword;
    if (key == "password" || key == "sslpassword") password_ = option->val;
    if (key == "host" || key == "hostaddr") host = option->val;
    if (key == "dbname") database = option->val;
    if (key != "client_encoding") options_.emplace_back(option->keyword, option->val);
  }
  if (!options_.empty()) {
    options_.emplace_back("client_encoding", "UTF8");
    options_.emplace_back("fallback_application_name", "vakthund");
  }
  name_ = one_line(fmt::format("postgres{}{}{}{}", database.empty() ? "" : " ", database,
                               host.empty() ? "" : " at ", host),
                   100);
}

PostgresConnection::~PostgresConnection() {
  connection_.reset();
  ::close(wake_);
}

void PostgresConnection::interrupt() {
  const std::uint64_t one = 1;
  // Full is interrupted already.
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void PostgresConnection::disconnect() { connection_.reset(); }

Result<void> PostgresConnection::wait(short events) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  pollfd fds[2] = {{PQsocket(connection_.get()), events, 0}, {wake_, POLLIN, 0}};
  const int ready = ::poll(fds, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  if (fds[1].revents != 0) return error(ErrorKind::unavailable, "interrupted: stopping");
  if (ready == 0) return error(ErrorKind::unavailable, "no answer within the time");
  return {};
}

Result<void> PostgresConnection::connect() {
  if (options_.empty()) return error(ErrorKind::invalid, kNoSense);
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : options_) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  deadline_ = Clock::now() + kConnectTimeout;
  connection_.reset(PQconnectStartParams(keys.data(), values.data(), 0));
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  while (connection_ && PQstatus(connection_.get()) != CONNECTION_BAD && step != PGRES_POLLING_OK &&
         step != PGRES_POLLING_FAILED) {
    if (auto ok = wait(step == PGRES_POLLING_READING ? POLLIN : POLLOUT); !ok) {
      connection_.reset();
      return error(ErrorKind::unavailable,
                   fmt::format("could not connect: {}", ok.error().message));
    }
    step = PQconnectPoll(connection_.get());
  }
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK) {
    const Error why = lost();
    connection_.reset();
    return why;
  }
  PQsetnonblocking(connection_.get(), 1);
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  return {};
}

// The server's own words while connecting have no SQLSTATE here; what a person must change is told
// by them alone.
Error PostgresConnection::lost() const {
  const std::string said = connection_ ? PQerrorMessage(connection_.get()) : "out of memory";
  const auto tells = [&](const char* words) { return said.find(words) != std::string::npos; };
  const auto kind = tells("database \"") && tells("does not exist") ? ErrorKind::not_found
                    : tells("authentication") || tells("no pg_hba.conf entry") ||
                            tells("no password supplied") || tells("role \"") ||
                            tells("certificate")
                        ? ErrorKind::refused
                        : ErrorKind::unavailable;
  return error(kind,
               one_line(without_password(said.substr(0, said.find_last_not_of('\n') + 1)), 250));
}

Error PostgresConnection::refused(const PGresult* result) const {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!state || !said) return lost();
  const std::string_view code = state;
  if (code == "55P03") {
    return error(ErrorKind::unavailable,
                 fmt::format("a table is locked for longer than {}", model::to_text(kLockTimeout)));
  }
  if (code == "57014") {
    return error(ErrorKind::unavailable,
                 fmt::format("reading took longer than {}", model::to_text(kStatementTimeout)));
  }
  return error(kind_of(code), one_line(without_password(said), 250));
}

std::string PostgresConnection::without_password(std::string text) const {
  if (password_.empty()) return text;
  for (auto at = text.find(password_); at != std::string::npos; at = text.find(password_, at + 3)) {
    text.replace(at, password_.size(), "***");
  }
  return text;
}

Result<PostgresConnection::Answer> PostgresConnection::answer() {
  Answer last;
  while (true) {
    while (true) {
      const int unsent = PQflush(connection_.get());
      if (unsent < 0) return lost();
      if (unsent == 0 && !PQisBusy(connection_.get())) break;
      if (auto ok = wait(unsent > 0 ? POLLIN | POLLOUT : POLLIN); !ok) {
        disconnect();
        return ok.error();
      }
      if (!PQconsumeInput(connection_.get())) {
        const Error why = lost();
        disconnect();
        return why;
      }
    }
    Answer next(PQgetResult(connection_.get()));
    if (!next) break;
    const auto status = PQresultStatus(next.get());
    // COPY would never end by itself.
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      disconnect();
      return error(ErrorKind::invalid, "bot.journal.query must be a SELECT");
    }
    if (!last || PQresultStatus(last.get()) != PGRES_FATAL_ERROR) last = std::move(next);
  }
  if (!last) return error(ErrorKind::unavailable, "no answer");
  const auto status = PQresultStatus(last.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return last;
  const Error why = refused(last.get());
  if (PQstatus(connection_.get()) == CONNECTION_BAD) disconnect();
  return why;
}

Result<PostgresConnection::Answer> PostgresConnection::run(const std::string& sql) {
  if (!connection_) return error(ErrorKind::unavailable, "not connected");
  // The extended protocol takes one statement only.
  if (!PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                         0)) {
    const Error why = lost();
    disconnect();
    return why;
  }
  return answer();
}

Result<PostgresConnection::Answer> PostgresConnection::describe(const std::string& sql) {
  if (!connection_) return error(ErrorKind::unavailable, "not connected");
  if (!PQsendPrepare(connection_.get(), "", sql.c_str(), 0, nullptr)) return lost();
  if (auto prepared = answer(); !prepared) return prepared;
  if (!PQsendDescribePrepared(connection_.get(), "")) return lost();
  return answer();
}

Result<void> PostgresConnection::begin() {
  const bool kept = connected();
  if (!kept) {
    if (auto ok = connect(); !ok) return ok;
  }
  deadline_ = Clock::now() + kLookTimeout;
  const std::string settings = fmt::format(
      "SELECT set_config('statement_timeout','{}',true), set_config('lock_timeout','{}',true), "
      "set_config('idle_in_transaction_session_timeout','10000',true), "
      "set_config('datestyle','ISO',true), set_config('timezone','UTC',true)",
      kStatementTimeout.count(), kLockTimeout.count());
  auto begun = run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (begun) begun = run(settings);
  if (begun) return {};
  // The server went away between two looks: nothing was asked of it yet.
  const bool again = kept && !connected() && begun.error().message != "interrupted: stopping";
  if (again) return begin();
  disconnect();
  return begun.error();
}

void PostgresConnection::end() {
  if (!connection_) return;
  if (!run("ROLLBACK")) disconnect();
}

}  // namespace vakthund::bot
