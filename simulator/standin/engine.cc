#include "simulator/standin/engine.h"

#include <signal.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "simulator/standin/engine_routes.h"
#include "simulator/standin/options.h"

namespace vakthund::simulator::standin {
namespace {

int refuse(const std::string& why) {
  std::fprintf(stderr, "vakthund-sim engine: %s\n", why.c_str());
  return 1;
}

}  // namespace

constexpr const char* kHelp =
    "vakthund-sim engine: a stand-in for a container engine, for one container that\n"
    "is really a child process.\n"
    "\n"
    "Usage: vakthund-sim engine --socket PATH --name NAME [--restart-policy POLICY]\n"
    "         [--env NAME=VALUE ...] -- COMMAND ...\n"
    "\n"
    "  --socket PATH           the Unix socket on which it speaks Docker's API\n"
    "  --name NAME             of the container\n"
    "  --restart-policy P      no (default), always, unless-stopped or on-failure\n"
    "\n"
    "When ready it prints one line of JSON. SIGTERM or SIGINT ends it and the\n"
    "process.\n";

int run_engine(int argc, char** argv) {
  if (gave_help(words_of(argc, argv), kHelp)) return 0;
  auto options = Options::parse(words_of(argc, argv), {"socket", "name", "restart-policy", "env"});
  if (!options) return refuse(options.error().message);
  if (auto given = options->require({"socket", "name"}); !given) {
    return refuse(given.error().message);
  }
  ProcessContainer::Config config;
  config.name = options->one("name");
  config.command = options->command();
  config.environment = options->all("env");
  config.restart_policy = options->one("restart-policy", "no");
  if (config.command.empty()) return refuse("a command is missing after --");
  if (!ProcessContainer::is_policy(config.restart_policy)) {
    return refuse("--restart-policy is one of no, always, unless-stopped, on-failure");
  }
  ::signal(SIGPIPE, SIG_IGN);
  net::Loop loop;
  loop.on_signals({SIGTERM, SIGINT}, [&loop](int) { loop.stop(); });
  ProcessContainer container(loop, config);
  net::Server::Options listen;
  listen.host = options->one("socket");
  listen.unix_socket = true;
  net::Server::Handler handler;
  handler.on_request = [&container](net::HttpRequest request, net::Responder responder) {
    answer_engine_request(container, request, std::move(responder));
  };
  auto server = net::Server::listen(loop, listen, std::move(handler));
  if (!server) return refuse(server.error().message);
  const auto started = container.start();
  if (started.status != 204) return refuse(started.message);
  const nlohmann::json ready{{"listening", "unix://" + listen.host}, {"container", config.name}};
  std::printf("%s\n", ready.dump().c_str());
  std::fflush(stdout);
  loop.run();
  return 0;
}

}  // namespace vakthund::simulator::standin
