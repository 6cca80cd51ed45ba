#include "watchdog/commands/options.h"

#include <Poco/Exception.h>
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>
#include <fmt/format.h>

#include <sstream>

namespace vakthund::commands {

std::string Parsed::value(const std::string& name, const std::string& otherwise) const {
  const auto at = values.find(name);
  return at == values.end() ? otherwise : at->second;
}

Options::Options(std::string command, std::string usage, std::string description)
    : command_(std::move(command)), usage_(std::move(usage)), description_(std::move(description)) {
  add("help", "h", "print this help");
}

Options& Options::add(const std::string& name, const std::string& shortcut,
                      const std::string& description, const std::string& argument) {
  Poco::Util::Option option(name, shortcut, description, false);
  if (!argument.empty()) option.argument(argument);
  set_.addOption(option);
  return *this;
}

Result<Parsed> Options::parse(const std::vector<std::string>& words, std::size_t max_rest) const {
  Parsed parsed;
  Poco::Util::OptionProcessor processor(set_);
  processor.setUnixStyle(true);
  const auto failed = [&](const std::string& why) {
    return error(ErrorKind::invalid, fmt::format("{} (see `vakthund {} --help`)", why, command_));
  };
  for (const std::string& word : words) {
    std::string name, value;
    try {
      if (!processor.process(word, name, value)) {
        parsed.rest.push_back(word);
      } else if (!name.empty()) {
        parsed.values[name] = value;
      }
    } catch (const Poco::Util::UnknownOptionException&) {
      return failed("unknown option " + word);
    } catch (const Poco::Exception& e) {
      return failed(fmt::format("{}: {}", word, e.message()));
    }
  }
  try {
    processor.checkRequired();
  } catch (const Poco::Exception& e) {
    return failed("option needs a value: " + e.message());
  }
  if (parsed.rest.size() > max_rest && !parsed.has("help")) {
    return failed("unexpected argument " + parsed.rest[max_rest]);
  }
  return parsed;
}

std::string Options::help() const {
  Poco::Util::HelpFormatter formatter(set_);
  formatter.setUnixStyle(true);
  formatter.setCommand("vakthund " + command_);
  formatter.setUsage(usage_);
  formatter.setHeader(description_);
  formatter.setWidth(80);
  std::ostringstream out;
  formatter.format(out);
  return out.str();
}

}  // namespace vakthund::commands
