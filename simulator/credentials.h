// What a client needs to reach the simulator, as files: the CA's certificate and one secret per
// API key, readable by the owner only.
#pragma once

#include <string>

#include "rules/model/result.h"
#include "simulator/scenario.h"
#include "watchdog/net/server.h"

namespace vakthund::simulator {

// A fresh directory under the system's temporary directory, mode 0700.
Result<std::string> fresh_directory();

// Writes ca.pem and ACCOUNT-KEY.secret into `directory` (made if it is not there) and describes
// them: the line that vakthund-sim prints when it is ready. Keys with a public key have no secret
// here. Errors: `unavailable`, with the path.
Result<std::string> write_credentials(const std::string& directory, const net::TlsIdentity& tls,
                                      const Scenario& scenario, const std::string& url);

}  // namespace vakthund::simulator
