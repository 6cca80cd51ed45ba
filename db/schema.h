// The tables, as the steps that lead to them. Prose: db/SCHEMA.md.
#pragma once

#include <cstdint>
#include <span>

namespace vakthund::db {

// "VAKT": PRAGMA application_id of our files.
inline constexpr std::int64_t kApplicationId = 0x56414B54;

// kMigrations[n] leads from schema n to n + 1. Steps that were released are never changed.
std::span<const char* const> migrations();

}  // namespace vakthund::db
