// Verdict -> order bytes written: from the position that must be closed to the last byte of its
// order in the socket, on a warm TLS connection to a server on this machine.
//
// On the clock: making the reducing order, building and signing its request, handing it to the HTTP
// client, TLS, the write. Promised: 200 µs (median). The answer is awaited off the clock.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/bench/account.h"
#include "tests/bench/latency.h"
#include "watchdog/binance/request.h"
#include "watchdog/binance/sign.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"
#include "watchdog/net/server.h"

namespace vakthund::bench {
namespace {

using binance::Signer;

constexpr auto kTimeout = std::chrono::seconds(10);
constexpr int kBurstConnections = 10;
constexpr int kPausedIterations = 500;

std::string secret_of(Signer::Kind kind) {
  if (kind == Signer::Kind::hmac) return std::string(64, 'k');
  EVP_PKEY* key = kind == Signer::Kind::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                                : EVP_RSA_gen(2048);
  BIO* text = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(text, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* bytes = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(text, &bytes));
  std::string pem(bytes, size);
  BIO_free(text);
  EVP_PKEY_free(key);
  return pem;
}

net::HttpResponse order_accepted() {
  net::HttpResponse response;
  response.status = 200;
  response.headers = {{"content-type", "application/json"}, {"x-mbx-used-weight-1m", "42"}};
  response.body =
      R"({"clientOrderId":"testOrder","cumQty":"0","executedQty":"0","orderId":22542179,)"
      R"("origQty":"10","price":"0","reduceOnly":true,"side":"SELL","positionSide":"BOTH",)"
      R"("status":"NEW","stopPrice":"0","closePosition":false,"symbol":"BTCUSDT",)"
      R"("timeInForce":"GTC","type":"MARKET","origType":"MARKET","updateTime":1566818724722,)"
      R"("workingType":"CONTRACT_PRICE","priceProtect":false,"priceMatch":"NONE",)"
      R"("selfTradePreventionMode":"EXPIRE_MAKER","goodTillDate":0})";
  return response;
}

// The other side: a TLS server on a thread of its own that accepts every order.
class AcceptingExchange {
 public:
  AcceptingExchange() {
    const auto identity = net::TlsIdentity::self_made({"localhost", "127.0.0.1"}).value();
    ca_file_ = std::filesystem::temp_directory_path() /
               ("order-bench-" + std::to_string(::getpid()) + ".pem");
    std::ofstream(ca_file_) << identity.ca_pem;
    net::Server::Options options;
    options.tls = identity;
    net::Server::Handler handler;
    handler.on_request = [](const net::HttpRequest&, net::Responder responder) {
      responder.send(order_accepted());
    };
    server_ = net::Server::listen(loop_, options, handler).value();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~AcceptingExchange() {
    loop_.stop();
    thread_.join();
    std::filesystem::remove(ca_file_);
  }
  AcceptingExchange(const AcceptingExchange&) = delete;
  AcceptingExchange& operator=(const AcceptingExchange&) = delete;

  net::Endpoint endpoint() const {
    net::Endpoint endpoint;
    endpoint.host = "localhost";
    endpoint.port = std::to_string(server_->port());
    endpoint.ca_file = ca_file_;
    return endpoint;
  }

 private:
  net::Loop loop_;
  std::unique_ptr<net::Server> server_;
  std::filesystem::path ca_file_;
  std::thread thread_;
};

// Our side, as the shell does it.
class Sender {
 public:
  Sender(const net::Endpoint& endpoint, Signer::Kind kind)
      : signer_(Signer::from(secret_of(kind)).value()), client_(loop_, endpoint, limits()) {}

  // Closes positions 0 to `count`, in batches where there is more than one; returns how long it
  // took until the last byte was written. Zero: a request failed.
  model::Duration close(const guard::Guard& guard, int count) {
    written_ = {};
    failed_ = 0;
    const model::MonoTime start = net::Loop::now().mono;
    std::vector<guard::ReducingOrder> orders;
    for (int i = 0; i < count; ++i) append_orders(guard, symbol_of(i), orders);
    const std::span<const guard::ReducingOrder> all(orders);
    for (std::size_t at = 0; at < all.size(); at += binance::kMaxBatch) {
      const auto batch = all.subspan(at, std::min(binance::kMaxBatch, all.size() - at));
      send(batch.size() == 1 ? binance::place_request(batch[0])
                             : binance::place_batch_request(batch));
    }
    loop_.run();
    return failed_ == 0 ? written_ - start : model::Duration::zero();
  }

