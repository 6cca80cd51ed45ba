#include "watchdog/demo/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace vakthund::demo {
namespace {

using namespace std::chrono_literals;
constexpr auto kGrace = 3s;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Child::Child(std::string program, std::string log, pid_t pid)
    : program_(std::move(program)), log_(std::move(log)), pid_(pid) {}

Child::Child(Child&& other) noexcept
    : program_(std::move(other.program_)), log_(std::move(other.log_)), pid_(other.pid_) {
  other.pid_ = -1;
}

Child& Child::operator=(Child&& other) noexcept {
  end();
  program_ = std::move(other.program_);
  log_ = std::move(other.log_);
  pid_ = std::exchange(other.pid_, -1);
  return *this;
}

Child::~Child() { end(); }

Result<Child> Child::start(const std::string& program, const std::vector<std::string>& words,
                           const std::string& log) {
  std::vector<std::string> all = {program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const pid_t parent = getpid();
  const pid_t pid = in < 0 || out < 0 ? -1 : fork();
  if (pid == 0) {
    // Whatever becomes of the demo, nothing armed outlives it.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    execvp(program.c_str(), argv.data());
    _exit(127);
  }
  const int failed = errno;
  ::close(in);
  ::close(out);
  if (pid < 0) {
    return error(ErrorKind::unavailable,
                 fmt::format("{} cannot be started: {}", program, std::strerror(failed)));
  }
  return Child(program, log, pid);
}

Result<std::string> Child::first_line(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const std::string text = contents(log_);
    if (const auto end = text.find('\n'); end != std::string::npos) return text.substr(0, end);
    if (!runs()) {
      return error(ErrorKind::unavailable, fmt::format("{} ended: {}", program_, last_words()));
    }
    if (std::chrono::steady_clock::now() >= until) {
      return error(ErrorKind::unavailable,
                   fmt::format("{} said nothing for {} s", program_, patience.count() / 1000));
    }
    std::this_thread::sleep_for(10ms);
  }
}

bool Child::runs() {
  if (pid_ < 0) return false;
  if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Child::end() {
  if (!runs()) return;
  ::kill(pid_, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + kGrace;
  while (runs()) {
    if (std::chrono::steady_clock::now() >= until) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      pid_ = -1;
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
}

std::string Child::last_words() const {
  const std::string text = contents(log_);
  return text.empty() ? "without a word" : text.substr(text.size() > 400 ? text.size() - 400 : 0);
}

}  // namespace vakthund::demo
