// What stands behind `Loop`; only for the sources of net/ that include Asio.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "watchdog/net/host_name.h"
#include "watchdog/net/loop.h"

namespace vakthund::net {

namespace asio = boost::asio;

struct Loop::Impl {
  // One thread runs it; `post` and `stop` stay usable from others with this hint.
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::signal_set signals{io};
  std::function<void(int)> on_signal;
  std::map<std::string, std::shared_ptr<HostName>> names;  // by "host:port", at most kMaxNames

  static constexpr std::size_t kMaxNames = 256;
  std::shared_ptr<HostName> name(const std::string& host, const std::string& port);
  void wait_for_signal();
};

inline asio::io_context& io_of(Loop& loop) { return loop.impl().io; }

}  // namespace vakthund::net
