// `vakthund-sim` without a sub-mode: options, files, one line of JSON, and serving until SIGTERM.
#pragma once

namespace vakthund::simulator {

// Exit codes: 0 ended by a signal or --help; 1 with one line on stderr; 64 bad usage.
int run_exchange(int argc, char** argv);

}  // namespace vakthund::simulator
