#include "simulator/standin/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace vakthund::simulator::standin {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return error(ErrorKind::unavailable, std::string("pipe: ") + std::strerror(errno));
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// In the child, between fork and exec: only what POSIX allows there.
[[noreturn]] void become(char* const* argv, char* const* envp, int out, int err) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGTERM, SIGINT, SIGHUP}) ::signal(number, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::execvpe(argv[0], argv, envp);
  const char* why = std::strerror(errno);
  [[maybe_unused]] const auto written = ::write(2, why, std::strlen(why));
  ::_exit(127);
}

}  // namespace

struct Child::Shared {
  explicit Shared(net::Loop& the_loop) : loop(the_loop) {}
  net::Loop& loop;
  Callbacks callbacks;
  bool dropped = false;  // on the loop's thread
  std::array<Descriptor, 2> output;
  Descriptor process;   // readable once it has ended
  Descriptor wake;      // written to at destruction
  Descriptor be_woken;  // the other end

  // Reads what is there; false at the end.
  static bool drain(const std::shared_ptr<Shared>& self, int stream) {
    std::array<char, 16384> piece;
    while (true) {
      const auto& from = self->output[static_cast<std::size_t>(stream - 1)];
      const auto length = ::read(from.get(), piece.data(), piece.size());
      if (length < 0) return errno == EAGAIN || errno == EINTR;
      if (length == 0) return false;
      self->loop.post(
          [self, stream,
           text = std::string(piece.data(), static_cast<std::size_t>(length))]() mutable {
            if (!self->dropped) self->callbacks.on_output(stream, std::move(text));
          });
    }
  }

  static void watch(std::shared_ptr<Shared> self, pid_t pid) {
    std::array<bool, 2> open{true, true};
    while (true) {
      std::array<pollfd, 4> waiting{{{open[0] ? self->output[0].get() : -1, POLLIN, 0},
                                     {open[1] ? self->output[1].get() : -1, POLLIN, 0},
                                     {self->process.get(), POLLIN, 0},
                                     {self->be_woken.get(), POLLIN, 0}}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) break;
      for (const int stream : {1, 2}) {
        const auto i = static_cast<std::size_t>(stream - 1);
        if (waiting[i].revents != 0) open[i] = drain(self, stream);
      }
      if (waiting[2].revents != 0 || waiting[3].revents != 0) break;
    }
    ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    for (const int stream : {1, 2}) {
      if (open[static_cast<std::size_t>(stream - 1)]) drain(self, stream);
    }
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    self->loop.post([self, code] {
      if (!self->dropped) self->callbacks.on_exit(code);
    });
  }
};

Result<std::unique_ptr<Child>> Child::start(net::Loop& loop,
                                            const std::vector<std::string>& command,
                                            const std::vector<std::string>& environment,
                                            Callbacks callbacks) {
  VAKTHUND_ASSERT(!command.empty());
  auto out = make_pipe(), err = make_pipe(), wake = make_pipe();
  if (!out || !err || !wake) return (!out ? out : !err ? err : wake).error();
  const auto argv = pointers(command), envp = pointers(environment);
  const pid_t pid = ::fork();
  if (pid < 0) return error(ErrorKind::unavailable, std::string("fork: ") + std::strerror(errno));
  if (pid == 0) become(argv.data(), envp.data(), out->write.get(), err->write.get());
  ::setpgid(pid, pid);
  auto child = std::unique_ptr<Child>(new Child());
  child->pid_ = pid;
  child->shared_ = std::make_shared<Shared>(loop);
  child->shared_->callbacks = std::move(callbacks);
  child->shared_->process = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  VAKTHUND_ASSERT(child->shared_->process.get() >= 0);
  child->shared_->output = {std::move(out->read), std::move(err->read)};
  child->shared_->be_woken = std::move(wake->read);
  child->shared_->wake = std::move(wake->write);
  for (const Descriptor& from : child->shared_->output) ::fcntl(from.get(), F_SETFL, O_NONBLOCK);
  child->watcher_ = std::thread(Shared::watch, child->shared_, pid);
  return child;
}

Child::~Child() {
  shared_->dropped = true;
  shared_->wake.close();
  watcher_.join();
}

void Child::signal_group(int number) { ::kill(-pid_, number); }

}  // namespace vakthund::simulator::standin
