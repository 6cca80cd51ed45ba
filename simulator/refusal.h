// "No" as the exchange says it: an HTTP status and {"code":…,"msg":…}.
// Source: binance.md §8. Texts are the documented ones; codes marked there as seen in the field
// only are marked so in refusal.cc.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace vakthund::simulator {

struct Refusal {
  int code = 0;
  std::string message;
  int http = 400;
  int retry_after_s = 0;  // with 429 and 418
  std::string body() const;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

template <class T>
using Answer = boost::system::result<T, Refusal>;
struct Done {};

// The documented text of `code`, with `detail` in the place of its %s.
Refusal refusal(int code, std::string_view detail = {});
Refusal missing_parameter(std::string_view name);

[[noreturn]] void throw_exception_from_error(const Refusal& r, const boost::source_location& where);

}  // namespace vakthund::simulator
