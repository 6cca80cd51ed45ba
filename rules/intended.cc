#include "rules/intended.h"

namespace vakthund::rules {

const model::Intent* container_intent(const model::Snapshot& snapshot) {
  static const model::Intent kNothing{};
  if (!snapshot.feed(model::Feed::container).used) return &kNothing;
  return snapshot.fresh(model::Feed::container) ? &snapshot.container.intent : nullptr;
}

}  // namespace vakthund::rules
