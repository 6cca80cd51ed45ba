// The exchange's answers to reads, to orders and to refusals. First line: what was asked.
#include <array>

#include "tests/fuzz/outside.h"
#include "watchdog/binance/answer.h"
#include "watchdog/binance/decode.h"
#include "watchdog/binance/errors.h"

using namespace vakthund;
using What = guard::Read::What;

namespace {

constexpr std::array kReads = {What::positions,       What::regular_orders, What::algo_orders,
                               What::account,         What::account_config, What::symbol_configs,
                               What::filters,         What::fills,          What::order,
                               What::regular_history, What::algo_history,   What::income,
                               What::forced_orders};

void read(What what, std::string_view body) {
  guard::Read asked;
  asked.what = what;
  asked.symbol = "BTCUSDT";
  asked.client_id = "vkt-K1-1-1";
  binance::RateLimits limits;
  fuzz::judge(binance::events_of(asked, body, model::MonoTime(std::chrono::hours(1)), limits));
}

void other(std::string_view what, std::string_view body) {
  binance::Notes notes;
  if (what == "batch") {
    std::vector<binance::BatchReply> replies;
    binance::decode_batch(body, replies, notes);
  } else if (what == "mark prices") {
    std::vector<guard::PriceTick> ticks;
    if (binance::decode_mark_prices(body, ticks, notes)) fuzz::judge({guard::MarkPrices{ticks}});
  } else if (what == "time") {
    model::WallTime time;
    binance::decode_server_time(body, time, notes);
  } else if (what == "listen key") {
    std::string key;
    binance::decode_listen_key(body, key, notes);
  } else if (what.starts_with("refusal ")) {
    binance::Refusal refusal;
    refusal.http_status = std::atoi(std::string(what.substr(8)).c_str());
    refusal.body = body;
    refusal.retry_after = "7";
    const Error error = binance::to_error(refusal, binance::Effect::changes, model::WallTime());
    fuzz::must(!error.message.empty(), "a refusal says something");
    fuzz::must(error.message.find('\n') == std::string::npos, "in one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [what, text] = fuzz::parts(bytes, size);
  const std::string body = fuzz::padded(text);
  const std::string_view given(body.data(), text.size());
  for (const What one : kReads) {
    if (what == to_string(one)) read(one, given);
  }
  other(what, given);
  return 0;
}
