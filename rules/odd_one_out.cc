#include "rules/odd_one_out.h"

namespace vakthund::rules {

std::string listing(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

bool agree(model::Decimal a, model::Decimal b, model::Decimal tolerance) {
  const model::MaybeDecimal gap = model::MaybeDecimal(b) - a;
  const model::MaybeDecimal most = model::MaybeDecimal(a.abs()) * tolerance;
  return gap && most && gap->abs() <= *most;
}

OddOneOut odd_one_out(const std::vector<Told>& told, model::Decimal tolerance) {
  for (const Told& one : told) {
    std::vector<std::string_view> with, against;
    for (const Told& other : told) {
      (agree(one.value, other.value, tolerance) ? with : against).push_back(other.teller);
    }
    if (with.size() <= against.size()) continue;
    if (against.empty()) break;
    return {against, with, one.value};
  }
  return {};
}

}  // namespace vakthund::rules
