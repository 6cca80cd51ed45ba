#include "simulator/credentials.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace vakthund::simulator {
namespace {

Error failed(const std::string& path) {
  return error(ErrorKind::unavailable, path + ": " + std::strerror(errno));
}

// Never readable by others, not even for a moment.
Result<void> write_private(const std::string& path, const std::string& text) {
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return failed(path);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(fd) == 0;
  if (!written || !closed) return failed(path);
  return {};
}

// Names come from a scenario: nothing of them may lead out of the directory.
std::string safe(std::string name) {
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '_';
  }
  return name;
}

}  // namespace

Result<std::string> fresh_directory() {
  std::error_code ignored;
  std::string pattern =
      (std::filesystem::temp_directory_path(ignored) / "vakthund-sim-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) return failed(pattern);
  return pattern;
}

Result<std::string> write_credentials(const std::string& directory, const net::TlsIdentity& tls,
                                      const Scenario& scenario, const std::string& url) {
  std::error_code ec;
  std::filesystem::create_directories(directory, ec);
  const std::string ca_file = directory + "/ca.pem";
  if (const auto done = write_private(ca_file, tls.ca_pem); !done) return done.error();

  Json line{{"listening", url}, {"ca_file", ca_file}};
  Json accounts = Json::object();
  for (const Account& account : scenario.accounts) {
    Json keys = Json::object();
    for (const ApiKey& key : account.keys) {
      Json one{{"api_key", key.key}, {"may_trade", key.may_trade}};
      if (key.kind == ApiKey::Kind::hmac) {
        const std::string path =
            directory + "/" + safe(account.name) + "-" + safe(key.name) + ".secret";
        if (const auto done = write_private(path, key.secret); !done) return done.error();
        one["api_secret_file"] = path;
        const std::string prefix = key.may_trade ? "" : "read_only_";
        if (!line.contains(prefix + "api_key")) {
          line[prefix + "api_key"] = key.key;
          line[prefix + "api_secret_file"] = path;
        }
      }
      keys[key.name] = std::move(one);
    }
    accounts[account.name] = std::move(keys);
  }
  line["accounts"] = std::move(accounts);
  return line.dump();
}

}  // namespace vakthund::simulator
