// A request's body: whether it may come at all, its bytes, and what it asks for.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string>
#include <string_view>

#include "rules/model/result.h"
#include "watchdog/server/backend.h"

namespace vakthund::server {

// The body of a POST, empty where there is none. Errors have the HTTP status in `code`: 400
// (framing that could be read in two ways, or it ended early), 408, 413, 415 (a body that is not
// application/json). After an error the connection must be closed: the rest of the body may follow.
Result<std::string> read_body(Poco::Net::HTTPServerRequest& request, std::size_t limit);

// Errors: 400 with the field that was wrong. Unknown fields are refused: a misspelt "account" must
// not become a kill of all. An empty body asks for the defaults.
Result<KillRequest> read_kill(std::string_view body);
Result<RearmRequest> read_rearm(std::string_view body);

}  // namespace vakthund::server
