#include "simulator/standin/bot_script.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "rules/model/decimal.h"
#include "simulator/standin/http_fault.h"

namespace vakthund::simulator::standin {
namespace {

using What = decltype(ScriptStep::what);

Error at_mark(const YAML::Mark& mark, const std::string& what) {
  return error(ErrorKind::invalid,
               fmt::format("script:{}:{}: {}", mark.line + 1, mark.column + 1, what));
}

Result<Fields> fields(const YAML::Node& node, std::initializer_list<const char*> needed) {
  if (!node.IsMap()) return at_mark(node.Mark(), "a map of parameters is expected");
  Fields result;
  for (const auto& entry : node) {
    if (!entry.second.IsScalar()) return at_mark(entry.second.Mark(), "a plain value is expected");
    result[entry.first.as<std::string>()] = entry.second.as<std::string>();
  }
  for (const char* name : needed) {
    if (!result.contains(name)) {
      return at_mark(node.Mark(), fmt::format("{} is missing", name));
    }
  }
  return result;
}

template <class Step>
Result<What> with_fields(Result<Fields> params, Step step) {
  if (!params) return params.error();
  return What(step(*std::move(params)));
}

Result<What> parse_action(const std::string& name, const YAML::Node& value) {
  if (name == "log") return What(LogStep{value.as<std::string>()});
  if (name == "cancel_stops") return What(CancelStopsStep{value.as<std::vector<std::string>>()});
  if (name == "ignore_sigterm") return What(IgnoreSigtermStep{value.as<bool>()});
  if (name == "silent") return What(SilentStep{value.as<bool>()});
  if (name == "exit") return What(ExitStep{value.as<int>()});
  if (name == "stall") return What(StallStep{value.as<bool>()});
  if (name == "clear") return What(ClearStep{value.as<std::string>()});
  if (name == "truth" || name == "expire_tokens" || name == "replace_journal") {
    if (!value.as<bool>()) return at_mark(value.Mark(), name + " is true or not written");
    return name == "truth"           ? What(TruthStep{})
           : name == "expire_tokens" ? What(ExpireTokensStep{})
                                     : What(ReplaceJournalStep{});
  }
  if (name == "believe") {
    auto position = fields(value, {"symbol", "quantity"});
    if (!position) return position.error();
    for (const char* number : {"quantity", "entry", "stop"}) {
      const auto at = position->find(number);
      if (at != position->end() && !model::Decimal::parse(at->second)) {
        return at_mark(value.Mark(), fmt::format("{} is a number", number));
      }
    }
    return What(BelieveStep{*std::move(position)});
  }
  if (name == "http") {
    auto fault = fields(value, {"kind"});
    if (!fault) return fault.error();
    const auto known = HttpFault::parse(*fault);
    if (!known) return at_mark(value.Mark(), known.error().message);
    return What(HttpStep{*std::move(fault)});
  }
  if (name == "place_order" || name == "place_algo") {
    return with_fields(fields(value, {}), [&](Fields params) {
      return PlaceStep{std::move(params), name == "place_algo"};
    });
  }
  if (name == "open") {
    return with_fields(fields(value, {"symbol", "side", "quantity"}),
                       [](Fields params) { return OpenStep{std::move(params)}; });
  }
  if (name == "journal") {
    return with_fields(fields(value, {"symbol", "side", "qty", "price"}),
                       [](Fields row) { return JournalStep{std::move(row)}; });
  }
  return at_mark(value.Mark(), "unknown step: " + name);
}

Result<ScriptStep> parse_step(const YAML::Node& node) {
  if (!node.IsMap()) return at_mark(node.Mark(), "a step is a map");
  ScriptStep step;
  int actions = 0;
  for (const auto& entry : node) {
    const auto name = entry.first.as<std::string>();
    if (name == "at") {
      const auto text = entry.second.as<std::string>();
      const auto at = text == "0" ? model::Duration(0) : model::parse_duration(text);
      if (!at) return at_mark(entry.second.Mark(), "a duration such as 2s is expected");
      step.at = *at;
      continue;
    }
    auto action = parse_action(name, entry.second);
    if (!action) return action.error();
    step.what = *std::move(action);
    ++actions;
  }
  if (actions != 1) return at_mark(node.Mark(), "a step does exactly one thing");
  return step;
}

}  // namespace

Result<std::vector<ScriptStep>> parse_script(const std::string& yaml) {
  try {
    YAML::Node root = YAML::Load(yaml);
    if (root.IsMap()) root = root["steps"];
    std::vector<ScriptStep> steps;
    if (!root || root.IsNull()) return steps;
    if (!root.IsSequence()) return at_mark(root.Mark(), "a list of steps is expected");
    for (const auto& node : root) {
      auto step = parse_step(node);
      if (!step) return step.error();
      const auto after = std::ranges::upper_bound(steps, step->at, {}, &ScriptStep::at);
      steps.insert(after, *std::move(step));
    }
    return steps;
  } catch (const YAML::Exception& e) {
    return at_mark(e.mark, e.msg);
  }
}

Result<ScriptStep> parse_one_step(const std::string& text) {
  try {
    return parse_step(YAML::Load(text));
  } catch (const YAML::Exception& e) {
    return at_mark(e.mark, e.msg);
  }
}

}  // namespace vakthund::simulator::standin
