// One host's addresses, as last looked up and as they have served.
//
// A watchdog must reach the exchange also while name servers fail: when a lookup fails, or takes
// too long, its last answer is used (TLS still proves who answers there). Of several addresses the
// one that last failed is tried last.
// Limits: one lookup at a time; whoever asks meanwhile waits for the same.
// Threads: the loop's.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

namespace vakthund::net {

class HostName : public std::enable_shared_from_this<HostName> {
 public:
  using Address = boost::asio::ip::tcp::endpoint;

  HostName(boost::asio::io_context& io, std::string host, std::string port);
  // Looks it up anew and cancels `wake` when that is over.
  void look_up(const std::shared_ptr<boost::asio::steady_timer>& wake);
  // In the order to be tried; empty: never known. An address as `host` is known at once.
  const std::vector<Address>& addresses() const { return addresses_; }
  bool is_address() const { return is_address_; }
  boost::system::error_code why_unknown() const { return why_unknown_; }
  void failed(const Address& address);

 private:
  void put_last(const Address& address);

  boost::asio::ip::tcp::resolver resolver_;
  const std::string host_;
  const std::string port_;
  bool is_address_ = false;
  bool looking_ = false;
  std::vector<std::weak_ptr<boost::asio::steady_timer>> waiting_;
  std::vector<Address> addresses_;
  Address last_failed_;
  boost::system::error_code why_unknown_;
};

}  // namespace vakthund::net
