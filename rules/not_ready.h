// not_ready: the readiness probe found that a kill would fail now. Names every check that failed,
// with its numbers and what to do.
//
// Warnings (the key may withdraw) are no breach: they are told in the evidence beside a failed
// check and shown by `status`. Without the probe there is nothing to judge; while it is old, or
// while a check could not be made and none failed, `unknown`.
//
// Evidence: failed (names), probed_at, and for each check that is not ok "check NAME".
// Source: product.md §4 and §5; rules/model/account.h, Readiness.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict not_ready(const model::Snapshot& snapshot, const NotReadySettings& settings);

}  // namespace vakthund::rules
