#include "rules/model/result.h"

#include <cstdio>
#include <cstdlib>

namespace vakthund {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::not_found:
      return "not found";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::rate_limited:
      return "rate limited";
    case ErrorKind::unknown:
      return "unknown outcome";
  }
  return "?";
}

void throw_exception_from_error(const Error& e, const boost::source_location& where) {
  assertion_failed(e.message.c_str(), where.file_name(), static_cast<int>(where.line()));
}

void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "vakthund: programmer error: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace vakthund
