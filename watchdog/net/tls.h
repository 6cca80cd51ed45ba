// TLS contexts and, for people, what went wrong in a handshake.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "rules/model/result.h"
#include "watchdog/net/byte_stream.h"
#include "watchdog/net/server.h"

namespace vakthund::net {

using TlsContext = std::shared_ptr<asio::ssl::context>;

// TLS 1.2 or later, the other side's certificate always verified: against the PEM file `ca_file`,
// or the system's store when empty. `unavailable` when the file cannot be read.
Result<TlsContext> client_tls(const std::string& ca_file);
Result<TlsContext> server_tls(const TlsIdentity& identity);

// Makes the handshake ask for `host` (SNI) and accept only its certificate.
void expect_host(SSL* ssl, const std::string& host);

// One line: what was wrong with the handshake and what to do.
Error handshake_error(SSL* ssl, const std::string& where, error_code failed);

}  // namespace vakthund::net
