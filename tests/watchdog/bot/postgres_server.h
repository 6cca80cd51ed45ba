// A real PostgreSQL server for tests: a cluster of its own in a temporary directory, reached by a
// Unix socket there and by nothing else. Debian's package brings the programs; where they are not
// there, or no unprivileged user to run them as, the test is skipped, and says so.
#pragma once

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace vakthund::bot {

class PostgresServer {
 public:
  // Why there is none; empty: `start` may be called.
  static std::string missing() {
    if (programs().empty()) return "no /usr/lib/postgresql/*/bin/initdb: install postgresql-15";
    if (::geteuid() == 0 && !::getpwnam("postgres")) return "no user postgres to run a server as";
    return {};
  }

  PostgresServer() {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-pg-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    directory_ = name;
    if (const passwd* user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr) {
      if (::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) std::abort();
    }
    const pid_t initdb = run({programs() + "/initdb", "-D", data(), "-A", "trust", "-U", "vakthund",
                              "--no-sync", "-E", "UTF8", "--locale=C"});
    int status = 0;
    ::waitpid(initdb, &status, 0);
    EXPECT_EQ(status, 0) << "initdb failed";
    start();
  }
  ~PostgresServer() {
    stop();
    std::filesystem::remove_all(directory_);
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start() {
    server_ = run({programs() + "/postgres", "-D", data(), "-k", directory_.string(), "-c",
                   "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=2MB", "-c",
                   "max_connections=20"});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (PQping(string().c_str()) != PQPING_OK) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the server does not answer";
      ASSERT_EQ(::waitpid(server_, nullptr, WNOHANG), 0) << "the server ended";
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  // SIGINT: connections are cut, the data is kept.
  void stop() {
    if (server_ <= 0) return;
    ::kill(server_, SIGINT);
    ::waitpid(server_, nullptr, 0);
    server_ = -1;
  }
  // Answers nothing any more, though its sockets are open; and back.
  void freeze(bool frozen) const {
    for (const std::filesystem::path& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(server_) + "/task")) {
      std::string children;
      std::getline(std::ifstream(task / "children"), children);
      std::istringstream ids(children);
      for (pid_t child = 0; ids >> child;) ::kill(child, frozen ? SIGSTOP : SIGCONT);
    }
    ::kill(server_, frozen ? SIGSTOP : SIGCONT);
  }

  std::string string(const std::string& more = "user=vakthund dbname=postgres") const {
    return "host=" + directory_.string() + " " + more;
  }
  std::filesystem::path directory() const { return directory_; }

  // A connection that does what tests need: fill tables, hold locks.
  class Session {
   public:
    explicit Session(const PostgresServer& server)
        : connection_(PQconnectdb(server.string().c_str()), PQfinish) {
      EXPECT_EQ(PQstatus(connection_.get()), CONNECTION_OK) << PQerrorMessage(connection_.get());
    }
    void operator()(const std::string& sql) {
      PGresult* result = PQexec(connection_.get(), sql.c_str());
      const auto status = PQresultStatus(result);
      EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
          << PQerrorMessage(connection_.get());
      PQclear(result);
    }

   private:
    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  };

 private:
  static std::string programs() {
    std::string newest;
    std::error_code none;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      const auto bin = version.path() / "bin";
      if (std::filesystem::exists(bin / "initdb")) newest = std::max(newest, bin.string());
    }
    return newest;
  }
  std::string data() const { return (directory_ / "data").string(); }

  pid_t run(const std::vector<std::string>& command) const {
    const passwd* user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int log =
        ::open((directory_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ::dup2(log, 1);
    ::dup2(log, 2);
    if (user && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                 ::setuid(user->pw_uid) != 0)) {
      ::_exit(1);
    }
    if (::chdir("/") != 0) ::_exit(1);
    ::execv(arguments[0], arguments.data());
    ::_exit(1);
  }

  std::filesystem::path directory_;
  pid_t server_ = -1;
};

}  // namespace vakthund::bot
