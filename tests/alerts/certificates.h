// An authority and certificates of its making, in a directory that goes with them. Made with the
// openssl program, as an operator would.
#pragma once

#include <Poco/Net/Context.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace vakthund::alerts {

class Authority {
 public:
  Authority() {
    std::string name = std::filesystem::temp_directory_path() / "vakthund-ca-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    directory_ = name;
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Test-CA "
        "-keyout ca.key -out ca.pem");
  }
  ~Authority() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  std::string file() const { return directory_ + "/ca.pem"; }

  // For a server; `names` as in "IP:127.0.0.1,DNS:localhost".
  Poco::Net::Context::Ptr server_context(const std::string& names) const {
    run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout s.key "
        "-out s.csr -addext subjectAltName=" +
        names);
    run("x509 -req -in s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        "-copy_extensions copy -out s.pem");
    return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, directory_ + "/s.key",
                                  directory_ + "/s.pem", "", Poco::Net::Context::VERIFY_NONE);
  }

 private:
  void run(const std::string& arguments) const {
    const std::string command =
        fmt::format("cd '{}' && openssl {} >openssl.log 2>&1", directory_, arguments);
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }
  std::string directory_;
};

}  // namespace vakthund::alerts