 private:
  static net::HttpClient::Limits limits() {
    net::HttpClient::Limits limits;
    limits.max_connections = kBurstConnections;
    return limits;
  }
  void append_orders(const guard::Guard& guard, const std::string& symbol,
                     std::vector<guard::ReducingOrder>& orders) {
    const model::SymbolBook& book = *guard.snapshot().symbol(symbol);
    const model::SymbolFilters* filters = book.filters ? &*book.filters : nullptr;
    auto pieces = guard::ReducingOrder::close(book.positions[0], filters, "K1791283239000-1",
                                              static_cast<int>(orders.size()));
    for (auto& piece : *pieces) orders.push_back(std::move(piece));
  }
  void send(const binance::Request& request) {
    net::HttpRequest http;
    http.method = request.method;
    http.target = binance::target(request, signer_, now().wall);
    http.headers = {{"X-MBX-APIKEY", std::string(64, 'a')}};
    ++open_;
    client_.send(std::move(http), kTimeout,
                 [this](const Result<net::HttpResponse>& result, net::HttpTimings timings) {
                   failed_ += !result;
                   written_ = std::max(written_, timings.written);
                   if (--open_ == 0) loop_.stop();
                 });
  }

  Signer signer_;
  net::Loop loop_;
  net::HttpClient client_;
  model::MonoTime written_{};
  int open_ = 0;
  int failed_ = 0;
};

void close_positions(benchmark::State& state, Signer::Kind kind, int count, bool after_a_pause) {
  const guard::Guard guard = account_with(kPositions);
  AcceptingExchange exchange;
  Sender sender(exchange.endpoint(), kind);
  sender.close(guard, kPositions);  // opens every connection that will be used
  Latency latency(state);
  for (auto _ : state) {
    if (after_a_pause) pause();
    const auto took = sender.close(guard, count);
    if (took == model::Duration::zero()) {
      state.SkipWithError("an order was not accepted");
      break;
    }
    latency.took(took);
  }
}

void OneOrderHmac(benchmark::State& state) { close_positions(state, Signer::Kind::hmac, 1, false); }
BENCHMARK(OneOrderHmac)->UseManualTime();
void OneOrderEd25519(benchmark::State& state) {
  close_positions(state, Signer::Kind::ed25519, 1, false);
}
BENCHMARK(OneOrderEd25519)->UseManualTime();
void OneOrderRsa(benchmark::State& state) { close_positions(state, Signer::Kind::rsa, 1, false); }
BENCHMARK(OneOrderRsa)->UseManualTime();
void OneOrderHmacAfterAPause(benchmark::State& state) {
  close_positions(state, Signer::Kind::hmac, 1, true);
}
BENCHMARK(OneOrderHmacAfterAPause)->UseManualTime()->Iterations(kPausedIterations);
void OneOrderEd25519AfterAPause(benchmark::State& state) {
  close_positions(state, Signer::Kind::ed25519, 1, true);
}
BENCHMARK(OneOrderEd25519AfterAPause)->UseManualTime()->Iterations(kPausedIterations);
// Fifty positions in ten batches at once, until the last byte of the last.
void FiftyOrdersHmac(benchmark::State& state) {
  close_positions(state, Signer::Kind::hmac, kPositions, false);
}
BENCHMARK(FiftyOrdersHmac)->UseManualTime();
void FiftyOrdersEd25519(benchmark::State& state) {
  close_positions(state, Signer::Kind::ed25519, kPositions, false);
}
BENCHMARK(FiftyOrdersEd25519)->UseManualTime();

}  // namespace
}  // namespace vakthund::bench

BENCHMARK_MAIN();
