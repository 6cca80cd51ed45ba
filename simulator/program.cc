#include "simulator/program.h"

#include <fmt/format.h>
#include <signal.h>

#include <charconv>
#include <iostream>
#include <optional>
#include <string>

#include "simulator/credentials.h"
#include "simulator/service.h"

namespace vakthund::simulator {
namespace {

constexpr int kBadUsage = 64;
constexpr std::string_view kHelp =
    "vakthund-sim: a stand-in for the exchange (Binance USD-M futures), for tests and\n"
    "demos.\n"
    "\n"
    "Usage: vakthund-sim [--listen HOST:PORT] [--scenario FILE] [--tls-dir DIR]\n"
    "       vakthund-sim bot --help        a stand-in for a trading bot\n"
    "       vakthund-sim engine --help     a stand-in for a container engine\n"
    "\n"
    "  --listen HOST:PORT  where to serve REST and WebSocket (default 127.0.0.1:0,\n"
    "                      any free port)\n"
    "  --scenario FILE     what happens (default: the incident's first act, standing\n"
    "                      still)\n"
    "  --tls-dir DIR       where to put ca.pem and the secrets (default: a fresh\n"
    "                      directory)\n"
    "  --help, --version\n"
    "\n"
    "When ready it prints one line of JSON: where it listens, the CA's file, keys and\n"
    "the files with their secrets. SIGTERM or SIGINT ends it.\n";

struct Arguments {
  std::string host = "127.0.0.1", scenario, tls_dir;
  int port = 0;
  bool help = false, version = false;
};

std::optional<std::string> read_listen(const std::string& value, Arguments& arguments) {
  const auto colon = value.rfind(':');
  const std::string number = colon == value.npos ? "" : value.substr(colon + 1);
  int port = -1;
  const char* end = number.data() + number.size();
  const auto [stopped, bad] = std::from_chars(number.data(), end, port);
  if (bad != std::errc() || stopped != end || port < 0 || port > 65535 || colon == 0) {
    return fmt::format("--listen: expected HOST:PORT, not '{}'", value);
  }
  arguments.host = value.substr(0, colon);
  arguments.port = port;
  return std::nullopt;
}

// What is wrong, or nothing.
std::optional<std::string> read_arguments(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i], value;
    if (name == "--help" || name == "-h") {
      arguments.help = true;
      continue;
    }
    if (name == "--version") {
      arguments.version = true;
      continue;
    }
    if (const auto equals = name.find('='); equals != name.npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    if (value.empty()) return fmt::format("{}: unknown option, or its value is missing", name);
    if (name == "--listen") {
      if (auto wrong = read_listen(value, arguments)) return wrong;
    } else if (name == "--scenario") {
      arguments.scenario = value;
    } else if (name == "--tls-dir") {
      arguments.tls_dir = value;
    } else {
      return fmt::format("{}: unknown option", name);
    }
  }
  return std::nullopt;
}

int fail(const std::string& why) {
  std::cerr << "vakthund-sim: " << why << std::endl;
  return 1;
}

int serve(const Arguments& arguments) {
  Result<Scenario> scenario = arguments.scenario.empty()
                                  ? read_scenario(incident_scenario(), "incident")
                                  : load_scenario(arguments.scenario);
  if (!scenario) return fail(scenario.error().message);
  complete_keys(*scenario);
  const std::vector<std::string> names{"localhost", "127.0.0.1", arguments.host};
  const Result<net::TlsIdentity> tls = scenario->expired_certificate
                                           ? net::TlsIdentity::self_made_expired(names)
                                           : net::TlsIdentity::self_made(names);
  if (!tls) return fail(tls.error().message);
  const Result<std::string> directory =
      arguments.tls_dir.empty() ? fresh_directory() : Result<std::string>(arguments.tls_dir);
  if (!directory) return fail(directory.error().message);

  net::Loop loop;
  Service::Options options{arguments.host, arguments.port, *tls, [](const std::string& line) {
                             std::cerr << "vakthund-sim: " << line << std::endl;
                           }};
  auto service = Service::start(loop, *scenario, std::move(options));
  if (!service) return fail(service.error().message);
  const std::string url = fmt::format("https://{}:{}", arguments.host, (*service)->port());
  const Result<std::string> line = write_credentials(*directory, *tls, *scenario, url);
  if (!line) return fail(line.error().message);
  loop.on_signals({SIGTERM, SIGINT}, [&loop](int) { loop.stop(); });
  std::cout << *line << std::endl;
  loop.run();
  return 0;
}

}  // namespace

int run_exchange(int argc, char** argv) {
  Arguments arguments;
  if (const auto wrong = read_arguments(argc, argv, arguments)) {
    std::cerr << "vakthund-sim: " << *wrong << "\n" << kHelp;
    return kBadUsage;
  }
  if (arguments.help) {
    std::cout << kHelp;
    return 0;
  }
  if (arguments.version) {
    std::cout << "vakthund-sim " VAKTHUND_VERSION "\n";
    return 0;
  }
  ::signal(SIGPIPE, SIG_IGN);
  return serve(arguments);
}

}  // namespace vakthund::simulator
