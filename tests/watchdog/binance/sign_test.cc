#include "watchdog/binance/sign.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <type_traits>

namespace vakthund::binance {
namespace {

constexpr std::string_view kPayload =
    "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000"
    "&timestamp=1591702613943";

// A directory of this test's own, removed with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sign-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(file(name)).rdbuf();
    return text.str();
  }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
  }
  int openssl(const std::string& arguments) const {
    return std::system(
        ("cd " + path_.string() + " && openssl " + arguments + " >/dev/null 2>&1").c_str());
  }

 private:
  std::filesystem::path path_;
};

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string base64_decoded(const std::string& text) {
  std::string out(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) out.pop_back();
  return out;
}

// binance.md §2, "HMAC vector".
TEST(Signer, ReproducesTheDocumentedHmacSignature) {
  const auto signer =
      Signer::from("2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9\n");
  ASSERT_TRUE(signer.has_value()) << signer.error().message;
  EXPECT_EQ(signer->kind(), Signer::Kind::hmac);
  const std::string expected = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9";
  EXPECT_EQ(signer->sign(kPayload), expected);
  EXPECT_NE(signer->sign("another"), expected);
  EXPECT_EQ(signer->sign(kPayload), expected) << "a second use of the same key";
}

TEST(Signer, MakesEd25519SignaturesThatOpensslVerifies) {
  const Folder folder;
  ASSERT_EQ(folder.openssl("genpkey -algorithm ed25519 -out key.pem"), 0);
  ASSERT_EQ(folder.openssl("pkey -in key.pem -pubout -out pub.pem"), 0);
  const auto signer = Signer::from(folder.read("key.pem"));
  ASSERT_TRUE(signer.has_value()) << signer.error().message;
  EXPECT_EQ(signer->kind(), Signer::Kind::ed25519);
  const std::string signature = signer->sign(kPayload);
  EXPECT_EQ(signature.find_first_of("+/="), std::string::npos) << signature;
  folder.write("sig", base64_decoded(percent_decoded(signature)));
  folder.write("payload", kPayload);
  EXPECT_EQ(folder.openssl("pkeyutl -verify -pubin -inkey pub.pem -rawin -in payload -sigfile sig"),
            0);
}

TEST(Signer, MakesRsaSignaturesThatOpensslVerifies) {
  const Folder folder;
  ASSERT_EQ(folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem"), 0);
  ASSERT_EQ(folder.openssl("pkey -in key.pem -pubout -out pub.pem"), 0);
  const auto signer = Signer::from("\n  " + folder.read("key.pem") + "\n");
  ASSERT_TRUE(signer.has_value()) << signer.error().message;
  EXPECT_EQ(signer->kind(), Signer::Kind::rsa);
  folder.write("sig", base64_decoded(percent_decoded(signer->sign(kPayload))));
  folder.write("payload", kPayload);
  EXPECT_EQ(folder.openssl("dgst -sha256 -verify pub.pem -signature sig payload"), 0);
}

TEST(Signer, RefusesWhatIsNoUsableSecretAndNeverShowsIt) {
  const Folder folder;
  ASSERT_EQ(folder.openssl("ecparam -name prime256v1 -genkey -noout -out ec1.pem"), 0);
  ASSERT_EQ(folder.openssl("pkcs8 -topk8 -nocrypt -in ec1.pem -out ec.pem"), 0);
  ASSERT_EQ(folder.openssl("genpkey -algorithm ed25519 -out ed.pem"), 0);
  ASSERT_EQ(folder.openssl("pkcs8 -topk8 -in ed.pem -passout pass:hunter2 -out encrypted.pem"), 0);
  ASSERT_EQ(folder.openssl("pkey -in ed.pem -pubout -out public.pem"), 0);
  ASSERT_EQ(folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out weak.pem"),
            0);
  const std::string whole = folder.read("ed.pem");
  const std::pair<std::string, std::string> cases[] = {
      {folder.read("ec.pem"), "neither Ed25519 nor RSA"},
      {folder.read("encrypted.pem"), "encrypted"},
      {folder.read("public.pem"), "not a private key"},
      {folder.read("weak.pem"), "2048"},
      {whole.substr(0, whole.size() / 2), "cannot be read"},
      {whole.substr(0, 40) + "????" + whole.substr(44), "cannot be read"},
      {"-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n", "cannot be read"},
      {"", "expected an HMAC secret"},
      {"   \n", "expected an HMAC secret"},
      {"short", "expected an HMAC secret"},
      {std::string(600, 'x'), "expected an HMAC secret"},
      {"two words of a secret", "one word"},
      {std::string("with a zero\0 byte", 17), "one word"},
      {"-----BEGIN PRIVATE KEY-----" + std::string(20'000, 'A'), "at most 16 kB"},
  };
  for (const auto& [secret, expected] : cases) {
    const auto signer = Signer::from(secret);
    ASSERT_FALSE(signer.has_value()) << expected;
    EXPECT_EQ(signer.error().kind, ErrorKind::invalid);
    EXPECT_NE(signer.error().message.find(expected), std::string::npos) << signer.error().message;
    if (secret.size() > 12) {
      EXPECT_EQ(signer.error().message.find(secret.substr(secret.size() / 2, 12)),
                std::string::npos);
    }
  }
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("AZaz09-_.~"), "AZaz09-_.~");
  EXPECT_EQ(percent_encoded("a+b/c=d&e f\n\"{}"), "a%2Bb%2Fc%3Dd%26e%20f%0A%22%7B%7D");
  EXPECT_EQ(percent_encoded("\xE5\xB8\x81"), "%E5%B8%81");
}

}  // namespace
}  // namespace vakthund::binance
