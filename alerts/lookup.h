// Names to addresses, without being at the mercy of the resolver: its call cannot be interrupted,
// so that it runs in a thread of its own, which is left behind when we cannot wait any longer.
#pragma once

#include <Poco/Net/SocketAddress.h>

#include <cstdint>
#include <string>
#include <vector>

#include "alerts/interruption.h"

namespace vakthund::alerts {

// Throws Poco::Exception: unknown name, interrupted, or more than 16 lookups hang already.
std::vector<Poco::Net::SocketAddress> look_up(const std::string& host, std::uint16_t port,
                                              Interruption& interruption);

}  // namespace vakthund::alerts
