#include "tests/sim/trouble.h"

namespace vakthund::sim {
namespace {

constexpr bool kHides = true, kSeen = false, kLies = true, kTrue = false, kBreaks = true;

constexpr std::array<Menu, kTroubles> kMenu{{
    {"unknown_error", kHides},
    {"unknown_error_executed", kHides},
    {"unavailable", kHides},
    {"throttled"},
    {"timeout", kHides},
    {"timeout_executed", kHides},
    {"order_limit"},
    {"rate_limited", kHides},
    {"banned", kHides},
    {"order_refused"},
    {"html", kHides},
    {"drop", kHides},
    {"drop_executed", kHides},
    {"latency", kHides},
    {"garble", kHides, kLies},
    {"empty_positions", kHides, kLies},
    {"empty_algos", kHides, kLies},
    {"retired_algos", kHides},
    {"clock_skew", kHides, kLies},  // when it ends the exchange's stamps run backwards
    {"read_lag", kHides, kLies},
    {"order_lag", kHides, kLies},
    {"resting_blocks"},
    {"neighbour", kHides},
    {"thin_book"},
    {"halt"},
    {"liquidation"},
    {"silent_market", kHides},
    {"silent_private", kHides, kTrue, kBreaks},
    {"cut_private", kHides, kTrue, kBreaks},
    {"refuse_streams", kHides, kTrue, kBreaks},
    {"lost_key", kHides, kTrue, kBreaks},
    {"expired_key", kHides, kTrue, kBreaks},
    {"garbled_events", kHides, kLies, kBreaks},
    {"slow_wire", kHides},
    {"lost_answers", kHides},
    {"repeated_answers", kSeen},
    {"lost_events", kHides, kLies, kBreaks},
    {"repeated_events", kSeen},
    {"clock_forward", kSeen},
    {"clock_back", kSeen},
    {"bad_disk", kSeen},
    {"sink_down", kSeen},
    {"crash", kHides},
    {"engine_fails", kSeen},
    {"engine_slow", kSeen},
    {"engine_mute", kSeen},
    {"engine_gone", kSeen},
    {"engine_revives", kSeen},
    {"started_again", kSeen},
    {"hand_opened", kSeen},
}};

}  // namespace

const Menu& menu(Trouble trouble) { return kMenu[static_cast<std::size_t>(trouble)]; }

}  // namespace vakthund::sim
