#include "watchdog/net/http_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cstring>
#include <optional>

namespace vakthund::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kReadSize = 32 * 1024;

// A body in a string that already has the room for its padding.
struct PaddedBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool isRequest, class Fields>
    reader(http::header<isRequest, Fields>& /*header*/, std::string& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>& length, error_code& failed) {
      // The parser has held the length to its limit.
      if (length) body_.reserve(static_cast<std::size_t>(*length) + kPadding);
      failed = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& failed) {
      failed = {};
      for (const asio_buffer buffer : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
      }
      return beast::buffer_bytes(buffers);
    }
    void finish(error_code& failed) {
      const std::size_t size = body_.size();
      body_.resize(size + kPadding);
      body_.resize(size);
      failed = {};
    }

   private:
    using asio_buffer = boost::asio::const_buffer;
    std::string& body_;
  };
};

std::string lower(beast::string_view text) {
  std::string result(text.data(), text.size());
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

template <class Fields>
Headers headers_of(const Fields& fields) {
  Headers headers;
  for (const auto& field : fields) {
    headers.emplace_back(lower(field.name_string()), std::string(field.value()));
  }
  return headers;
}

template <bool isRequest>
struct Reader {
  using Parser = http::parser<isRequest, PaddedBody>;

  explicit Reader(std::size_t limit) : max_body(limit) { restart(); }

  void restart() {
    parser.emplace();
    parser->body_limit(max_body);
    parser->header_limit(kMaxHeader);
    parser->eager(true);
  }

  std::span<char> prepare() {
    const auto space = buffer.prepare(kReadSize);
    return {static_cast<char*>(space.data()), space.size()};
  }

  // need_more is no error here: false is.
  error_code parse() {
    error_code failed;
    while (!parser->is_done() && buffer.size() > 0) {
      const std::size_t used = parser->put(buffer.data(), failed);
      buffer.consume(used);
      if (failed == http::error::need_more) return {};
      if (failed) return failed;
    }
    return {};
  }

  std::size_t max_body;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
};

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

// Headers that say where a message ends: ours alone.
bool is_framing(std::string_view name) {
  const std::string lowered = lower({name.data(), name.size()});
  return lowered == "content-length" || lowered == "connection" || lowered == "transfer-encoding";
}

}  // namespace

struct ResponseReader::Impl : Reader<false> {
  using Reader::Reader;
  void begin() {
    restart();
    parser->skip(bodiless);
  }
  bool bodiless = false;
};

ResponseReader::ResponseReader(std::size_t max_body) : impl_(std::make_unique<Impl>(max_body)) {}
ResponseReader::~ResponseReader() = default;
void ResponseReader::begin(bool answers_head) {
  impl_->bodiless = answers_head;
  impl_->begin();
}
std::span<char> ResponseReader::prepare() { return impl_->prepare(); }
void ResponseReader::commit(std::size_t size) { impl_->buffer.commit(size); }
bool ResponseReader::empty() const { return impl_->buffer.size() == 0; }
bool ResponseReader::begun() const { return impl_->parser->got_some() || !empty(); }

Result<bool> ResponseReader::parse() {
  for (;;) {
    const error_code failed = impl_->parse();
    if (failed == http::error::body_limit) {
      return error(ErrorKind::invalid,
                   fmt::format("the answer is larger than {} bytes", impl_->max_body));
    }
    if (failed == http::error::header_limit) {
      return error(ErrorKind::invalid,
                   fmt::format("the answer's header is larger than {} bytes", kMaxHeader));
    }
    if (failed) {
      return error(ErrorKind::invalid,
                   fmt::format("the answer is not HTTP ({})", failed.message()));
    }
    if (!impl_->parser->is_done()) return false;
    const int status = static_cast<int>(impl_->parser->get().result_int());
    if (status == 101) return error(ErrorKind::invalid, "the answer switches the protocol", 101);
    if (status >= 200) return true;
    impl_->begin();  // an interim answer (RFC 9110, 15.2): the final one follows
  }
}

