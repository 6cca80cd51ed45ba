#include "watchdog/net/host_name.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <charconv>

namespace vakthund::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

HostName::HostName(asio::io_context& io, std::string host, std::string port)
    : resolver_(io),
      host_(std::move(host)),
      port_(std::move(port)),
      why_unknown_(asio::error::timed_out) {
  error_code no_address;
  const auto address = asio::ip::make_address(host_, no_address);
  std::uint16_t number = 0;
  std::from_chars(port_.data(), port_.data() + port_.size(), number);
  is_address_ = !no_address;
  if (is_address_) addresses_.emplace_back(address, number);
}

void HostName::look_up(const std::shared_ptr<asio::steady_timer>& wake) {
  waiting_.push_back(wake);
  if (looking_) return;
  looking_ = true;
  resolver_.async_resolve(
      host_, port_, tcp::resolver::numeric_service,
      [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
        self->looking_ = false;
        self->why_unknown_ = failed;
        if (!failed) {
          self->addresses_.clear();
          for (const auto& entry : found) self->addresses_.push_back(entry.endpoint());
          self->put_last(self->last_failed_);
        }
        for (const auto& waiting : std::exchange(self->waiting_, {})) {
          if (const auto timer = waiting.lock()) timer->cancel();
        }
      });
}

void HostName::failed(const Address& address) {
  last_failed_ = address;
  put_last(address);
}

void HostName::put_last(const Address& address) {
  const auto found = std::find(addresses_.begin(), addresses_.end(), address);
  if (found != addresses_.end()) std::rotate(found, found + 1, addresses_.end());
}

}  // namespace vakthund::net
