// Several tellers of one number: which of them stands against the others.
//
// Pure. Source: ARCHITECTURE.md, "unknown is a value"; product.md §4, entry_mismatch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/decimal.h"

namespace vakthund::rules {

struct Told {
  std::string_view teller;  // "journal", "exchange list"
  model::Decimal value;
};

// Whether `b` is within `tolerance` (a share of `a`) of `a`. A zero agrees with zero only.
bool agree(model::Decimal a, model::Decimal b, model::Decimal tolerance);

struct OddOneOut {
  std::vector<std::string_view> odd;     // "journal"; empty: nobody, or no majority
  std::vector<std::string_view> agreed;  // "exchange list", "stream", "trade list"
  model::Decimal value;                  // of the first that agree
};

// "a", "a and b", "a, b and c"
std::string listing(const std::vector<std::string_view>& names);

// The strict majority that agrees within the tolerance; the rest is odd.
OddOneOut odd_one_out(const std::vector<Told>& told, model::Decimal tolerance);

}  // namespace vakthund::rules
