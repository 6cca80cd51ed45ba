// Keys, clocks, signatures against binance.md §2; budgets against §9.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "tests/simulator/venue_world.h"

namespace vakthund::simulator {
namespace {

// §2: the vector of the exchange's own documentation.
TEST(Signature, MatchesTheDocumentedVector) {
  const std::string payload =
      "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000"
      "&timestamp=1591702613943";
  const std::string secret = "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9";
  const std::string wanted = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9";
  EXPECT_EQ(hmac_hex(secret, payload), wanted);
  ApiKey key{.name = {}, .key = {}, .secret = secret};
  EXPECT_TRUE(signature_valid(key, signed_text(payload + "&signature=" + wanted, "")));
  std::string upper = wanted;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(signature_valid(key, signed_text("", payload + "&signature=" + upper)));
  EXPECT_FALSE(signature_valid(key, signed_text(payload + "&signature=" + upper.substr(1), "")));
}

// §2: query and body are joined without '&'; the signature goes last.
TEST(Signature, CoversQueryAndBodyWithoutAnAmpersandBetween) {
  EXPECT_EQ(signed_text("a=1", "b=2&signature=ff").payload, "a=1b=2");
  EXPECT_EQ(signed_text("a=1&signature=ff", "b=2").payload, "a=1b=2");
  EXPECT_EQ(signed_text("signature=ff&a=1", "").signature, "");
}

TEST(Signature, OfAnEd25519KeyIsVerified) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  ApiKey api_key{.name = {}, .key = {}, .kind = ApiKey::Kind::ed25519, .secret = {}};
  api_key.secret.assign(text, static_cast<std::size_t>(size));

  const std::string payload = "timestamp=1";
  unsigned char signature[64];
  std::size_t length = sizeof signature;
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_DigestSignInit(digest, nullptr, nullptr, nullptr, key);
  EVP_DigestSign(digest, signature, &length, reinterpret_cast<const unsigned char*>(payload.data()),
                 payload.size());
  unsigned char base64[100];
  EVP_EncodeBlock(base64, signature, 64);
  const std::string plain(reinterpret_cast<char*>(base64));
  std::string escaped;
  for (const char c : plain) {
    escaped += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
  }
  EXPECT_TRUE(signature_valid(api_key, signed_text(payload + "&signature=" + escaped, "")));
  EXPECT_TRUE(signature_valid(api_key, signed_text(payload + "&signature=" + plain, "")));
  EXPECT_FALSE(signature_valid(api_key, signed_text("timestamp=2&signature=" + escaped, "")));
  EVP_MD_CTX_free(digest);
  BIO_free(bio);
  EVP_PKEY_free(key);
}

TEST(Keys, AreRefusedByFormatByNameAndByPermission) {
  VenueWorld world;
  Request request = world.signed_request("GET", "/fapi/v3/balance", "", epoch_ms(kNow));
  request.api_key = "not a key";
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -2014);
  request.api_key = "";
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -2014);
  request.api_key = "unknown";
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -2015);
  EXPECT_EQ(world.call("GET", "/fapi/v3/balance", "", "readkey").status, 200);
  for (const auto& [method, path] :
       {std::pair{"POST", "/fapi/v1/order"}, std::pair{"DELETE", "/fapi/v1/allOpenOrders"},
        std::pair{"POST", "/fapi/v1/algoOrder"}, std::pair{"POST", "/fapi/v1/leverage"}}) {
    EXPECT_EQ(code_of(world.call(method, path, "symbol=BNBUSDT", "readkey")), -2015) << path;
  }
}

TEST(Keys, AloneAreEnoughForAListenKey) {
  VenueWorld world;
  const Reply reply = world.venue.handle({"POST", "/fapi/v1/listenKey", {}, {}, "readkey"}, kNow);
  EXPECT_EQ(reply.status, 200);
}

TEST(Signature, IsAskedForAndChecked) {
  VenueWorld world;
  Request request = world.signed_request("GET", "/fapi/v3/balance", "", epoch_ms(kNow));
  request.query.back() = request.query.back() == '0' ? '1' : '0';
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -1022);
  request.query = "timestamp=" + std::to_string(epoch_ms(kNow));
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -1102);
  request.query = "";
  EXPECT_EQ(code_of(world.venue.handle(request, kNow)), -1102);
}

TEST(Signature, MayStandInTheFormBody) {
  VenueWorld world;
  std::string body =
      "symbol=BNBUSDT&side=BUY&type=MARKET&quantity=1&timestamp=" + std::to_string(epoch_ms(kNow));
  body += "&signature=" + hmac_hex("one", body);
  const Reply reply = world.venue.handle({"POST", "/fapi/v1/order", {}, body, "tradekey"}, kNow);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(world.held(), 1_d);
}

