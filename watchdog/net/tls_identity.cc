#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <memory>

#include "watchdog/net/server.h"

namespace vakthund::net {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr long kDay = 24 * 60 * 60;

struct Validity {
  long from_s;  // relative to now
  long until_s;
};

std::string pem_text(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  return PEM_write_bio_X509(bio.get(), certificate) == 1 ? pem_text(bio.get()) : "";
}

std::string pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const int ok =
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return ok == 1 ? pem_text(bio.get()) : "";
}

bool extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

// Version, serial number, names, validity and key: everything but extensions and signature.
Certificate blank(const char* subject, X509* issuer, EVP_PKEY* key, Validity validity) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial | 1U);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), validity.from_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), validity.until_s);
  X509_NAME* const name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
  X509_set_issuer_name(made.get(), issuer == nullptr ? name : X509_get_subject_name(issuer));
  X509_set_pubkey(made.get(), key);
  return made;
}

Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(name, no_address);
    // What would end the name or begin another kind of it in OpenSSL's list.
    if (no_address && (name.empty() || name.find_first_of(", :\n\r") != name.npos)) {
      return error(ErrorKind::invalid, "not a name for a certificate: " + name);
    }
    if (!list.empty()) list += ',';
    list += (no_address ? "DNS:" : "IP:") + name;
  }
  return list;
}

Result<TlsIdentity> make(const std::vector<std::string>& names, Validity ca_validity,
                         Validity validity) {
  const auto list = alternative_names(names);
  if (!list) return list.error();
  const Key ca_key(EVP_EC_gen("P-256"));
  const Key key(EVP_EC_gen("P-256"));
  const Error failed = error(ErrorKind::unavailable, "OpenSSL cannot make a certificate");
  if (!ca_key || !key) return failed;

  const auto ca = blank("Vakthund self-made CA", nullptr, ca_key.get(), ca_validity);
  const bool ca_made = extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE") &&
                       extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                       extend(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
                       X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0;
  const auto leaf = blank("Vakthund self-made server", ca.get(), key.get(), validity);
  const bool leaf_made =
      ca_made && extend(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      extend(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
      extend(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth") &&
      extend(leaf.get(), ca.get(), NID_subject_key_identifier, "hash") &&
      extend(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid") &&
      (names.empty() || extend(leaf.get(), ca.get(), NID_subject_alt_name, *list)) &&
      X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!leaf_made) return failed;
  return TlsIdentity{pem(ca.get()), pem(leaf.get()), pem(key.get())};
}

}  // namespace

Result<TlsIdentity> TlsIdentity::self_made(const std::vector<std::string>& names) {
  return make(names, {-kDay, 29 * kDay}, {-kDay, 29 * kDay});
}

Result<TlsIdentity> TlsIdentity::self_made_expired(const std::vector<std::string>& names) {
  return make(names, {-31 * kDay, 29 * kDay}, {-30 * kDay, -kDay});
}

}  // namespace vakthund::net
