#include "watchdog/config/secret_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vakthund::config {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Somebody may have put the secret itself where its file's name belongs.
std::string name_of_file(const Value& value) {
  const std::string& text = value.node().text;
  const bool like_a_path =
      text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
  return like_a_path && text.find('\n') == std::string::npos ? "the file " + value.quoted()
                                                             : "the file";
}

// Empty where the content can be used.
std::string fault_of(std::string_view secret, SecretForm form) {
  if (secret.empty()) return "is empty";
  if (form == SecretForm::one_line_or_pem && secret.starts_with("-----BEGIN ")) {
    return secret.find("-----END ") == std::string_view::npos
               ? "begins a PEM key and does not end it"
               : "";
  }
  const bool blanks = form == SecretForm::one_line_with_blanks;
  const bool printable = std::all_of(secret.begin(), secret.end(), [&](unsigned char c) {
    return (c > ' ' || (c == ' ' && blanks)) && c != 0x7F;
  });
  if (printable) return "";
  return blanks ? "must be one line" : "must be one word without blanks and line ends";
}

struct Content {
  std::string text;
  std::string fault;
  bool for_everybody = false;
};

Content read_content(const std::string& path) {
  Content content;
  // Without O_NONBLOCK a FIFO would hold us here for good.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    content.fault = fmt::format("cannot be read: {}", std::strerror(errno));
    return content;
  }
  struct stat facts{};
  if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    content.fault = "is not a regular file";
  } else if (facts.st_size > static_cast<off_t>(kMaxSecretBytes)) {
    content.fault = fmt::format("is larger than {} bytes", kMaxSecretBytes);
  } else {
    content.for_everybody = (facts.st_mode & S_IROTH) != 0;
    content.text.resize(kMaxSecretBytes);
    std::size_t length = 0;
    ssize_t n = 0;
    while (length < content.text.size() &&
           (n = ::read(file, content.text.data() + length, content.text.size() - length)) > 0) {
      length += static_cast<std::size_t>(n);
    }
    content.text.resize(length);
    if (n < 0) content.fault = fmt::format("cannot be read: {}", std::strerror(errno));
  }
  ::close(file);
  return content;
}

Secret from_file(const Value& value, SecretForm form) {
  const auto written = value.text("the path of a file that holds the secret");
  if (!written) return {};
  if (written->empty()) {
    value.problem("is empty; expected the path of a file that holds the secret");
    return {};
  }
  const std::string path = value.context().resolve(*written);
  Content content = read_content(path);
  if (content.fault.empty()) content.fault = fault_of(trimmed(content.text), form);
  if (!content.fault.empty()) {
    value.problem(fmt::format("{} {}", name_of_file(value), content.fault));
    return {};
  }
  if (content.for_everybody && !path.starts_with("/run/secrets/")) {
    value.context().warning(
        value.node().place,
        fmt::format("{}: {} can be read by every user of this machine; chmod 0400", value.path(),
                    name_of_file(value)));
  }
  return Secret(std::string(trimmed(content.text)), path);
}

Secret from_text(const Value& value, SecretForm form) {
  const auto text = value.text("a secret; better, name its file with the key's _file twin");
  if (!text) return {};
  const std::string fault = fault_of(trimmed(*text), form);
  if (!fault.empty()) {
    value.problem(fault);
    return {};
  }
  if (value.node().text.find("${") == std::string::npos) value.context().holds_secret = true;
  return Secret(std::string(trimmed(*text)));
}

}  // namespace

Secret read_secret(Section& section, std::string_view key, SecretForm form, Need need) {
  const std::string twin = std::string(key) + "_file";
  const auto text = section.value(key);
  const auto file = section.value(twin);
  if (text && file) {
    file->problem(fmt::format("{} is there as well; keep one of them", key));
    return {};
  }
  if (file) return from_file(*file, form);
  if (text) return from_text(*text, form);
  if (need == Need::required) section.problem(fmt::format("needs {} (or {})", twin, key));
  return {};
}

}  // namespace vakthund::config
