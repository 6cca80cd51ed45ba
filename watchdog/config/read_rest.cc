#include "watchdog/config/readers.h"
#include "watchdog/config/secret_reader.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kShortestToken = 16;

void read_server(Section section, Server& server) {
  section.read("listen", server.listen, read_listen);
  const bool has_token = section.has("token") || section.has("token_file");
  server.token = read_secret(section, "token", SecretForm::one_line, Need::optional);
  if (server.token.is_set() && server.token.reveal().size() < kShortestToken) {
    section.problem(
        fmt::format("the token is shorter than {} characters; make one with "
                    "'openssl rand -hex 32'",
                    kShortestToken));
  }
  if (!is_loopback_listen(server.listen) && !has_token) {
    section.problem(
        "listen is open to other machines, so it needs token_file (or listen on 127.0.0.1): "
        "who reaches it could pull the switch");
  }
  section.finish();
}

}  // namespace

void read_rest(Section& root, Config& config) {
  Section decisions = root.section("decisions");
  decisions.read("deadline", config.decisions.deadline,
                 [](const Value& value) { return read_duration(value, {1s, 1h}); });
  decisions.read("otherwise", config.decisions.otherwise, read_word<Otherwise>);
  decisions.finish();

  Section limits = root.section("limits");
  limits.read("close_notional_per_hour", config.limits.close_notional_per_hour, read_amount);
  limits.read("close_positions_per_hour", config.limits.close_positions_per_hour,
              [](const Value& value) -> std::optional<int> {
                const auto number = read_whole(value, 1, 10'000);
                return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
              });
  limits.finish();

  Section gate = root.section("gate");
  gate.read("anomalous_share", config.gate.anomalous_share,
            [](const Value& value) { return read_share(value, Zero::forbidden); });
  gate.finish();

  Section airbag = root.section("airbag");
  airbag.read("enabled", config.airbag.enabled, read_bool);
  airbag.read("distance", config.airbag.distance,
              [](const Value& value) { return read_share(value, Zero::forbidden); });
  airbag.finish();

  read_server(root.section("server"), config.server);

  Section database = root.section("database");
  database.read("path", config.database.path, read_path);
  database.read("retention", config.database.retention,
                [](const Value& value) { return read_duration(value, {24h, 3650 * 24h}); });
  database.finish();
}

}  // namespace vakthund::config
