#include "simulator/standin/exchange_client.h"

#include <fmt/format.h>
#include <openssl/hmac.h>

#include <array>
#include <cctype>

namespace vakthund::simulator::standin {
namespace {

constexpr std::chrono::seconds kTimeout{10};

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

std::int64_t local_ms() { return model::epoch_ms(net::Loop::now().wall); }

Result<ExchangeAnswer> read(const Result<net::HttpResponse>& answer) {
  if (!answer) return answer.error();
  ExchangeAnswer read{nlohmann::json::parse(answer->body, nullptr, false)};
  if (answer->status == 200 && !read.body.is_discarded()) return read;
  std::string message = fmt::format("HTTP {}", answer->status);
  int code = 0;
  if (read.body.is_object()) {
    code = read.body.value("code", 0);
    message = fmt::format("code={}, msg={}", code, read.body.value("msg", std::string()));
  }
  return error(ErrorKind::refused, message, code);
}

}  // namespace

std::string hmac_hex(const std::string& secret, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  ::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

ExchangeClient::ExchangeClient(net::Loop& loop, net::Endpoint endpoint, std::string key,
                               std::string secret)
    : client_(loop, std::move(endpoint), net::HttpClient::Limits{}),
      key_(std::move(key)),
      secret_(std::move(secret)) {}

void ExchangeClient::call(std::string method, std::string path, Params params, Callback callback) {
  if (synchronized_) {
    return send(std::move(method), std::move(path), std::move(params), std::move(callback), false);
  }
  synchronize([this, method = std::move(method), path = std::move(path), params = std::move(params),
               callback = std::move(callback)] { send(method, path, params, callback, false); });
}

void ExchangeClient::synchronize(std::function<void()> then) {
  net::HttpRequest request;
  request.target = "/fapi/v1/time";
  client_.send(std::move(request), kTimeout,
               [this, then = std::move(then)](Result<net::HttpResponse> answer, net::HttpTimings) {
                 const auto time = read(answer);
                 if (time && time->body.is_object() && time->body.contains("serverTime") &&
                     time->body["serverTime"].is_number_integer()) {
                   offset_ms_ = time->body["serverTime"].get<std::int64_t>() - local_ms();
                   synchronized_ = true;
                 }
                 then();
               });
}

void ExchangeClient::send(std::string method, std::string path, Params params, Callback callback,
                          bool repeated) {
  std::string query;
  for (const auto& [name, value] : params) query += name + "=" + encoded(value) + "&";
  query += fmt::format("recvWindow=5000&timestamp={}", local_ms() + offset_ms_);
  net::HttpRequest request;
  request.method = method;
  request.target = path + "?" + query + "&signature=" + hmac_hex(secret_, query);
  request.headers = {{"X-MBX-APIKEY", key_}};
  client_.send(std::move(request), kTimeout,
               [this, method, path, params, callback, repeated](Result<net::HttpResponse> answer,
                                                                net::HttpTimings) {
                 auto outcome = read(answer);
                 if (outcome || outcome.error().code != -1021 || repeated) {
                   return callback(std::move(outcome));
                 }
                 synchronize([=, this] { send(method, path, params, callback, true); });
               });
}

}  // namespace vakthund::simulator::standin
