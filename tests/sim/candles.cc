#include "tests/sim/candles.h"

#include <Poco/InflatingStream.h>

#include <algorithm>
#include <fstream>

#include "rules/model/decimal.h"

namespace vakthund::sim {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMillion = 1'000'000;

std::int64_t units(const std::string& text) {
  const auto value = model::Decimal::parse(text);
  return value ? value->units() : 0;
}

}  // namespace

std::int64_t Course::ppm_at(std::int64_t ms) const {
  if (points.empty()) return 0;
  const auto after = std::upper_bound(points.begin(), points.end(), ms,
                                      [](std::int64_t at, const Point& p) { return at < p.at_ms; });
  if (after == points.begin()) return points.front().ppm;
  if (after == points.end()) return points.back().ppm;
  const Point& a = *(after - 1);
  return a.ppm + (after->ppm - a.ppm) * (ms - a.at_ms) / (after->at_ms - a.at_ms);
}

std::int64_t Course::widest() const {
  std::int64_t widest = 0;
  for (const Point& point : points) widest = std::max(widest, std::abs(point.ppm));
  return widest;
}

Candles Candles::read(const std::string& path) {
  Candles candles;
  std::ifstream file(path, std::ios::binary);
  Poco::InflatingInputStream text(file, Poco::InflatingStreamBuf::STREAM_GZIP);
  std::string line, symbol;
  int series = -1;
  for (bool first = true; file && std::getline(text, line); first = false) {
    std::vector<std::string> fields(1);
    for (const char c : line) c == ',' ? (void)fields.emplace_back() : fields.back().push_back(c);
    if (first || fields.size() < 6) continue;
    if (fields[0] != symbol) ++series;
    symbol = fields[0];
    const Minute minute{std::stoll(fields[1]), units(fields[2]), units(fields[3]),
                        units(fields[4]),      units(fields[5]), series};
    if (minute.open > 0 && minute.low > 0) candles.minutes_.push_back(minute);
  }
  candles.real_ = candles.minutes_.size() > 1000;
  if (candles.real_) return candles;
  // A walk of small steps, always the same one.
  Dice dice(4711);
  candles.minutes_.clear();
  std::int64_t price = 100 * model::Decimal::kOne;
  for (int i = 0; i < 20'000; ++i) {
    const auto away = [&] { return price / kMillion * dice.between(0, 1200); };
    Minute minute{i * kMinuteMs, price, price + away(), price - away(), price, 0};
    price += price / kMillion * dice.between(-900, 900);
    minute.close = price;
    minute.high = std::max(minute.high, price);
    minute.low = std::min(minute.low, price);
    candles.minutes_.push_back(minute);
  }
  return candles;
}

Course Candles::from(std::size_t first) const {
  Course course;
  const Minute& begin = minutes_[first];
  const auto ppm = [&](std::int64_t price) {
    return static_cast<std::int64_t>(static_cast<__int128>(price - begin.open) * kMillion /
                                     begin.open);
  };
  for (int i = 0; i < kMinutes; ++i) {
    const Minute& m = minutes_[first + static_cast<std::size_t>(i)];
    const bool down_first = m.close >= m.open;
    const std::int64_t at = i * kMinuteMs;
    course.points.push_back({at, ppm(m.open)});
    course.points.push_back({at + 20'000, ppm(down_first ? m.low : m.high)});
    course.points.push_back({at + 40'000, ppm(down_first ? m.high : m.low)});
    course.points.push_back({at + 59'000, ppm(m.close)});
  }
  return course;
}

Course Candles::course(Dice& dice, std::int64_t calm_ppm) const {
  for (int tries = 0; tries < 200; ++tries) {
    const std::size_t first = dice.roll() % (minutes_.size() - kMinutes);
    const Minute &a = minutes_[first], &b = minutes_[first + kMinutes - 1];
    // Minutes that are missing are unknown, not flat.
    if (a.series != b.series || b.at_ms - a.at_ms != (kMinutes - 1) * kMinuteMs) continue;
    Course course = from(first);
    if (calm_ppm == 0 || course.widest() <= calm_ppm) return course;
  }
  return {};
}

}  // namespace vakthund::sim