Result<void> ResponseReader::end(bool clean) {
  const Error cut =
      error(ErrorKind::unknown, begun() ? "the connection ended within the answer"
                                        : "the connection ended before an answer came");
  if (!clean || !impl_->parser->got_some()) return cut;
  error_code failed;
  impl_->parser->put_eof(failed);
  if (failed || !impl_->parser->is_done()) return cut;
  return {};
}

bool ResponseReader::keep_alive() const { return impl_->parser->keep_alive(); }

HttpResponse ResponseReader::take() {
  auto message = impl_->parser->release();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  response.headers = headers_of(message);
  response.body = std::move(message.body());
  impl_->restart();
  return response;
}

struct RequestReader::Impl : Reader<true> {
  using Reader::Reader;
};

RequestReader::RequestReader(std::size_t max_body) : impl_(std::make_unique<Impl>(max_body)) {}
RequestReader::~RequestReader() = default;
std::span<char> RequestReader::prepare() { return impl_->prepare(); }
void RequestReader::commit(std::size_t size) { impl_->buffer.commit(size); }
bool RequestReader::empty() const { return impl_->buffer.size() == 0; }

Result<bool> RequestReader::parse() {
  const error_code failed = impl_->parse();
  if (failed == http::error::body_limit) {
    return error(ErrorKind::invalid, "the body is too large", 413);
  }
  if (failed == http::error::header_limit) {
    return error(ErrorKind::invalid, "the header is too large", 431);
  }
  if (failed) return error(ErrorKind::invalid, failed.message(), 400);
  return impl_->parser->is_done();
}

bool RequestReader::keep_alive() const { return impl_->parser->keep_alive(); }

bool RequestReader::wants_websocket() const {
  return beast::websocket::is_upgrade(impl_->parser->get());
}

HttpRequest RequestReader::take() {
  auto message = impl_->parser->release();
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = headers_of(message);
  request.body = std::move(message.body());
  impl_->restart();
  return request;
}

std::string host_header(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::unix_socket) return "localhost";
  const bool is_v6 = endpoint.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + endpoint.host + "]" : endpoint.host;
  const bool implied = endpoint.port == (endpoint.kind == Endpoint::Kind::tls ? "443" : "80");
  return implied ? host : host + ":" + endpoint.port;
}

Result<std::string> to_bytes(const HttpRequest& request, const std::string& host) {
  const bool target_fits =
      !request.target.empty() && std::all_of(request.target.begin(), request.target.end(),
                                             [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_token(request.method) || !target_fits) {
    return error(ErrorKind::invalid, "the request's method or target is not HTTP");
  }
  std::string bytes;
  bytes.reserve(256 + request.target.size() + request.body.size() + 64 * request.headers.size());
  bytes.append(request.method).append(" ").append(request.target);
  bytes.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\nConnection: keep-alive\r\n");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !is_field_value(value) || is_framing(name)) {
      return error(ErrorKind::invalid, "a header of the request is not HTTP");
    }
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    bytes.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  bytes.append("\r\n").append(request.body);
  return bytes;
}

std::string to_bytes(const HttpResponse& response, bool answers_head, bool keep_alive) {
  const auto reason = http::obsolete_reason(http::int_to_status(unsigned(response.status)));
  std::string bytes = fmt::format("HTTP/1.1 {} {}\r\n", response.status,
                                  std::string_view(reason.data(), reason.size()));
  for (const auto& [name, value] : response.headers) {
    if (!is_token(name) || !is_field_value(value) || is_framing(name)) continue;
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  if (!keep_alive) bytes += "Connection: close\r\n";
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    bytes.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  bytes += "\r\n";
  if (!bodiless && !answers_head) bytes += response.body;
  return bytes;
}

}  // namespace vakthund::net
