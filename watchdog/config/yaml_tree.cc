#include "watchdog/config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace vakthund::config {
namespace {

using NodePtr = std::shared_ptr<Node>;

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view text) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
    text_ = text;
  }

  Tree take() { return {std::move(root_), std::move(complaints_)}; }

  // The parser counts bytes from 0, editors characters from 1.
  Place place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    Place place{mark.line + 1, mark.column + 1};
    if (static_cast<std::size_t>(mark.line) >= line_starts_.size()) return place;
    const auto line = text_.substr(line_starts_[static_cast<std::size_t>(mark.line)],
                                   static_cast<std::size_t>(mark.column));
    place.column -= static_cast<int>(
        std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) == 0x80; }));
    return place;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) give_up(mark, "only one YAML document is read; remove this '---'");
  }
  void OnDocumentEnd() override {}
  bool gave_up() const { return gave_up_; }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(place_of_nothing(mark), anchor, Node::Kind::null, {});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    leaf(place(mark), anchor, Node::Kind::scalar, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (gave_up_) return;
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) return give_up(mark, "an alias may not be part of itself");
    add(place(mark), known->second);
  }

 private:
  struct Open {
    NodePtr node;
    Node::Ptr key;
    bool bad_key = false;
    std::map<std::string, int> seen;  // key -> line
    YAML::anchor_t anchor = 0;
  };

  void give_up(const YAML::Mark& mark, std::string why) { give_up(place(mark), std::move(why)); }
  void give_up(Place where, std::string why) {
    if (gave_up_) return;
    gave_up_ = true;
    root_.reset();
    complaints_.push_back({where, std::move(why)});
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (gave_up_ || tag.empty() || tag == "?" || tag == "!") return;
    complaints_.push_back({place(mark), "tags ('!…') have no meaning here; remove it"});
  }

  // The parser places what is not there at the next word; people look for it where it is missing:
  // at its key, or at its dash.
  Place place_of_nothing(YAML::Mark mark) const {
    if (!open_.empty() && open_.back().key) return open_.back().key->place;
    if (static_cast<std::size_t>(mark.line) >= line_starts_.size()) return place(mark);
    const std::size_t at =
        line_starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column);
    const std::size_t dash = text_.substr(0, at).find_last_not_of(" \t\r\n");
    if (dash == std::string_view::npos || text_[dash] != '-') return place(mark);
    const auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), dash) - 1;
    mark.line = static_cast<int>(line - line_starts_.begin());
    mark.column = static_cast<int>(dash - *line);
    return place(mark);
  }

  void leaf(Place where, YAML::anchor_t anchor, Node::Kind kind, std::string text) {
    if (gave_up_) return;
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = where;
    node->text = std::move(text);
    if (anchor != 0) anchors_[anchor] = node;
    add(where, node);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    if (gave_up_) return;
    check_tag(mark, tag);
    if (open_.size() >= kMaxDepth) {
      return give_up(mark, fmt::format("nested deeper than {} levels", kMaxDepth));
    }
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = place(mark);
    open_.push_back({std::move(node), nullptr, false, {}, anchor});
  }

  void close() {
    if (gave_up_) return;
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = done.node;
    add(done.node->place, done.node);
  }

  void add(Place where, const Node::Ptr& node) {
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    parent.node->weight += node->weight;
    if (parent.node->weight > kMaxWeight) {
      return give_up(where, fmt::format("more than {} values", kMaxWeight));
    }
    if (parent.node->kind == Node::Kind::list) {
      parent.node->items.push_back(node);
    } else if (!parent.key) {
      parent.key = node;
    } else {
      add_entry(parent, node);
    }
  }

  void add_entry(Open& parent, const Node::Ptr& value) {
    const Node::Ptr key = std::exchange(parent.key, nullptr);
    if (key->kind != Node::Kind::scalar) {
      complaints_.push_back({key->place, "a key must be a word"});
      return;
    }
    const auto [first, fresh] = parent.seen.emplace(key->text, key->place.line);
    if (!fresh) {
      complaints_.push_back(
          {key->place, fmt::format("key '{}' is repeated; it stands in line {} already",
                                   printable(key->text), first->second)});
      return;
    }
    parent.node->entries.emplace_back(key, value);
  }

  static std::string printable(std::string_view text) {
    std::string result(text.substr(0, 60));
    std::replace_if(result.begin(), result.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
    return result;
  }

  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  std::map<YAML::anchor_t, Node::Ptr> anchors_;
  std::vector<Open> open_;
  Node::Ptr root_;
  std::vector<Complaint> complaints_;
  int documents_ = 0;
  bool gave_up_ = false;
};

// The parser takes some control characters for the end of the text: nothing may hide behind one.
// And its time grows with the square of what stands in one line.
std::optional<Complaint> find_unreadable(std::string_view text) {
  Place place{1, 1};
  std::size_t length = 0;
  for (const char c : text) {
    const bool allowed =
        c == '\n' || c == '\t' || c == '\r' || static_cast<unsigned char>(c) >= ' ';
    if (!allowed || c == 0x7F) {
      return Complaint{place, fmt::format("control character 0x{:02x}; is this a text file?",
                                          static_cast<unsigned>(c))};
    }
    if (++length > kMaxLineBytes) {
      return Complaint{{place.line, 1}, fmt::format("a line of more than {} bytes", kMaxLineBytes)};
    }
    if (c == '\n') {
      place = {place.line + 1, 1};
      length = 0;
    } else if ((c & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return std::nullopt;
}

}  // namespace

Tree read_yaml(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return {nullptr, {{{}, fmt::format("larger than {} bytes", kMaxBytes)}}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto bad = find_unreadable(text)) return {nullptr, {*bad}};
  TreeBuilder builder(text);
  Tree tree;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    // A stray comma makes the parser find empty documents for ever.
    while (!builder.gave_up() && parser.HandleNextDocument(builder)) {
    }
    tree = builder.take();
  } catch (const YAML::Exception& e) {
    tree = builder.take();
    tree.root.reset();
    tree.complaints.push_back({builder.place(e.mark), "not YAML: " + e.msg});
  } catch (const std::exception& e) {
    tree.root.reset();
    tree.complaints.push_back({{}, std::string("not YAML: ") + e.what()});
  }
  if (!tree.root && tree.complaints.empty()) tree.root = std::make_shared<Node>();
  return tree;
}

}  // namespace vakthund::config
