#include "simulator/standin/bot.h"

#include <fmt/format.h>
#include <signal.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "simulator/standin/freqtrade_face.h"
#include "simulator/standin/generic_face.h"
#include "simulator/standin/options.h"
#include "simulator/standin/quantum_face.h"
#include "simulator/standin/trading_bot.h"

namespace vakthund::simulator::standin {
namespace {

constexpr std::size_t kMaxFile = 1u << 20;
constexpr const char* kHelp =
    "vakthund-sim bot: a stand-in for a trading bot on the simulated exchange.\n"
    "\n"
    "Usage: vakthund-sim bot [--kind quantum-trader|freqtrade|generic]\n"
    "         [--exchange URL --ca-file F --api-key K --api-secret-file F]\n"
    "         --listen HOST:PORT --journal FILE [--script FILE]\n"
    "\n"
    "  --kind KIND             what it serves and writes (default quantum-trader)\n"
    "  --exchange URL          where vakthund-sim listens; --ca-file, --api-key\n"
    "                          and --api-secret-file are what it printed\n"
    "  --listen HOST:PORT      its API; port 0: any free one\n"
    "  --journal FILE          the SQLite file that it writes\n"
    "  --script FILE           what it does and when (simulator/SCENARIOS.md)\n"
    "  freqtrade:  --password-file F [--username U] [--token-lifetime 15m]\n"
    "              [--stop-ratio 0.02] [--leverage 20]\n"
    "  generic:    [--authorization-file F]\n"
    "\n"
    "When ready it prints one line of JSON. SIGTERM or SIGINT ends it.\n";

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

// A kind's journal and pages, and what they need.
struct Kind {
  std::unique_ptr<BotJournal> quantum;
  std::unique_ptr<FreqtradeJournal> freqtrade;
  std::unique_ptr<FreqtradeTokens> tokens;
  std::unique_ptr<GenericJournal> generic;
  std::unique_ptr<BotFace> face;
};

Result<Kind> freqtrade_kind(const Options& options) {
  const auto password = contents(options.one("password-file"));
  if (!password) return password.error();
  const auto lifetime = model::parse_duration(options.one("token-lifetime", "15m"));
  if (!lifetime) return error(ErrorKind::invalid, "--token-lifetime is a duration such as 15m");
  FreqtradeFace::Settings settings;
  const auto ratio = model::Decimal::parse(options.one("stop-ratio", "0.02"));
  const auto leverage = model::Decimal::parse(options.one("leverage", "20"));
  if (!ratio || ratio->sign() <= 0) return error(ErrorKind::invalid, "--stop-ratio is above 0");
  if (!leverage || *leverage < model::Decimal::whole(1) || *leverage > model::Decimal::whole(125)) {
    return error(ErrorKind::invalid, "--leverage is from 1 to 125");
  }
  settings.stop_ratio = *ratio;
  settings.leverage = static_cast<int>(leverage->units() / model::Decimal::kOne);
  Kind kind;
  kind.freqtrade = std::make_unique<FreqtradeJournal>(options.one("journal"));
  kind.tokens = std::make_unique<FreqtradeTokens>(options.one("username", "freqtrader"),
                                                  trimmed(*password), *lifetime);
  kind.face = std::make_unique<FreqtradeFace>(*kind.freqtrade, *kind.tokens, settings);
  return kind;
}

Result<Kind> kind_of(const Options& options) {
  const std::string name = options.one("kind", "quantum-trader");
  if (name == "freqtrade") return freqtrade_kind(options);
  Kind kind;
  if (name == "generic") {
    std::string authorization;
    if (!options.one("authorization-file").empty()) {
      const auto text = contents(options.one("authorization-file"));
      if (!text) return text.error();
      authorization = trimmed(*text);
    }
    kind.generic = std::make_unique<GenericJournal>(options.one("journal"));
    kind.face = std::make_unique<GenericFace>(*kind.generic, std::move(authorization));
  } else if (name == "quantum-trader") {
    kind.quantum = std::make_unique<BotJournal>(options.one("journal"));
    kind.face = std::make_unique<QuantumFace>(*kind.quantum);
  } else {
    return error(ErrorKind::invalid, "--kind is quantum-trader, freqtrade or generic");
  }
  return kind;
}

// nullptr: without an exchange.
Result<std::unique_ptr<ExchangeClient>> exchange_of(const Options& options, net::Loop& loop) {
  if (options.one("exchange").empty()) return std::unique_ptr<ExchangeClient>();
  const auto url = net::Url::parse(options.one("exchange"));
  if (!url) return error(ErrorKind::invalid, "--exchange: " + url.error().message);
  net::Endpoint endpoint = url->endpoint;
  endpoint.ca_file = options.one("ca-file");
  const auto secret = contents(options.one("api-secret-file"));
  if (!secret) return secret.error();
  return std::make_unique<ExchangeClient>(loop, std::move(endpoint), options.one("api-key"),
                                          trimmed(*secret));
}

int run(const Options& options) {
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
  auto exchange = exchange_of(options, loop);
  if (!exchange) return refuse(exchange.error().message);
  auto kind = kind_of(options);
  if (!kind) return refuse(kind.error().message);
  TradingBot bot(loop, exchange->get(), *kind->face, *std::move(script), {print, [&](int code) {
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
      {"journal", options.one("journal")},
      {"kind", options.one("kind", "quantum-trader")}};
  print(ready.dump());
  bot.start();
  loop.run();
  return exit_code;
}

// Which options a kind cannot do without.
std::vector<std::string> needed(const Options& options) {
  std::vector<std::string> names{"journal"};
  const std::string kind = options.one("kind", "quantum-trader");
  if (kind == "freqtrade") names.push_back("password-file");
  if (kind == "quantum-trader") names.push_back("exchange");
  if (kind == "quantum-trader" || !options.one("exchange").empty()) {
    names.insert(names.end(), {"api-key", "api-secret-file"});
  }
  return names;
}

}  // namespace

int run_bot(int argc, char** argv) {
  if (gave_help(words_of(argc, argv), kHelp)) return 0;
  const auto options = Options::parse(
      words_of(argc, argv), {"kind", "exchange", "ca-file", "api-key", "api-secret-file", "listen",
                             "journal", "script", "username", "password-file", "token-lifetime",
                             "stop-ratio", "leverage", "authorization-file"});
  if (!options) return refuse(options.error().message);
  const auto given = options->require(needed(*options));
  if (!given) return refuse(given.error().message);
  try {
    return run(*options);
  } catch (const SQLite::Exception& e) {
    return refuse(fmt::format("journal {}: {}", options->one("journal"), e.what()));
  }
}

}  // namespace vakthund::simulator::standin