// §2 "Clock": timestamp < server + 1000 and server - timestamp <= recvWindow.
TEST(Timestamp, IsAcceptedWithinItsWindowOnly) {
  VenueWorld world;
  const auto at = [&](std::int64_t offset_ms, const std::string& query = {}) {
    return world.venue.handle(
        world.signed_request("GET", "/fapi/v3/balance", query, epoch_ms(kNow) + offset_ms), kNow);
  };
  EXPECT_EQ(at(999).status, 200);
  EXPECT_EQ(code_of(at(1000)), -1021);
  EXPECT_NE(at(1000).body.find("1000ms ahead"), std::string::npos);
  EXPECT_EQ(at(-5000).status, 200);
  EXPECT_EQ(code_of(at(-5001)), -1021);
  EXPECT_NE(at(-5001).body.find("outside of the recvWindow"), std::string::npos);
  EXPECT_EQ(at(-60000, "recvWindow=60000").status, 200);
  EXPECT_EQ(code_of(at(0, "recvWindow=60001")), -1130);
}

TEST(Timestamp, FollowsTheExchangesOwnClock) {
  VenueWorld world;
  world.fault({.kind = "clock_skew", .ms = 10'000});
  EXPECT_EQ(code_of(world.call("GET", "/fapi/v3/balance")), -1021);
  const auto time = nlohmann::json::parse(world.open_call("/fapi/v1/time").body);
  EXPECT_EQ(time["serverTime"], epoch_ms(kNow) + 10'000);
  world.now = kNow + std::chrono::seconds(1);
  const Request request =
      world.signed_request("GET", "/fapi/v3/balance", "", epoch_ms(kNow) + 11'000);
  EXPECT_EQ(world.venue.handle(request, world.now).status, 200);
}

// §9: weight per address; §8: 429 with Retry-After, then 418.
TEST(Weight, IsCountedToldAndLimited) {
  VenueWorld world;
  EXPECT_EQ(header_of(world.open_call("/fapi/v1/ping"), "X-MBX-USED-WEIGHT-1M"), "1");
  EXPECT_EQ(header_of(world.call("GET", "/fapi/v1/openOrders"), "X-MBX-USED-WEIGHT-1M"), "41");
  EXPECT_EQ(
      header_of(world.call("GET", "/fapi/v1/openOrders", "symbol=BNBUSDT"), "X-MBX-USED-WEIGHT-1M"),
      "42");
  world.venue.limits().burn(2358, world.now);
  const Reply over = world.open_call("/fapi/v1/ping");
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(code_of(over), -1003);
  EXPECT_NE(header_of(over, "Retry-After"), "");
  for (int i = 0; i < RateLimits::kViolations; ++i) world.open_call("/fapi/v1/ping");
  EXPECT_EQ(world.open_call("/fapi/v1/ping").status, 418);
  world.now += std::chrono::seconds(90);
  EXPECT_EQ(world.open_call("/fapi/v1/ping").status, 418);
  world.now += std::chrono::seconds(31);
  EXPECT_EQ(world.open_call("/fapi/v1/ping").status, 200);
}

TEST(OrderBudget, IsPerAccountAndFreeForCancels) {
  VenueWorld world;
  world.account->wallet = 1000000_d;
  for (int i = 0; i < 300; ++i) ASSERT_EQ(world.sell().status, 200) << i;
  const Reply over = world.sell();
  EXPECT_EQ(code_of(over), -1015);
  EXPECT_EQ(header_of(over, "X-MBX-ORDER-COUNT-10S"), "300");
  EXPECT_EQ(world.call("DELETE", "/fapi/v1/allOpenOrders", "symbol=BNBUSDT").status, 200);
  world.now += std::chrono::seconds(10);
  EXPECT_EQ(world.sell().status, 200);
}

TEST(SeenRequests, AreRememberedWithoutTheirSignature) {
  VenueWorld world;
  world.sell("&newClientOrderId=vk1");
  ASSERT_EQ(world.venue.seen().size(), 1u);
  const SeenRequest& seen = world.venue.seen().front();
  EXPECT_EQ(seen.path, "/fapi/v1/order");
  EXPECT_EQ(seen.key_name, "trade");
  EXPECT_EQ(seen.status, 200);
  for (const auto& [name, value] : seen.params) EXPECT_NE(name, "signature");
}

}  // namespace
}  // namespace vakthund::simulator
