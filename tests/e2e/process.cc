#include "tests/e2e/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace vakthund::e2e {

using namespace std::chrono_literals;

Process::Process(const std::vector<std::string>& words, const std::string& file) : file_(file) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, (file + ".out").c_str(), kFlags, 0600);
  posix_spawn_file_actions_addopen(&files, 2, (file + ".err").c_str(), kFlags, 0600);
  std::vector<std::string> copies = words;
  std::vector<char*> argv;
  for (std::string& word : copies) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw std::runtime_error(words.at(0) + " cannot be started");
}

Process::~Process() {
  signal(SIGTERM);
  for (int i = 0; i < 500 && runs(); ++i) std::this_thread::sleep_for(10ms);
  signal(SIGKILL);
  exit_code();
}

bool Process::runs() {
  if (exit_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return false;
}

int Process::exit_code() {
  while (runs()) std::this_thread::sleep_for(10ms);
  return *exit_;
}

void Process::signal(int number) {
  if (runs()) ::kill(pid_, number);
}

std::string Process::out() const { return contents(file_ + ".out"); }
std::string Process::err() const { return contents(file_ + ".err"); }

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(30ms);
  }
  return true;
}

}  // namespace vakthund::e2e
