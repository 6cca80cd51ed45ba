// The incident of product.md §1, played on real parts (stage.h) and told on stdout as it happens.
#pragma once

namespace vakthund::demo {

// 0: it ended flat and the bot stopped, by the word of the exchange and the engine; 2: it did not;
// 1: the stage could not be set. `fast`: in under 15 s, for scripts.
int play(bool fast, bool colour);

}  // namespace vakthund::demo
