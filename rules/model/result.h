// Results of operations that can fail for reasons outside the program.
//
// An `Error` says what happened in words a person can act on; its `kind` tells the caller what to
// do next. Programmer errors are not results: they abort (see VAKTHUND_ASSERT).
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace vakthund {

enum class ErrorKind {
  invalid,       // the other side, or the user, gave something that cannot be read: do not repeat
  refused,       // understood and refused (a key, a permission, a rule): a person must change it
  not_found,     // the thing asked for does not exist
  unavailable,   // could not be reached, or answered that it cannot serve now: later may do
  rate_limited,  // we, or others at our address, asked too often: wait `retry_after` first
  unknown,       // it may or may not have taken effect: find out before repeating
};

std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string message;    // one line; never holds a secret
  int code = 0;           // the other side's own number (exchange code, HTTP status), 0: none
  int retry_after_s = 0;  // with rate_limited, as far as the other side said
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = boost::system::result<T, Error>;

inline Error error(ErrorKind kind, std::string message, int code = 0, int retry_after_s = 0) {
  return Error{kind, std::move(message), code, retry_after_s};
}

// Asking a failed result for its value is a programmer error.
[[noreturn]] void throw_exception_from_error(const Error& e, const boost::source_location& where);

[[noreturn]] void assertion_failed(const char* what, const char* file, int line);

}  // namespace vakthund

// For what must hold unless this program itself is wrong. Kept in release builds.
#define VAKTHUND_ASSERT(condition) \
  ((condition) ? void() : ::vakthund::assertion_failed(#condition, __FILE__, __LINE__))
