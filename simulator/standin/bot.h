// `vakthund-sim bot`: a stand-in for a trading bot, trading on the exchange simulator.
//
//   vakthund-sim bot [--kind quantum-trader|freqtrade|generic]
//                    [--exchange https://127.0.0.1:PORT --ca-file F --api-key K
//                     --api-secret-file F]
//                    --listen 127.0.0.1:PORT --journal FILE [--script FILE.yaml]
//     freqtrade:     --password-file F [--username freqtrader] [--token-lifetime 15m]
//                    [--stop-ratio 0.02] [--leverage 20]
//     generic:       [--authorization-file F]   the whole Authorization header it demands
//
// Serves its kind's pages (quantum_face.h, freqtrade_face.h, generic_face.h) and /sim/control
// (trading_bot.h), writes its kind's journal, prints the log, does what the script says
// (bot_script.h). The kind is quantum-trader by default, which needs an exchange; the others may do
// without. Port 0 is any free one; the first line printed says which:
// {"listening":"http://127.0.0.1:PORT","journal":"trades.db","kind":"quantum-trader"}. SIGTERM and
// SIGINT end it unless the script says otherwise. Exit code: 0, the script's, or 1 with one line on
// stderr.
#pragma once

namespace vakthund::simulator::standin {

// `argv[0]` is the sub-mode's name.
int run_bot(int argc, char** argv);

}  // namespace vakthund::simulator::standin
