// How a stand-in bot's pages fail: what stands between a request and the answer that would be
// given.
//
//   kind          meaning                                                    fields
//   error         `status` (500) with `body` ({"detail":"Internal Server Error"})
//   unauthorized  401 {"detail":"Unauthorized"}
//   garbage       the answer damaged; `style`: html | truncated | binary | empty | nulls | types
//   huge          the answer behind `bytes` (64 MiB) of blanks: still valid JSON
//   slow          the answer `delay` (2s) later
//   drop          no answer, the connection closes
//
// Besides: `path`, what the request's path begins with (default: every one), `count`, how many
// requests (default: all). Faults are tried in the order in which they were added; the first that
// fits is the one.
// Limits: kMaxFaults, then the oldest goes; `bytes` at most 256 MiB.
#pragma once

#include <string>
#include <vector>

#include "rules/model/result.h"
#include "simulator/standin/bot_script.h"
#include "watchdog/net/http_client.h"

namespace vakthund::simulator::standin {

struct HttpFault {
  static constexpr std::size_t kMaxFaults = 100;
  static constexpr std::size_t kMaxBytes = 256u << 20;

  std::string kind, path, body, style;
  int status = 500;
  int count = -1;  // requests it still hits, -1: all
  std::size_t bytes = 64u << 20;
  model::Duration delay = std::chrono::seconds(2);

  // Errors: `invalid`, what is wrong with it.
  static Result<HttpFault> parse(const Fields& fields);
  // The answer as it leaves. Not for `drop`; a `slow` one is unchanged.
  net::HttpResponse apply(net::HttpResponse answer) const;
};

class HttpFaults {
 public:
  void add(HttpFault fault);
  void clear(const std::string& kind);  // "all": every one
  // The fault of this request, which is counted; nullopt: none.
  std::optional<HttpFault> next(const std::string& path);

 private:
  std::vector<HttpFault> faults_;
};

}  // namespace vakthund::simulator::standin
