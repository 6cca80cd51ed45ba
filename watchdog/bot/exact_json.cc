#include "watchdog/bot/exact_json.h"

#include <string>

namespace vakthund::bot {
namespace {

using Json = nlohmann::json;
using Dom = nlohmann::detail::json_sax_dom_parser<Json>;

class ExactDom : public Dom {
 public:
  explicit ExactDom(Json& root) : Dom(root, /*allow_exceptions_=*/false) {}

  bool number_float(double, const std::string& text) {
    std::string kept = text;
    return Dom::string(kept);
  }
  bool start_object(std::size_t size) { return deeper() && Dom::start_object(size); }
  bool start_array(std::size_t size) { return deeper() && Dom::start_array(size); }
  bool end_object() { return --depth_, Dom::end_object(); }
  bool end_array() { return --depth_, Dom::end_array(); }
  template <class E>
  bool parse_error(std::size_t position, const std::string&, const E&) {
    failed_at_ = position;
    return false;
  }

  bool too_deep() const { return depth_ > kMaxDepth; }
  std::size_t failed_at() const { return failed_at_; }

 private:
  bool deeper() { return ++depth_ <= kMaxDepth; }
  int depth_ = 0;
  std::size_t failed_at_ = 0;
};

// The length of the UTF-8 character that begins here, 0 where it is broken.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80             ? 1
                             : (lead & 0xE0) == 0xC0 ? 2
                             : (lead & 0xF0) == 0xE0 ? 3
                             : (lead & 0xF8) == 0xF0 ? 4
                                                     : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

Result<Document> parse_exact_json(std::string_view text) {
  Document document;
  ExactDom dom(document.root);
  if (Json::sax_parse(text, &dom)) return document;
  if (dom.too_deep()) {
    return error(ErrorKind::invalid,
                 "is nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  return error(ErrorKind::invalid, "is not JSON at byte " + std::to_string(dom.failed_at()));
}

model::MaybeDecimal decimal_of(const Json* value) {
  if (!value) return std::nullopt;
  if (value->is_string()) return model::Decimal::parse(value->get_ref<const std::string&>());
  if (value->is_number_unsigned()) {
    return model::Decimal::parse(std::to_string(value->get<std::uint64_t>()));
  }
  if (value->is_number_integer()) {
    return model::Decimal::parse(std::to_string(value->get<std::int64_t>()));
  }
  return std::nullopt;
}

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

std::string shown(const Json* value) {
  if (!value) return "missing";
  return one_line(value->dump(-1, ' ', false, Json::error_handler_t::replace), 60);
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const bool printable = length > 1 || (length == 1 && text[0] >= 0x20 && text[0] != 0x7F);
    if (line.size() + (printable ? length : 1) > max_bytes) break;
    if (printable) {
      line += text.substr(0, length);
    } else {
      line += '?';
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return line;
}

}  // namespace vakthund::bot
