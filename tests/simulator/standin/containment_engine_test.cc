// The containment of a kill through a socket proxy that lets nothing pass but the documented list,
// and on an engine that answers as Podman does.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "simulator/standin/engine_routes.h"
#include "tests/watchdog/container/client_probe.h"
#include "tests/watchdog/container/containing.h"

namespace vakthund::simulator::standin {
namespace {

using container::Containing;
using guard::ContainmentStep;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kStubborn{"/bin/sh", "-c",
                                         "trap '' TERM; while :; do sleep 1; done"};

// The block of docs/containment.md that begins with ```allow-list, as patterns.
std::vector<std::regex> allow_list() {
  std::ifstream page(std::string(VAKTHUND_SOURCE_DIR) + "/docs/containment.md");
  std::vector<std::regex> patterns;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```allow-list") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      patterns.emplace_back(line);
    }
  }
  return patterns;
}

net::HttpResponse answer(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

class ContainmentEngine : public testing::Test {
 protected:
  void run(std::string policy = "always") {
    box_ = std::make_unique<ProcessContainer>(
        loop_, ProcessContainer::Config{"bot", kStubborn, {}, std::move(policy)});
    net::Server::Options options;
    options.port = 0;
    net::Server::Handler handler;
    handler.on_request = [this](net::HttpRequest request, net::Responder responder) {
      take(std::move(request), std::move(responder));
    };
    auto server = net::Server::listen(loop_, options, std::move(handler));
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
    ASSERT_EQ(box_->start(), EngineReply{});
  }
  // Like every socket proxy: a list of methods and paths, and 403 for the rest.
  void take(net::HttpRequest request, net::Responder responder) {
    const std::string asked =
        request.method + " " + request.target.substr(0, request.target.find('?'));
    const bool allowed = std::any_of(allowed_.begin(), allowed_.end(), [&](const auto& pattern) {
      return std::regex_match(asked, pattern);
    });
    if (!allowed) {
      refused_.push_back(asked);
      return responder.send(answer(403, "Forbidden"));
    }
    if (podman_ && podman_(request, responder)) return;
    answer_engine_request(*box_, request, std::move(responder));
  }
  container::EngineSettings settings() const {
    container::EngineSettings settings;
    settings.engine = "tcp://127.0.0.1:" + std::to_string(server_->port());
    settings.container = "bot";
    settings.claim = [](std::string_view, model::WallTime) -> Result<std::optional<model::Claim>> {
      return std::optional<model::Claim>();
    };
    return settings;
  }

  net::Loop loop_;
  std::vector<std::regex> allowed_ = allow_list();
  std::vector<std::string> refused_;
  std::function<bool(const net::HttpRequest&, net::Responder&)> podman_;
  std::unique_ptr<ProcessContainer> box_;
  std::unique_ptr<net::Server> server_;
};

TEST_F(ContainmentEngine, TakesTheBotDownThroughAProxyWithTheDocumentedList) {
  ASSERT_EQ(allowed_.size(), 9u);
  run();
  Containing containing(loop_, settings());
  containing.pause();
  EXPECT_EQ(box_->status(), ProcessContainer::Status::paused);
  EXPECT_TRUE(containing.stop());
  EXPECT_EQ(box_->status(), ProcessContainer::Status::exited);
  EXPECT_EQ(box_->config().restart_policy, "no");
  EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(ContainmentEngine, NamesEveryCallThatTheListLacks) {
  run();
  allowed_ = {std::regex("GET .*")};
  container::ClientProbe probe(loop_, settings());
  for (const ContainmentStep step : {ContainmentStep::pause, ContainmentStep::stop,
                                     ContainmentStep::kill, ContainmentStep::disable_restart}) {
    EXPECT_THAT(probe.step(step), HasSubstr("docs/containment.md"));
  }
}

TEST_F(ContainmentEngine, KillsWithTheEnginesSigkill) {
  run();
  container::ClientProbe probe(loop_, settings());
  EXPECT_EQ(probe.step(ContainmentStep::kill), "done");
  EXPECT_EQ(probe.status(), "exited");
  EXPECT_EQ(probe.step(ContainmentStep::kill), "done") << "not running already";
}

// Podman 3 and 4 without cgroup v2: pausing fails, and there is no update of a policy.
TEST_F(ContainmentEngine, StopsAtOnceWhereARootlessPodmanCannotPauseAndKeepsItsPolicy) {
  podman_ = [](const net::HttpRequest& request, net::Responder& responder) {
    if (request.target.ends_with("/pause")) {
      responder.send(answer(500, R"({"cause":"not supported","message":"cannot pause the )"
                                 R"(container without a cgroup","response":500})"));
      return true;
    }
    if (request.target.ends_with("/update")) {
      responder.send(answer(404, R"({"cause":"","message":"Not Found","response":404})"));
      return true;
    }
    return false;
  };
  run();
  Containing containing(loop_, settings());
  containing.pause();
  EXPECT_TRUE(containing.stop());
  EXPECT_TRUE(containing.said("restart policy cannot be changed"));
  EXPECT_EQ(box_->status(), ProcessContainer::Status::exited);
}

TEST_F(ContainmentEngine, BelievesNoPodmanThatTakesAnUpdateAndKeepsThePolicy) {
  podman_ = [](const net::HttpRequest& request, net::Responder& responder) {
    if (!request.target.ends_with("/update")) return false;
    responder.send(answer(201, R"({"ID":"x"})"));
    return true;
  };
  run();
  container::ClientProbe probe(loop_, settings());
  EXPECT_THAT(probe.step(ContainmentStep::disable_restart),
              HasSubstr("invalid: the engine took the change and did not make it"));
}

TEST_F(ContainmentEngine, UnpausesRightBeforeTheKillWhereAnEngineKillsNothingPaused) {
  bool unpaused = false;
  podman_ = [&](const net::HttpRequest& request, net::Responder& responder) {
    unpaused = unpaused || request.target.ends_with("/unpause");
    if (unpaused || request.target.find("/kill") == std::string::npos) return false;
    responder.send(answer(409, R"({"cause":"container state improper","message":"can only kill )"
                               R"(running containers","response":409})"));
    return true;
  };
  run();
  container::ClientProbe probe(loop_, settings());
  EXPECT_EQ(probe.step(ContainmentStep::pause), "done");
  EXPECT_EQ(probe.step(ContainmentStep::kill), "done");
  EXPECT_EQ(box_->status(), ProcessContainer::Status::exited);
}

TEST_F(ContainmentEngine, ReadsPodmansWords) {
  std::string word;
  podman_ = [&](const net::HttpRequest& request, net::Responder& responder) {
    if (!request.target.ends_with("/json")) return false;
    responder.send(answer(200, R"({"Id":"x","State":{"Status":")" + word +
                                   R"("},"HostConfig":{"RestartPolicy":{"Name":""}}})"));
    return true;
  };
  run();
  container::ClientProbe probe(loop_, settings());
  for (const auto& [said, meant] :
       std::vector<std::pair<std::string, std::string>>{{"configured", "created"},
                                                        {"initialized", "created"},
                                                        {"stopped", "exited"},
                                                        {"stopping", "running"},
                                                        {"exited", "exited"},
                                                        {"paused", "paused"}}) {
    word = said;
    EXPECT_EQ(probe.status(), meant) << said;
  }
}

}  // namespace
}  // namespace vakthund::simulator::standin
