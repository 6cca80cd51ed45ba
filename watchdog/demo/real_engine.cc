#include "watchdog/demo/real_engine.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace vakthund::demo {
namespace {

using Json = nlohmann::json;

// What a shell command printed; empty when it failed. Its words are ours alone.
std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return "";
  std::string text;
  char buffer[65536];
  while (const std::size_t n = fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  return pclose(pipe) == 0 ? text : "";
}

class RealEngine : public Engine {
 public:
  RealEngine(std::string socket, std::string directory, const std::string& name)
      : socket_(std::move(socket)),
        directory_(std::move(directory)),
        name_(fmt::format("{}_{}", name, getpid())),
        image_(fmt::format("{}:{}", name, getpid())) {}

  ~RealEngine() override {
    (void)ask_engine(socket_, "DELETE", "/containers/" + name_ + "?force=1");
    (void)ask_engine(socket_, "DELETE", "/images/" + image_ + "?force=1");
  }

  Result<void> start(const Bot& bot) override {
    if (auto made = make_image(bot.simulator); made.has_error()) return made.error();
    std::vector<std::string> command = {bot.simulator};
    command.insert(command.end(), bot.words.begin(), bot.words.end());
    Json host = {{"NetworkMode", "none"}, {"RestartPolicy", {{"Name", "unless-stopped"}}}};
    if (!bot.directory.empty()) {
      host["NetworkMode"] = "host";
      host["Binds"] = {bot.directory + ":" + bot.directory};
    }
    const Json body = {{"Image", image_},
                       {"Cmd", command},
                       {"Env", {"QT_SL_PCT=0.02", "QT_LEVERAGE=20"}},
                       {"HostConfig", host}};
    auto created = ask_engine(socket_, "POST", "/containers/create?name=" + name_,
                              "application/json", body.dump());
    if (created.has_error()) return created.error();
    auto started = ask_engine(socket_, "POST", "/containers/" + name_ + "/start");
    if (started.has_error()) return started.error();
    return {};
  }

  std::string socket_path() const override { return socket_; }
  std::string what() const override { return "a real container of the engine at " + socket_; }
  std::string container_name() const override { return name_; }

 private:
  // The program, its libraries and the loader, at the paths they have here.
  Result<void> make_image(const std::string& program) {
    const std::string list = directory_ + "/image.files";
    std::ofstream files(list);
    files << program << "\n";
    std::istringstream lines(output_of("ldd '" + program + "'"));
    for (std::string line; std::getline(lines, line);) {
      const auto path = line.find('/');
      const auto end = line.find(" (");
      if (path != std::string::npos) files << line.substr(path, end - path) << "\n";
    }
    files.close();
    const std::string tar = output_of(
        "tar --create --dereference --absolute-names --file - "
        "--files-from '" +
        list + "'");
    if (tar.empty()) return error(ErrorKind::unavailable, "the bot's image cannot be packed");
    const auto colon = image_.find(':');
    auto imported = ask_engine(socket_, "POST",
                               fmt::format("/images/create?fromSrc=-&repo={}&tag={}",
                                           image_.substr(0, colon), image_.substr(colon + 1)),
                               "application/x-tar", tar);
    if (imported.has_error()) return imported.error();
    return {};
  }

  std::string socket_;
  std::string directory_;
  std::string name_;
  std::string image_;
};

}  // namespace

std::unique_ptr<Engine> make_real_engine(const std::string& socket, const std::string& directory,
                                         const std::string& name) {
  return std::make_unique<RealEngine>(socket, directory, name);
}

}  // namespace vakthund::demo
