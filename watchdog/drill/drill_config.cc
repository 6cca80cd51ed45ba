#include "watchdog/drill/drill_config.h"

#include <yaml-cpp/yaml.h>

namespace vakthund::drill {
namespace {

YAML::Node account_of(const Staged& staged, const YAML::Node& users) {
  YAML::Node account;
  account["name"] = staged.account;
  account["environment"] = "custom";
  account["rest_url"] = staged.rest_url;
  account["stream_url"] = staged.stream_url;
  account["ca_file"] = staged.ca_file;
  account["api_key_file"] = staged.api_key_file;
  account["api_secret_file"] = staged.api_secret_file;
  for (const char* kept : {"poll_interval", "weight_budget"}) {
    if (users[kept]) account[kept] = users[kept];
  }
  account["bot"]["preset"] = "none";
  if (!staged.container.empty()) {
    account["bot"]["container"]["name"] = staged.container;
    account["bot"]["container"]["engine"] = staged.engine;
  }
  return account;
}

}  // namespace

Result<std::string> drill_config(const std::string& yaml, const Staged& staged) {
  try {
    YAML::Node root = YAML::Load(yaml);
    YAML::Node users;
    for (const YAML::Node& account : root["accounts"]) {
      if (account["name"] && account["name"].as<std::string>("") == staged.account) users = account;
    }
    YAML::Node accounts;
    accounts.push_back(account_of(staged, users));
    root["mode"] = "armed";
    root["accounts"] = accounts;
    if (root["alerts"]) root["alerts"].remove("heartbeat");
    root.remove("server");
    root["server"]["listen"] = staged.listen;
    root["server"]["token_file"] = staged.token_file;
    root.remove("database");
    root["database"]["path"] = staged.database;
    YAML::Emitter text;
    text << root;
    return std::string(text.c_str()) + "\n";
  } catch (const YAML::Exception& e) {
    return error(ErrorKind::invalid,
                 std::string("the configuration cannot be adapted: ") + e.what());
  }
}

}  // namespace vakthund::drill
