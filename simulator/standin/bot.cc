#include "simulator/standin/bot.h"

#include <fmt/format.h>
#include <signal.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "simulator/standin/options.h"
#include "simulator/standin/trading_bot.h"

namespace vakthund::simulator::standin {
namespace {

constexpr std::size_t kMaxFile = 1u << 20;

int refuse(const std::string& why) {
  std::fprintf(stderr, "vakthund-sim bot: %s\n", why.c_str());
  return 1;
}

void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

Result<std::string> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return error(ErrorKind::not_found, "cannot read " + path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.size() > kMaxFile) return error(ErrorKind::invalid, path + " is larger than 1 MiB");
  return text;
}

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text;
}

Result<net::Server::Options> address(const std::string& text) {
  net::Server::Options options;
  const auto colon = text.rfind(':');
  const char* end = text.data() + text.size();
  if (colon == std::string::npos ||
      std::from_chars(text.data() + colon + 1, end, options.port).ptr != end) {
    return error(ErrorKind::invalid, "--listen is HOST:PORT");
  }
  options.host = text.substr(0, colon);
  return options;
}

int run(const Options& options) {
  auto exchange_url = net::Url::parse(options.one("exchange"));
  if (!exchange_url) return refuse("--exchange: " + exchange_url.error().message);
  exchange_url->endpoint.ca_file = options.one("ca-file");
  auto secret = contents(options.one("api-secret-file"));
  if (!secret) return refuse(secret.error().message);
  auto script_text = options.one("script").empty() ? Result<std::string>(std::string())
                                                   : contents(options.one("script"));
  if (!script_text) return refuse(script_text.error().message);
  auto script = parse_script(*script_text);
  if (!script) return refuse(script.error().message);
  auto listen = address(options.one("listen", "127.0.0.1:0"));
  if (!listen) return refuse(listen.error().message);

  ::signal(SIGPIPE, SIG_IGN);
  int exit_code = 0;
  net::Loop loop;
  BotJournal journal(options.one("journal"));
  ExchangeClient exchange(loop, exchange_url->endpoint, options.one("api-key"), trimmed(*secret));
  TradingBot bot(loop, exchange, journal, *std::move(script), {print, [&](int code) {
                                                                 exit_code = code;
                                                                 loop.stop();
                                                               }});
  loop.on_signals({SIGTERM, SIGINT}, [&](int number) {
    if (number == SIGTERM && bot.ignores_sigterm()) return print("SIGTERM ignored");
    loop.stop();
  });
  net::Server::Handler handler;
  handler.on_request = [&bot](net::HttpRequest request, net::Responder responder) {
    bot.answer(request, std::move(responder));
  };
  auto server = net::Server::listen(loop, *listen, std::move(handler));
  if (!server) return refuse(server.error().message);
  const nlohmann::json ready{
      {"listening", fmt::format("http://{}:{}", listen->host, (*server)->port())},
      {"journal", options.one("journal")}};
  print(ready.dump());
  bot.start();
  loop.run();
  return exit_code;
}

}  // namespace

int run_bot(int argc, char** argv) {
  const auto options = Options::parse(
      words_of(argc, argv),
      {"exchange", "ca-file", "api-key", "api-secret-file", "listen", "journal", "script"});
  if (!options) return refuse(options.error().message);
  const auto given = options->require({"exchange", "api-key", "api-secret-file", "journal"});
  if (!given) return refuse(given.error().message);
  try {
    return run(*options);
  } catch (const SQLite::Exception& e) {
    return refuse(fmt::format("journal {}: {}", options->one("journal"), e.what()));
  }
}

}  // namespace vakthund::simulator::standin
