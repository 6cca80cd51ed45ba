// The configuration of a drill: the user's own file — rules, alerts, decisions, limits — with the
// account's exchange, container, server and database replaced by those of the stage.
//
// It is the file's own text tree that is changed, so that `${…}` and `_file` keep their meaning and
// no secret passes through here; what it writes is for a private directory.
#pragma once

#include <string>

#include "rules/model/result.h"

namespace vakthund::drill {

struct Staged {
  std::string account;  // its name stays the user's
  std::string rest_url, stream_url, ca_file, api_key_file, api_secret_file;
  std::string container;  // the throw-away one; empty: none
  std::string engine;     // as the user's configuration names it
  std::string listen, token_file;
  std::string database;
};

// `yaml`: the user's file, known to be valid. The heartbeat is left out: a drill says nothing about
// the daemon's health. Errors: `invalid` with the parser's words.
Result<std::string> drill_config(const std::string& yaml, const Staged& staged);

}  // namespace vakthund::drill
