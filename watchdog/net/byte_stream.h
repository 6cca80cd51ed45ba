// One connected byte stream (TCP, Unix socket or TLS over TCP) behind a virtual interface, so that
// HTTP and WebSocket are compiled once and not for each kind of stream.
//
// At most one read and one write at a time. Whoever starts an operation keeps the stream alive
// until its `Done` has been called; `Done` is never called from within the call that starts it.
// Aborting is `close()`: what is under way ends with an error.
// Threads: the loop's.
#pragma once

#include <openssl/types.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <utility>

namespace vakthund::net {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

// What is called at the end of an operation: any handler of Asio's, once.
class Done {
 public:
  template <class Handler>
  explicit Done(Handler handler) : held_(std::make_unique<Held<Handler>>(std::move(handler))) {}

  void operator()(error_code failed, std::size_t bytes = 0) {
    const auto held = std::move(held_);
    held->call(failed, bytes);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void call(error_code failed, std::size_t bytes) = 0;
  };
  template <class Handler>
  struct Held final : Base {
    explicit Held(Handler h) : handler(std::move(h)) {}
    void call(error_code failed, std::size_t bytes) override { handler(failed, bytes); }
    Handler handler;
  };
  std::unique_ptr<Base> held_;
};

// The first eight buffers of a sequence: the `…_some` operations may stop anywhere.
template <class Buffer>
class BufferList {
 public:
  using value_type = Buffer;
  using const_iterator = const Buffer*;
  template <class Sequence>
  static BufferList of(const Sequence& sequence) {
    BufferList list;
    const auto end = asio::buffer_sequence_end(sequence);
    for (auto it = asio::buffer_sequence_begin(sequence); it != end && list.size_ < kMost; ++it) {
      const Buffer buffer(*it);
      if (buffer.size() > 0) list.buffers_[list.size_++] = buffer;
    }
    return list;
  }
  const_iterator begin() const { return buffers_.data(); }
  const_iterator end() const { return buffers_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kMost = 8;
  std::array<Buffer, kMost> buffers_;
  std::size_t size_ = 0;
};
using MutableBuffers = BufferList<asio::mutable_buffer>;
using ConstBuffers = BufferList<asio::const_buffer>;

class ByteStream {
 public:
  // What the kernel holds unread: with something unread an idle connection may be at its end.
  enum class Unread { nothing, something, end };

  virtual ~ByteStream() = default;
  virtual void read_some(const MutableBuffers& buffers, Done done) = 0;
  virtual void write_some(const ConstBuffers& buffers, Done done) = 0;
  // TLS only; a plain stream has nothing to do.
  virtual void handshake(boost::beast::role_type role, Done done) = 0;
  virtual SSL* ssl() { return nullptr; }
  virtual Socket& socket() = 0;

  Unread unread();
  void end_writing();  // half-closes: the other side reads an end
  void close();
};

std::unique_ptr<ByteStream> plain_stream(Socket socket);
std::unique_ptr<ByteStream> tls_stream(Socket socket, std::shared_ptr<asio::ssl::context> context);

// A ByteStream as Asio's and Beast's AsyncStream.
class Stream {
 public:
  using executor_type = asio::any_io_executor;
  explicit Stream(std::unique_ptr<ByteStream> bytes) : bytes_(std::move(bytes)) {}

  executor_type get_executor() noexcept { return bytes_->socket().get_executor(); }
  ByteStream& bytes() { return *bytes_; }
  void close() { bytes_->close(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        StartRead{bytes_.get()}, token, MutableBuffers::of(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        StartWrite{bytes_.get()}, token, ConstBuffers::of(buffers));
  }
  template <class Token>
  auto async_handshake(boost::beast::role_type role, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(StartHandshake{bytes_.get()},
                                                                      token, role);
  }

 private:
  struct StartRead {
    ByteStream* bytes;
    template <class Handler>
    void operator()(Handler handler, const MutableBuffers& buffers) const {
      bytes->read_some(buffers, Done(std::move(handler)));
    }
  };
  struct StartWrite {
    ByteStream* bytes;
    template <class Handler>
    void operator()(Handler handler, const ConstBuffers& buffers) const {
      bytes->write_some(buffers, Done(std::move(handler)));
    }
  };
  struct StartHandshake {
    ByteStream* bytes;
    template <class Handler>
    void operator()(Handler handler, boost::beast::role_type role) const {
      bytes->handshake(role, Done(std::move(handler)));
    }
  };
  std::unique_ptr<ByteStream> bytes_;
};

}  // namespace vakthund::net
