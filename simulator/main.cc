#include "simulator/program.h"

int main(int argc, char** argv) { return vakthund::simulator::run_exchange(argc, argv); }
