// What a receiver's HTTP status means for the delivery of an alert: one table for all sinks that
// speak plain HTTP.
#pragma once

#include <optional>
#include <string>

#include "alerts/sink.h"

namespace vakthund::alerts {

// `retry_after` is the header's, as far as there was one; it is heeded wherever we try again.
Delivery meaning_of(int status, std::optional<model::Duration> retry_after);

// "120", or an HTTP date measured against `now`; nullopt: neither. At most an hour, never negative.
std::optional<model::Duration> parse_retry_after(const std::string& text, model::WallTime now);

}  // namespace vakthund::alerts
