// `vakthund-sim bot`: a stand-in for the quantum-trader bot, trading on the exchange simulator.
//
//   vakthund-sim bot --exchange https://127.0.0.1:PORT --ca-file F --api-key K --api-secret-file F
//                    --listen 127.0.0.1:PORT --journal trades.db [--script FILE.yaml]
//
// Serves GET /health, /api/positions and /trade_logs (trading_bot.h), writes the journal, prints
// the log, does what the script says (bot_script.h). Port 0 is any free one; the first line printed
// says which: {"listening":"http://127.0.0.1:PORT","journal":"trades.db"}. SIGTERM and SIGINT end
// it unless the script says otherwise. Exit code: 0, the script's, or 1 with one line on stderr.
#pragma once

namespace vakthund::simulator::standin {

// `argv[0]` is the sub-mode's name.
int run_bot(int argc, char** argv);

}  // namespace vakthund::simulator::standin
