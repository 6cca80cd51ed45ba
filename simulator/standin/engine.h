// `vakthund-sim engine`: a container engine's stand-in for machines where no real one is reachable.
//
//   vakthund-sim engine --socket PATH --name quantum_backend [--restart-policy unless-stopped]
//                       [--env NAME=value …] -- COMMAND …
//
// Serves the subset of Docker's API described in engine_routes.h on a Unix socket, for one
// container that is really a child process, which it starts at once. GET /version names it:
// "Platform": {"Name": "process stand-in"}. Prints one JSON line when it listens:
// {"listening":"unix:///PATH","container":"quantum_backend"}. SIGTERM and SIGINT end it and the
// process. Exit code: 0; 1 with one line on stderr.
#pragma once

namespace vakthund::simulator::standin {

// `argv[0]` is the sub-mode's name.
int run_engine(int argc, char** argv);

}  // namespace vakthund::simulator::standin
