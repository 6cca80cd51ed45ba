// Who may ask: a bearer token, of which only the SHA-256 is kept.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace vakthund::server {

class BearerToken {
 public:
  enum class Verdict {
    right,
    missing,  // no Authorization, or not a bearer token
    wrong,
    too_many,  // wrong, and so were too many before it
    none       // no token is configured: nobody may
  };

  // `wrong_limit` wrong tokens at once, then one every kRefill.
  BearerToken(const std::string& token, int wrong_limit);
  void change(const std::string& token);

  // The time it takes does not depend on how much of the token is right. Threads: any.
  Verdict judge(std::string_view authorization, std::chrono::steady_clock::time_point now);

  static constexpr std::chrono::seconds kRefill{6};

 private:
  using Digest = std::array<unsigned char, 32>;
  static Digest digest(std::string_view text);
  bool another_wrong_one(std::chrono::steady_clock::time_point now);

  std::mutex mutex_;
  bool configured_ = false;
  Digest digest_{};
  const int wrong_limit_;
  int wrong_ = 0;  // that have not been forgiven yet
  std::chrono::steady_clock::time_point forgiven_{};
};

}  // namespace vakthund::server
