// What the tests of the configuration share: files in a folder of their own, and a text that is
// right, to be broken in one place at a time.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "watchdog/config/load.h"

namespace vakthund::config {

inline constexpr std::string_view kCanary = "CANARY0123456789abcdefCANARY";

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string pattern = testing::TempDir() + "vakthund-config-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    write("key", kCanary);
    write("secret", std::string(kCanary) + "\n");
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }

  std::string write(std::string_view name, std::string_view content, mode_t mode = 0600) const {
    std::ofstream(path(name), std::ios::binary) << content;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }

  // A right configuration ends its account with `account` and its text with `rest`.
  static std::string with(std::string_view account, std::string_view rest = {}) {
    return "accounts:\n  - name: main\n    api_key_file: key\n    api_secret_file: secret\n" +
           std::string(account) + std::string(rest);
  }

  Loaded parsed(std::string_view text) const {
    return parse(text, path("v.yaml"), [this](std::string_view name) {
      const auto found = variables_.find(std::string(name));
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  // Its problems, with the folder left out: "v.yaml:5:3: …".
  std::vector<std::string> problems(std::string_view text) const {
    return lines(parsed(text).problems);
  }
  std::vector<std::string> warnings(std::string_view text) const {
    return lines(parsed(text).warnings);
  }
  std::vector<std::string> lines(const std::vector<Problem>& problems) const {
    std::vector<std::string> result;
    for (const Problem& problem : problems) {
      std::string line = problem.to_string();
      for (auto at = line.find(folder_); at != std::string::npos; at = line.find(folder_)) {
        line.erase(at, folder_.size() + 1);
      }
      result.push_back(line);
    }
    return result;
  }

  std::map<std::string, std::string> variables_;
  std::string folder_;
};

}  // namespace vakthund::config
