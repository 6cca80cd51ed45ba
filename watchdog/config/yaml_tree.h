// YAML as a plain tree in which every value knows where it stands, and hostile text is harmless.
//
// Built from the parser's events, because the library's own tree accepts repeated keys in silence
// (toolchain.md §0.17) and loses the places of missing ones. Aliases share nodes; their weight is
// counted as if written out, so that a small text cannot become a huge configuration.
// Threads: values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watchdog/config/problem.h"

namespace vakthund::config {

struct Node {
  enum class Kind { null, scalar, list, map };
  using Ptr = std::shared_ptr<const Node>;

  Kind kind = Kind::null;
  Place place;
  std::string text;                          // of a scalar
  std::vector<Ptr> items;                    // of a list
  std::vector<std::pair<Ptr, Ptr>> entries;  // of a map, in the order of the text; keys differ
  std::size_t weight = 1;                    // nodes in it, aliases written out
};

inline constexpr std::size_t kMaxBytes = 1 << 20;
inline constexpr std::size_t kMaxLineBytes = 4096;
inline constexpr std::size_t kMaxDepth = 64;
inline constexpr std::size_t kMaxWeight = 100'000;

struct Complaint {
  Place place;
  std::string message;
};

struct Tree {
  Node::Ptr root;  // null where the text could not be read at all
  std::vector<Complaint> complaints;
};

Tree read_yaml(std::string_view text);

}  // namespace vakthund::config
