#include "watchdog/host/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace vakthund::host {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

// By the child's own PATH, whatever this process has.
std::string found(const Program& program) {
  const std::string& name = program.argv.front();
  if (name.find('/') != std::string::npos) return name;
  for (const std::string& line : program.environment) {
    if (!line.starts_with("PATH=")) continue;
    for (std::size_t at = 5; at <= line.size();) {
      const auto end = std::min(line.find(':', at), line.size());
      const std::string file = line.substr(at, end - at) + "/" + name;
      if (end > at && ::access(file.c_str(), X_OK) == 0) return file;
      at = end + 1;
    }
  }
  return name;
}

// A process group of its own, default signals, nothing open but its output.
int spawn(const Program& program, int output, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output, 1);
  ::posix_spawn_file_actions_adddup2(&files, output, 2);
  ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const auto argv = pointers(program.argv), environment = pointers(program.environment);
  const int failed = ::posix_spawn(&pid, found(program).c_str(), &files, &attributes, argv.data(),
                                   environment.data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  return failed;
}

Error could_not_start(const Program& program, int why) {
  const ErrorKind kind = why == ENOENT                     ? ErrorKind::not_found
                         : why == EACCES || why == ENOEXEC ? ErrorKind::refused
                                                           : ErrorKind::unavailable;
  return error(kind, fmt::format("{}: {}", program.argv.front(), std::strerror(why)), why);
}

// What there is just now; false: nothing more will come.
bool take(int fd, std::string& output) {
  char buffer[4096];
  while (true) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    output.append(buffer, std::min(static_cast<std::size_t>(got), kMaxOutput - output.size()));
  }
}

int code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

enum class End { exited, deadline, interrupted };

// Until the process ends: told by its own descriptor, so that no signal handler is needed.
End wait_for(int process, Fd& output, int interrupt, Clock::time_point deadline,
             std::string& text) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left <= 0ms) return End::deadline;
    pollfd waits[] = {{process, POLLIN, 0}, {interrupt, POLLIN, 0}, {output.get(), POLLIN, 0}};
    if (::poll(waits, 3, static_cast<int>(left.count())) <= 0) continue;
    if (waits[2].revents != 0 && !take(output.get(), text)) output.close();
    if (waits[1].revents != 0) return End::interrupted;
    if (waits[0].revents != 0) return End::exited;
  }
}

}  // namespace

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  VAKTHUND_ASSERT(fd_ >= 0);
}
Interrupt::~Interrupt() { ::close(fd_); }
void Interrupt::raise() { ::eventfd_write(fd_, 1); }

Result<Outcome> run(const Program& program, const Interrupt& interrupt) {
  VAKTHUND_ASSERT(!program.argv.empty());
  const auto deadline = Clock::now() + program.deadline;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return could_not_start(program, errno);
  Fd output(ends[0]), write_end(ends[1]);
  pid_t pid = -1;
  // The child's end blocks, as programs expect.
  ::fcntl(write_end.get(), F_SETFL, 0);
  if (const int why = spawn(program, write_end.get(), pid)) return could_not_start(program, why);
  write_end.close();
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  Outcome outcome;
  const End end = process.get() < 0
                      ? End::interrupted
                      : wait_for(process.get(), output, interrupt.fd(), deadline, outcome.output);
  // Whatever is left of its group ends too: nothing of it may come back to life later.
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (output.get() >= 0) take(output.get(), outcome.output);
  outcome.exit_code = code_of(status);
  if (end == End::exited) return outcome;
  const std::string said = first_lines(outcome.output);
  if (end == End::interrupted) {
    return error(ErrorKind::unavailable, program.argv.front() + " was ended with this process");
  }
  return error(ErrorKind::unknown,
               fmt::format("{} was not done within {} ms and was ended{}{}", program.argv.front(),
                           program.deadline.count(), said.empty() ? "" : ": ", said));
}

std::string first_lines(const std::string& output, int lines) {
  std::string text;
  for (std::size_t at = 0; at < output.size() && lines > 0; --lines) {
    const auto end = std::min(output.find('\n', at), output.size());
    if (end > at) text += (text.empty() ? "" : " | ") + output.substr(at, end - at);
    at = end + 1;
  }
  text = text.substr(0, 300);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::vector<std::string> plain_environment() {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "LANG"}) {
    if (const char* value = ::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  }
  if (!::getenv("PATH")) environment.push_back("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
  return environment;
}

}  // namespace vakthund::host
