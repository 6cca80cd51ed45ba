#include "alerts/lookup.h"

#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/NetException.h>
#include <pthread.h>

#include <atomic>
#include <memory>
#include <optional>

namespace vakthund::alerts {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;

constexpr int kMostHanging = 16;
std::atomic<int> hanging{0};

// Shared with a thread that may outlive the one who asked.
struct Answer {
  std::mutex mutex;
  std::condition_variable arrived;
  bool ready = false;
  std::vector<IPAddress> addresses;
};

void resolve(const std::string& host, const std::shared_ptr<Answer>& answer) {
  std::vector<IPAddress> addresses;
  try {
    addresses = Poco::Net::DNS::hostByName(host).addresses();
  } catch (const std::exception&) {
    addresses.clear();
  }
  --hanging;
  const std::lock_guard lock(answer->mutex);
  answer->addresses = std::move(addresses);
  answer->ready = true;
  answer->arrived.notify_all();
}

}  // namespace

std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port,
                                   Interruption& interruption) {
  IPAddress literal;
  if (IPAddress::tryParse(host, literal)) return {SocketAddress(literal, port)};
  if (++hanging > kMostHanging) {
    --hanging;
    throw Poco::Net::DNSException("the name service does not answer");
  }
  const auto answer = std::make_shared<Answer>();
  std::thread([host, answer] { resolve(host, answer); }).detach();
  std::unique_lock lock(answer->mutex);
  // The end of our patience is told elsewhere, so that it is looked at now and then.
  while (!answer->arrived.wait_for(lock, std::chrono::milliseconds(50),
                                   [&] { return answer->ready; })) {
    if (interruption.fired()) throw Poco::TimeoutException("the name service did not answer");
  }
  if (answer->addresses.empty()) throw Poco::Net::HostNotFoundException(host);
  std::vector<SocketAddress> addresses;
  for (const IPAddress& address : answer->addresses) addresses.emplace_back(address, port);
  return addresses;
}

}  // namespace vakthund::alerts
