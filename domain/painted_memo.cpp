#include "domain/painted_memo.hpp"

#include <algorithm>

namespace symwave::domain {

namespace {

bool Same(const Polygon& a, const Polygon& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Point& p, const Point& q) { return p.x == q.x && p.y == q.y; });
}

bool Same(const std::vector<Region>& a, const std::vector<Region>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Region& p, const Region& q) {
    return p.material == q.material &&
           std::equal(p.contours.begin(), p.contours.end(), q.contours.begin(), q.contours.end(),
                      [](const Polygon& c, const Polygon& d) { return Same(c, d); });
  });
}

}  // namespace

std::optional<std::vector<Region>> PaintedMemo::Find(const std::vector<Region>& painted) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Entry& entry : entries_) {
    if (Same(entry.painted, painted)) return entry.regions;
  }
  return std::nullopt;
}

void PaintedMemo::Keep(const std::vector<Region>& painted, const std::vector<Region>& regions) {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.push_front({painted, regions});
  if (entries_.size() > kKept) entries_.pop_back();
}

}  // namespace symwave::domain
