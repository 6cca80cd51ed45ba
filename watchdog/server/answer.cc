#include <nlohmann/json.hpp>

#include "watchdog/server/backend.h"

namespace vakthund::server {

Answer error_answer(int http_status, const std::string& message) {
  const nlohmann::json body{{"error", message}};
  return json_answer(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n",
                     http_status);
}

Answer json_answer(std::string body, int http_status) {
  return {http_status, "application/json", std::move(body)};
}

Answer text_answer(std::string body, int http_status) {
  return {http_status, "text/plain; charset=utf-8", std::move(body)};
}

}  // namespace vakthund::server
