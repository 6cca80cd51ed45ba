#include "watchdog/server/explain_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "watchdog/server/text_writer.h"

namespace vakthund::server {
namespace {

using model::MaybeDecimal;
using rules::Explanation;
using rules::LossAt;
using rules::Point;
using rules::Standing;
using rules::Theory;

constexpr std::string_view kNone = "—";
constexpr std::size_t kMaxOrders = 12;
constexpr std::size_t kIndent = 2;

std::string position_words(const Explanation& told) {
  return fmt::format("{} {} {}", clean(told.position.symbol), told.position.side(),
                     told.position.quantity.abs().to_string());
}

void show_facts(TextWriter& writer, const Explanation& told) {
  std::string text = fmt::format(
      "  entry {} · mark {} · {}", price_text(told, told.position.entry_price),
      price_text(told, told.mark_price),
      told.leverage ? fmt::format("{}x", *told.leverage) : std::string("leverage unknown"));
  if (told.at_liquidation.price) {
    text += " · liquidation " + price_text(told, told.at_liquidation.price);
  }
  for (const std::string& line : wrapped(text, writer.columns() - kIndent)) {
    writer.line("  " + line);
  }
  std::size_t shown = 0;
  for (const rules::ExplainedOrder& one : told.orders) {
    if (++shown > kMaxOrders) continue;
    const model::Order& order = one.order;
    const MaybeDecimal price = order.trigger_price ? order.trigger_price : order.price;
    std::string line =
        fmt::format("{} {} {} ({} {})", clean(order.type.text()), to_string(order.side),
                    price_text(told, price), to_string(order.id.source), order.id.id);
    if (one.effective && one.distance_ratio) {
      line += fmt::format(", {} away by the {}", model::to_percent(one.distance_ratio),
                          one.price_source);
    }
    if (!one.why.empty()) line += ": " + clean(one.why);
    writer.entry(one.effective ? "STOP" : "NO STOP", line,
                 one.effective ? Overall::ok : Overall::unknown);
  }
  if (shown > kMaxOrders) writer.entry("", fmt::format("and {} more", shown - kMaxOrders), {});
  if (told.orders.empty()) {
    const bool unknown = told.protection == rules::Protection::Status::unknown;
    writer.entry("NO STOP",
                 unknown ? "not known: the order lists were not read"
                         : "neither order list holds an order of it",
                 unknown ? Overall::unknown : Overall::critical);
  }
}

Overall mood_of(const Theory& theory) {
  if (theory.standing == Standing::undecided) return Overall::unknown;
  const bool well = (theory.standing == Standing::supported) == (theory.name == "nothing_wrong");
  if (well) return Overall::ok;
  return theory.standing == Standing::supported ? Overall::critical : Overall::warning;
}

std::string_view mark_of(Point::Kind kind) {
  switch (kind) {
    case Point::Kind::supports:
      return "+";
    case Point::Kind::refutes:
      return "-";
    case Point::Kind::missing:
      return "?";
  }
  return " ";
}

void show_theories(TextWriter& writer, const Explanation& told) {
  for (const Theory& theory : told.theories) {
    writer.entry(upper(to_string(theory.standing)),
                 fmt::format("({}) {}", theory.letter, theory.title), mood_of(theory));
    for (const Point& point : theory.points) writer.point(mark_of(point.kind), clean(point.text));
  }
}

std::string share(const MaybeDecimal& ratio) {
  return ratio ? model::to_percent(ratio, 2) : std::string(kNone);
}

std::vector<std::string> row(const Explanation& told, std::string name, const LossAt& at) {
  return {std::move(name),
          at.price ? price_text(told, at.price) : std::string(kNone),
          at.loss ? at.loss->to_fixed(2) : std::string(kNone),
          share(at.of_notional),
          share(at.of_margin),
          share(at.of_equity)};
}

void show_arithmetic(TextWriter& writer, const Explanation& told) {
  Table table{{{"", "PRICE", "LOSS", "OF NOTIONAL", "OF MARGIN", "OF EQUITY"}},
              {false, true, true, true, true, true}};
  table.rows.push_back(row(told, "now", told.now));
  if (!told.stop_basis.empty()) {
    const bool stands = told.stop_basis == "the stop" || told.stop_basis == "the stops";
    table.rows.push_back(
        row(told, stands ? "at " + told.stop_basis : "if stopped *", told.at_stop));
  }
  if (told.at_liquidation.price)
    table.rows.push_back(row(told, "liquidation", told.at_liquidation));
  const std::size_t columns = writer.columns() - kIndent;
  const std::size_t gap = table.total(2) <= columns ? 2 : 1;
  while (table.total(gap) > columns && table.numbers.size() > 3) table.drop_last();
  bool heading = true;
  for (const std::string& line : table.lines(gap)) {
    writer.line("  " + (heading ? writer.dim(line) : line));
    heading = false;
  }
  if (!told.stop_basis.empty() && table.rows[2][0] == "if stopped *") {
    writer.line(writer.dim("  * no stop stands; this is " + clean(told.stop_basis)));
  }
}

void show_position(TextWriter& writer, const ExplainedAccount& account, const Explanation& told) {
  writer.line();
  writer.line(fmt::format("{}  {}", clean(account.name), position_words(told)));
  show_facts(writer, told);
  writer.line();
  show_theories(writer, told);
  writer.line();
  show_arithmetic(writer, told);
  writer.line();
  for (const rules::Remedy& remedy : told.remedies) {
    writer.entry(remedy.right ? "DO" : "DO NOT", clean(remedy.text),
                 remedy.right ? Overall::ok : Overall::warning);
  }
}

void show_account(TextWriter& writer, const ExplainView& view, const ExplainedAccount& account) {
  for (const Explanation& told : account.positions) show_position(writer, account, told);
  if (account.positions.empty()) {
    writer.line();
    writer.line(fmt::format("{}  {}", clean(account.name),
                            account.trouble.empty() ? "no open position in " + clean(view.symbol)
                                                    : "positions unknown"));
    for (const std::string& line : account.known) writer.entry("KNOWN", clean(line), Overall::ok);
    if (account.known.empty() && account.trouble.empty()) {
      writer.entry("KNOWN", "no order, and no word of the bot's on it", Overall::ok);
    }
  }
  if (!account.trouble.empty()) {
    writer.entry("DATA", "could not look: " + clean(account.trouble), Overall::unknown);
  }
}

}  // namespace

std::string write_explanation_text(const ExplainView& view, const TextStyle& style) {
  TextWriter writer(style);
  const Overall overall = overall_of(view);
  std::string rules;
  for (const ExplainedAccount& account : view.accounts) {
    for (const model::Finding& finding : account.findings) {
      if (rules.find(finding.rule) != std::string::npos) continue;
      rules += (rules.empty() ? "" : ", ") + clean(finding.rule);
    }
  }
  if (rules.empty()) rules = overall == Overall::ok ? "no rule finds anything" : "not all is known";
  writer.headline(upper(to_string(overall)), overall,
                  {clean(view.symbol), rules, shown_time(view.time)});
  const std::string wrong = misspelt(view);
  if (!wrong.empty()) {
    writer.entry("UNKNOWN", clean(wrong), Overall::unknown);
    return writer.take();
  }
  for (const ExplainedAccount& account : view.accounts) show_account(writer, view, account);
  return writer.take();
}

}  // namespace vakthund::server
