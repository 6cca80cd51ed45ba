#include "watchdog/net/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

namespace vakthund::net {
namespace {

bool is_address(const std::string& host) {
  error_code failed;
  asio::ip::make_address(host, failed);
  return !failed;
}

std::string certificate_trouble(long verdict, const std::string& where) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format(
          "certificate of {} has expired: check the clock of this machine or the server's "
          "certificate",
          where);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format(
          "certificate of {} is not valid yet: check the clock of this machine or the server's "
          "certificate",
          where);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "certificate of {} was issued for another name: check the address, and whether "
          "something between here and there answers in the server's place",
          where);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return fmt::format(
          "certificate of {} was issued by an authority that is not trusted here: check ca_file "
          "or this machine's CA certificates, and whether a proxy intercepts TLS",
          where);
    default:
      return fmt::format("certificate of {} is refused ({}): check the server's certificate", where,
                         X509_verify_cert_error_string(verdict));
  }
}

}  // namespace

Result<TlsContext> client_tls(const std::string& ca_file) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(asio::ssl::verify_peer);
  error_code failed;
  if (ca_file.empty()) {
    context->set_default_verify_paths(failed);
  } else {
    context->load_verify_file(ca_file, failed);
  }
  if (!failed) return context;
  return error(ErrorKind::unavailable,
               fmt::format("CA certificates cannot be read from {}: check that the file exists, is "
                           "readable and holds PEM certificates",
                           ca_file.empty() ? "the system's store" : ca_file));
}

Result<TlsContext> server_tls(const TlsIdentity& identity) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  error_code failed;
  context->use_certificate_chain(asio::buffer(identity.certificate_pem), failed);
  if (!failed) {
    context->use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem, failed);
  }
  if (!failed) return context;
  return error(ErrorKind::invalid,
               fmt::format("the server's certificate or key cannot be used ({}): check that both "
                           "are PEM and belong together",
                           failed.message()));
}

void expect_host(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const param = SSL_get0_param(ssl);
  if (is_address(host)) {
    VAKTHUND_ASSERT(X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1);
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  VAKTHUND_ASSERT(X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()) == 1);
  // A name too long for SNI (255) cannot be in a certificate either: verification refuses it.
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

Error handshake_error(SSL* ssl, const std::string& where, error_code failed) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) {
    return error(ErrorKind::unavailable, certificate_trouble(verdict, where));
  }
  if (failed == asio::error::eof || failed == asio::ssl::error::stream_truncated ||
      failed == asio::error::connection_reset) {
    return error(ErrorKind::unavailable,
                 fmt::format("{} closed the connection during the TLS handshake", where));
  }
  return error(ErrorKind::unavailable,
               fmt::format("TLS handshake with {} failed ({}): check that TLS is spoken on this "
                           "port",
                           where, failed.message()));
}

}  // namespace vakthund::net
