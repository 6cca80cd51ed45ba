// Where a limit comes from: the configuration's own, else what the bot's container was told when it
// was started (Intent). Zero or less, told to a container, means "no limit".
#pragma once

#include <string_view>

#include "rules/model/snapshot.h"

namespace vakthund::rules {

// Evidence, `limit_from`.
inline constexpr std::string_view kByConfiguration = "configuration";
inline constexpr std::string_view kByContainer = "the bot's container";

// What the container was told; an empty Intent where no container is used. nullptr: one is, and it
// could not be looked at lately, so that nobody knows whether there is a limit.
const model::Intent* container_intent(const model::Snapshot& snapshot);

}  // namespace vakthund::rules
