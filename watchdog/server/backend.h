// What stands behind the HTTP server. The server knows nothing of guards: it checks who asks and
// what, calls one of these, and sends what they answer.
//
// Threads: each is called on a thread of the server's, several at a time. It may block (post to the
// loop and wait for it) and must return in the end: the asking client is answered 503 after
// Limits::backend, but stopping the server waits for the call. A function that is empty answers
// 503.
#pragma once

#include <functional>
#include <string>

#include "watchdog/server/text_layout.h"

namespace vakthund::server {

struct Answer {
  int http_status = 200;
  std::string content_type = "application/json";
  std::string body;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// {"error": "…"}
Answer error_answer(int http_status, const std::string& message);
// A JSON document that is there already.
Answer json_answer(std::string body, int http_status = 200);
Answer text_answer(std::string body, int http_status = 200);

struct KillRequest {
  std::string account;  // empty: every account
  std::string reason;   // one line, cleaned; may be empty
  friend bool operator==(const KillRequest&, const KillRequest&) = default;
};

struct RearmRequest {
  std::string account;  // empty: every account
  bool force = false;   // although the cause still holds
  friend bool operator==(const RearmRequest&, const RearmRequest&) = default;
};

struct QueryRequest {
  std::string account;  // empty: the tables hold every account
  std::string sql;
  friend bool operator==(const QueryRequest&, const QueryRequest&) = default;
};

struct Backend {
  std::function<Answer()> status;  // GET /api/v1/status: write_status()
  // ?format=text | colour, and &columns=N: for a terminal
  std::function<Answer(const TextStyle&)> status_text;
  std::function<Answer(const KillRequest&)> kill;
  std::function<Answer(const RearmRequest&)> rearm;
  std::function<Answer(const QueryRequest&)> query;  // answer_query(), or 400 with what is wrong
  std::function<Answer()> reload;        // 200, or 4xx with what is wrong with the new file
  std::function<Answer()> incidents;     // write_incidents()
  std::function<Answer()> ready;         // 200, or 503 with the reason
  std::function<Answer()> metrics_text;  // Metrics::answer()
};

}  // namespace vakthund::server
