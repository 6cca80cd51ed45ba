#include "watchdog/config/salvage.h"

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>

namespace vakthund::config {
namespace {

std::string text(const YAML::Node& node) { return node && node.IsScalar() ? node.Scalar() : ""; }

// Of a token file, relative to the configuration's folder as everywhere.
std::string first_line(const std::string& file, const std::string& beside) {
  if (file.empty()) return "";
  std::ifstream in(std::filesystem::path(beside).parent_path() / file);
  std::string line;
  std::getline(in, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

}  // namespace

std::optional<Config> salvage(const std::string& path) {
  try {
    const YAML::Node root = YAML::LoadFile(path);
    Config config;
    if (const YAML::Node server = root["server"]; server && server.IsMap()) {
      if (const std::string listen = text(server["listen"]); !listen.empty()) {
        config.server.listen = listen;
      }
      const std::string token = text(server["token"]);
      config.server.token =
          Secret(token.empty() ? first_line(text(server["token_file"]), path) : token);
    }
    for (const YAML::Node& node : root["accounts"]) {
      Account account;
      account.name = text(node["name"]);
      if (const YAML::Node bot = node["bot"]; bot && bot.IsMap()) {
        if (const YAML::Node container = bot["container"]; container && container.IsMap()) {
          account.bot.container.name = text(container["name"]);
        }
      }
      if (!account.name.empty()) config.accounts.push_back(std::move(account));
    }
    if (config.accounts.empty()) return std::nullopt;
    return config;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace vakthund::config
