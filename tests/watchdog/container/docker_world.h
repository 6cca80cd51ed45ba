// A Docker engine of the test's own: in a directory of its own, on a socket of its own, without
// network. Needs root, dockerd and a static busybox; `why_not` says what is missing. Ending it ends
// the engine by its process id and unmounts what it left.
// Source: toolchain.md, section 5a.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"

namespace vakthund::container {

namespace fs = std::filesystem;

inline std::string on_path(const std::string& program) {
  for (const char* directory :
       {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    if (::access((directory + program).c_str(), X_OK) == 0) return directory + program;
  }
  return {};
}

// Runs a program with what it prints in `log`.
inline pid_t run(const std::vector<std::string>& command, const fs::path& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  if (!std::freopen(log.c_str(), "a", stdout) || !std::freopen(log.c_str(), "a", stderr))
    ::_exit(126);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

struct DockerWorld {
  DockerWorld() { why_not = open(); }
  std::string open() {
    const std::string dockerd = on_path("dockerd"), busybox = on_path("busybox");
    if (::geteuid() != 0) return "needs root";
    if (dockerd.empty()) return "there is no dockerd (Debian: docker.io)";
    if (busybox.empty()) return "there is no busybox (Debian: busybox-static)";
    std::string name = (fs::temp_directory_path() / "vakthund-docker-XXXXXX").string();
    if (!::mkdtemp(name.data())) return "no temporary directory";
    directory = name;
    pid = run({dockerd, "--data-root", name + "/data", "--exec-root", name + "/exec", "-H",
               engine(), "--pidfile", name + "/d.pid", "--iptables=false", "--bridge=none"},
              directory / "dockerd.log");
    client = std::make_unique<net::HttpClient>(loop, net::Url::parse(engine())->endpoint,
                                               net::HttpClient::Limits{});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (ask("GET", "/_ping").first != 200) {
      if (::waitpid(pid, nullptr, WNOHANG) == pid) {
        pid = -1;
        return "dockerd ended: " + last_line();
      }
      if (std::chrono::steady_clock::now() > deadline) return "dockerd does not answer";
      pause();
    }
    fs::create_directories(directory / "root/bin");
    fs::copy_file(busybox, directory / "root/bin/busybox");
    const auto tar = (directory / "root.tar").string();
    if (const pid_t packer =
            run({on_path("tar"), "-C", (directory / "root").string(), "-cf", tar, "."},
                directory / "tar.log");
        ::waitpid(packer, nullptr, 0) != packer) {
      return "no tar";
    }
    std::ifstream in(tar, std::ios::binary);
    const std::string image(std::istreambuf_iterator<char>(in), {});
    const auto imported =
        ask("POST", "/images/create?fromSrc=-&repo=stand-in&tag=1", image, "application/x-tar");
    return imported.first == 200 ? "" : "importing an image: " + imported.second;
  }
  ~DockerWorld() {
    client.reset();
    end_engine();
    if (directory.empty()) return;
    std::vector<std::string> mounts;
    std::ifstream table("/proc/self/mounts");
    for (std::string device, where, rest; table >> device >> where && std::getline(table, rest);) {
      if (where.starts_with(directory.string())) mounts.push_back(where);
    }
    for (auto at = mounts.rbegin(); at != mounts.rend(); ++at) ::umount2(at->c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(directory, ignored);
  }
  void end_engine() {
    if (pid <= 0) return;
    ::kill(pid, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (::waitpid(pid, nullptr, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) ::kill(pid, SIGKILL);
      pause();
    }
  }
  std::string engine() const { return "unix://" + directory.string() + "/d.sock"; }
  void pause() {
    net::Timer timer(loop);
    timer.after(std::chrono::milliseconds(20), [this] { loop.stop(); });
    loop.run();
  }
  std::string last_line() const {
    std::ifstream log(directory / "dockerd.log");
    std::string line, last;
    while (std::getline(log, line)) last = line;
    return last;
  }
  std::pair<int, std::string> ask(std::string method, std::string target, std::string body = {},
                                  std::string type = "application/json") {
    net::HttpRequest request{
        std::move(method), "/v1.41" + target, {{"Content-Type", type}}, std::move(body)};
    std::pair<int, std::string> result;
    client->send(std::move(request), std::chrono::seconds(60),
                 [&](Result<net::HttpResponse> answer, net::HttpTimings) {
                   if (answer) result = {answer->status, answer->body};
                   if (!answer) result = {0, answer.error().message};
                   loop.stop();
                 });
    loop.run();
    return result;
  }
  // Starts a container that ignores SIGTERM and claims protection.
  void start(const std::string& name, const std::string& policy, bool tty = false) {
    const std::string body =
        R"({"Image":"stand-in:1","Tty":)" + std::string(tty ? "true" : "false") +
        R"(,"Env":["QT_SL_PCT=0.02","QT_LEVERAGE=20"],"Cmd":["/bin/busybox","sh","-c",)"
        R"("trap '' TERM; echo '✅ DOTUSDT already protected'; while :; do /bin/busybox sleep 1; done"],)"
        R"("HostConfig":{"NetworkMode":"none","RestartPolicy":{"Name":")" +
        policy + "\"}}}";
    const auto created = ask("POST", "/containers/create?name=" + name, body);
    ASSERT_EQ(created.first, 201) << created.second;
    const auto started = ask("POST", "/containers/" + name + "/start");
    ASSERT_EQ(started.first, 204) << started.second;
  }
  void remove(const std::string& name) { ask("DELETE", "/containers/" + name + "?force=true"); }

  net::Loop loop;
  fs::path directory;
  pid_t pid = -1;
  std::string why_not;
  std::unique_ptr<net::HttpClient> client;
};

}  // namespace vakthund::container
