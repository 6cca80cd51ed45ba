// The HTTP side of the stand-in engine: the part of Docker's API that the bot's container is
// watched and stopped with, for one container.
//
// GET /_ping, /version, /containers/json, /containers/NAME/json, /containers/NAME/logs;
// POST /containers/NAME/{start,pause,unpause,stop,kill,update}; all with or without "/vX.YY".
// NAME is the name, or the id or its beginning. Logs are told as they stand: `follow` is refused.
// Threads: the loop's.
// Source: Docker Engine API v1.41; status codes as measured in toolchain.md §5a.
#pragma once

#include "simulator/standin/process_container.h"
#include "watchdog/net/server.h"

namespace vakthund::simulator::standin {

inline constexpr const char* kEngineApiVersion = "1.41";

// Answers one request to the engine that runs `container`, now or when the process has ended.
void answer_engine_request(ProcessContainer& container, const net::HttpRequest& request,
                           net::Responder responder);

}  // namespace vakthund::simulator::standin
