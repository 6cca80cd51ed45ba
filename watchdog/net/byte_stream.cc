#include "watchdog/net/byte_stream.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cerrno>
#include <vector>

namespace vakthund::net {
namespace {

// The largest TLS record: what fits in one is sent as one.
constexpr std::size_t kRecord = 16 * 1024;

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  void read_some(const MutableBuffers& buffers, Done done) override {
    socket_.async_read_some(buffers, std::move(done));
  }
  void write_some(const ConstBuffers& buffers, Done done) override {
    socket_.async_write_some(buffers, std::move(done));
  }
  void handshake(boost::beast::role_type /*role*/, Done done) override {
    asio::post(socket_.get_executor(), [done = std::move(done)]() mutable { done({}); });
  }
  Socket& socket() override { return socket_; }

 private:
  Socket socket_;
};

class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {
    // Asio gives a connection's buffers back after each record; an idle connection that must
    // answer quickly keeps them.
    SSL_clear_mode(stream_.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  }

  void read_some(const MutableBuffers& buffers, Done done) override {
    stream_.async_read_some(buffers, std::move(done));
  }
  void write_some(const ConstBuffers& buffers, Done done) override {
    if (buffers.size() < 2) return stream_.async_write_some(buffers, std::move(done));
    // Asio would send the first buffer alone, in a record of its own.
    gathered_.resize(std::min(asio::buffer_size(buffers), kRecord));
    const std::size_t size = asio::buffer_copy(asio::buffer(gathered_), buffers);
    stream_.async_write_some(asio::buffer(gathered_.data(), size), std::move(done));
  }
  void handshake(boost::beast::role_type role, Done done) override {
    stream_.async_handshake(role == boost::beast::role_type::client
                                ? asio::ssl::stream_base::client
                                : asio::ssl::stream_base::server,
                            std::move(done));
  }
  SSL* ssl() override { return stream_.native_handle(); }
  Socket& socket() override { return stream_.next_layer(); }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<Socket> stream_;
  std::vector<char> gathered_;
};

}  // namespace

ByteStream::Unread ByteStream::unread() {
  char byte = 0;
  const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return Unread::something;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return Unread::nothing;
  }
  return Unread::end;
}

void ByteStream::end_writing() {
  error_code ignored;
  socket().shutdown(Socket::shutdown_send, ignored);
}

void ByteStream::close() {
  error_code ignored;
  socket().close(ignored);
}

std::unique_ptr<ByteStream> plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<ByteStream> tls_stream(Socket socket, std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

}  // namespace vakthund::net
