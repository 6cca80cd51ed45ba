#include "simulator/standin/bot_face.h"

namespace vakthund::simulator::standin {

net::HttpResponse json_reply(int status, const std::string& body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = body;
  return response;
}

std::string field(const Fields& fields, const char* name, std::string otherwise) {
  const auto at = fields.find(name);
  return at == fields.end() ? std::move(otherwise) : at->second;
}

std::string path_of(const net::HttpRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string header_of(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

model::Decimal signed_quantity(const Fields& row) {
  const auto size = model::Decimal::parse(field(row, "qty")).value_or(model::Decimal()).abs();
  const std::string side = field(row, "side");
  return side == "SELL" || side == "SHORT" ? -size : size;
}

}  // namespace vakthund::simulator::standin
