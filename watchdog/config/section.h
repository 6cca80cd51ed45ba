// Reading cursors over the YAML tree: they know where they are, and every complaint goes through
// them with its place and path.
//
// A Section is a map: each key is asked for once, by name, and finish() complains of the keys that
// nobody asked for. A Value is what stands behind a key. What cannot be read leaves its target as
// it was (the default) and adds a problem; reading goes on, so that one run tells everything.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchdog/config/load.h"
#include "watchdog/config/not_yet.h"
#include "watchdog/config/yaml_tree.h"

namespace vakthund::config {

inline constexpr std::size_t kMaxProblems = 200;

// What one run of the loader shares.
class Context {
 public:
  Context(std::string file, const Lookup& environment);

  void problem(Place place, std::string message);
  void warning(Place place, std::string message);
  const Lookup& environment() const { return environment_; }
  // A path as written, seen from the configuration's folder.
  std::string resolve(const std::string& path) const;

  std::vector<Problem> problems;
  std::vector<Problem> warnings;
  bool holds_secret = false;  // a secret stands in the text itself

 private:
  std::string file_;
  const Lookup& environment_;
};

class Value {
 public:
  Value(Context& context, const Node& node, std::string path)
      : context_(&context), node_(&node), path_(std::move(path)) {}

  Context& context() const { return *context_; }
  const Node& node() const { return *node_; }
  const std::string& path() const { return path_; }

  // The text, expanded. nullopt, and a problem that says what was expected: not a single value,
  // empty, or a variable that is not set.
  std::optional<std::string> text(std::string_view expected) const;
  // "PATH: <what>".
  void problem(std::string_view what) const;
  // "PATH: expected <expected>, got 'x'".
  void expected(std::string_view expected) const;
  // As written in the file, so that nothing from the environment is shown; cut and quoted.
  std::string quoted() const;

 private:
  Context* context_;
  const Node* node_;
  std::string path_;
};

// A path as not_yet.h spells it: without list indices.
std::string without_indices(std::string_view path);

class Section {
 public:
  // Of a map, or of nothing; anything else is a problem and reads as empty.
  Section(Context& context, const Node* node, std::string path, Place place);

  Context& context() const { return *context_; }
  const std::string& path() const { return path_; }
  Place place() const { return place_; }
  std::string path_of(std::string_view key) const;
  // Whether the key is there with any content. Does not count as asking for it.
  bool has(std::string_view key) const;
  bool is_list(std::string_view key) const;
  void problem(std::string_view what) const;

  std::optional<Value> value(std::string_view key);
  Section section(std::string_view key);
  // Every item of a list; more than `limit` is a problem. `example` says how a list looks here.
  std::vector<Value> list(std::string_view key, std::size_t limit, std::string_view example);

  // Parse: Value -> optional<T>, having complained where it gives nothing. True where the key was
  // there and could be used.
  template <class T, class Parse>
  bool read(std::string_view key, T& target, Parse&& parse) {
    const std::optional<Value> found = value(key);
    if (!found) return false;
    std::optional<T> parsed = parse(*found);
    if (!parsed) return false;
    if (!(*parsed == target)) {
      const std::string refusal = refused_change(without_indices(found->path()));
      if (!refusal.empty()) {
        context_->problem(found->node().place, refusal);
        return false;
      }
    }
    target = std::move(*parsed);
    return true;
  }

  // Complains of what nobody asked for. Last, once.
  void finish();

 private:
  struct Entry {
    const Node* key = nullptr;
    const Node* value = nullptr;
  };
  const Node* ask(std::string_view key);
  Entry find(std::string_view key) const;
  void unknown(const Node& key) const;

  Context* context_;
  const Node* node_;  // null: nothing there
  std::string path_;
  Place place_;
  std::vector<std::string> asked_;
};

}  // namespace vakthund::config
