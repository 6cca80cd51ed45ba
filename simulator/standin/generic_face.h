// A bot that somebody wrote: its positions deep in a page, under names of its own.
// Source: bots.md, "generic".
//
//   GET /internal/v2/book   {"meta":{…},"result":{"accounts":[{"name":"futures","book":{"open":[
//                             {"instrument":{"ticker":"BNBUSDT"},"heading":"SHORT","lots":"2.17",
//                              "net":"-2.17","avg":{"px":"896.8"},"guard":{"px":"914.74"}}]}}]}}
//   GET /internal/v2/alive  {"service":"up","engine":{"last_loop_ms":…,"last_loop":"2025-…Z"}}
//
// As JSON pointers: list /result/accounts/0/book/open; within an item symbol /instrument/ticker,
// side /heading, quantity /lots, amount /net, entry price /avg/px, stop price /guard/px (null where
// there is none); progress /engine/last_loop_ms or /engine/last_loop.
// With an `authorization`, requests must carry exactly that header; 403 otherwise.
#pragma once

#include "simulator/standin/generic_journal.h"

namespace vakthund::simulator::standin {

class GenericFace : public BotFace {
 public:
  GenericFace(GenericJournal& journal, std::string authorization)
      : journal_(journal), authorization_(std::move(authorization)) {}

  bool has_open(const std::string& symbol) override { return journal_.has_open(symbol); }
  void opened(const Belief& position) override;
  void closed(const Belief& position, const std::string& reason) override;
  void write(const Fields& row) override;
  void replace_journal() override { journal_.replace(); }
  net::HttpResponse answer(const net::HttpRequest& request, const BotState& state,
                           BotControl& control) override;

 private:
  GenericJournal& journal_;
  const std::string authorization_;
};

}  // namespace vakthund::simulator::standin
