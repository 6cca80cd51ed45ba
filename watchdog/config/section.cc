#include "watchdog/config/section.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "watchdog/config/expand.h"
#include "watchdog/config/nearest.h"

namespace vakthund::config {
namespace {

constexpr std::size_t kQuoted = 60;

std::string printable(std::string_view text) {
  std::string result(text.substr(0, kQuoted));
  // Never half a character.
  if (text.size() > kQuoted) {
    while (!result.empty() && (result.back() & 0xC0) == 0x80) result.pop_back();
    if (!result.empty() && (result.back() & 0x80)) result.pop_back();
    result += "…";
  }
  for (char& c : result) {
    if ((c >= 0 && c < ' ') || c == 0x7F) c = ' ';
  }
  return result;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  return text;
}

}  // namespace

Context::Context(std::string file, const Lookup& environment)
    : file_(std::move(file)), environment_(environment) {}

void Context::problem(Place place, std::string message) {
  if (problems.size() > kMaxProblems) return;
  if (problems.size() == kMaxProblems) message = "more problems are not shown";
  problems.push_back({file_, place, std::move(message)});
}

void Context::warning(Place place, std::string message) {
  if (warnings.size() < kMaxProblems) warnings.push_back({file_, place, std::move(message)});
}

std::string Context::resolve(const std::string& path) const {
  const std::filesystem::path folder = std::filesystem::path(file_).parent_path();
  return path.starts_with('/') || folder.empty() ? path
                                                 : (folder / path).lexically_normal().string();
}

std::optional<std::string> Value::text(std::string_view what) const {
  if (node_->kind == Node::Kind::null) {
    problem(fmt::format("has no value; expected {}", what));
    return std::nullopt;
  }
  if (node_->kind != Node::Kind::scalar) {
    problem(fmt::format("expected {}, got {}", what,
                        node_->kind == Node::Kind::list ? "a list" : "a section"));
    return std::nullopt;
  }
  Expanded expanded = expand(node_->text, context_->environment());
  if (!expanded.problem.empty()) {
    problem(expanded.problem);
    return std::nullopt;
  }
  return std::move(expanded.text);
}

void Value::problem(std::string_view what) const {
  context_->problem(node_->place, fmt::format("{}: {}", path_, what));
}

void Value::expected(std::string_view what) const {
  problem(fmt::format("expected {}, got {}", what, quoted()));
}

std::string Value::quoted() const { return fmt::format("'{}'", printable(node_->text)); }

std::string without_indices(std::string_view path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) result += c;
    if (c == '[') inside = true;
  }
  return result;
}

Section::Section(Context& context, const Node* node, std::string path, Place place)
    : context_(&context), node_(node), path_(std::move(path)), place_(place) {
  if (node_ && node_->kind == Node::Kind::null) node_ = nullptr;
  if (node_ && node_->kind != Node::Kind::map) {
    context_->problem(node_->place,
                      fmt::format("{}: expected a section of 'key: value' lines, got {}",
                                  path_.empty() ? "the configuration" : path_,
                                  node_->kind == Node::Kind::list ? "a list" : "a single value"));
    node_ = nullptr;
  }
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Section::Entry Section::find(std::string_view key) const {
  if (!node_) return {};
  for (const auto& [name, value] : node_->entries) {
    if (name->text == key) return {name.get(), value.get()};
  }
  return {};
}

bool Section::has(std::string_view key) const {
  const Entry entry = find(key);
  return entry.value && entry.value->kind != Node::Kind::null;
}

bool Section::is_list(std::string_view key) const {
  const Entry entry = find(key);
  return entry.value && entry.value->kind == Node::Kind::list;
}

void Section::problem(std::string_view what) const {
  context_->problem(place_, path_.empty() ? std::string(what) : fmt::format("{}: {}", path_, what));
}

const Node* Section::ask(std::string_view key) {
  asked_.emplace_back(key);
  const Entry entry = find(key);
  if (!entry.value) return nullptr;
  const std::string pattern = without_indices(path_of(key));
  std::string refusal = refused_key(pattern);
  if (refusal.empty() && entry.value->kind == Node::Kind::scalar) {
    refusal = refused_value(pattern, entry.value->text);
  }
  if (refusal.empty()) return entry.value;
  context_->problem(entry.key->place, std::move(refusal));
  return nullptr;
}

std::optional<Value> Section::value(std::string_view key) {
  const Node* node = ask(key);
  if (!node) return std::nullopt;
  return Value(*context_, *node, path_of(key));
}

Section Section::section(std::string_view key) {
  const Node* node = ask(key);
  const Entry entry = find(key);
  return {*context_, node, path_of(key), entry.key ? entry.key->place : place_};
}

std::vector<Value> Section::list(std::string_view key, std::size_t limit,
                                 std::string_view example) {
  const Node* node = ask(key);
  std::vector<Value> values;
  if (!node || node->kind == Node::Kind::null) return values;
  const std::string path = path_of(key);
  if (node->kind != Node::Kind::list) {
    context_->problem(node->place,
                      fmt::format("{}: expected a list such as {}, got {}", path, example,
                                  node->kind == Node::Kind::map ? "a section" : "a single value"));
    return values;
  }
  if (node->items.size() > limit) {
    context_->problem(node->place, fmt::format("{}: {} entries; at most {} are allowed", path,
                                               node->items.size(), limit));
  }
  for (std::size_t i = 0; i < std::min(limit, node->items.size()); ++i) {
    values.emplace_back(*context_, *node->items[i], fmt::format("{}[{}]", path, i));
  }
  return values;
}

void Section::unknown(const Node& key) const {
  const std::string refusal = refused_key(without_indices(path_of(key.text)));
  if (!refusal.empty()) return context_->problem(key.place, refusal);
  const std::string where = path_.empty() ? "at the top level" : "in " + path_;
  const std::string_view guess = nearest(key.text, {asked_.begin(), asked_.end()});
  context_->problem(key.place,
                    fmt::format("unknown key '{}' {}; {}", printable(key.text), where,
                                guess.empty() ? "valid keys: " + join(asked_)
                                              : fmt::format("did you mean '{}'?", guess)));
}

void Section::finish() {
  if (!node_) return;
  for (const auto& [key, value] : node_->entries) {
    if (std::find(asked_.begin(), asked_.end(), key->text) == asked_.end()) unknown(*key);
  }
}

}  // namespace vakthund::config
