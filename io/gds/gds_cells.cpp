#include "io/gds/gds_cells.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

constexpr size_t kDeepest = 1000;

}  // namespace

GdsPlacement GdsPlacement::Within(const GdsReference& reference, int column, int row) const {
  // Turns by a right angle are exact.
  const double quarters = reference.angle / 90;
  double cosine = std::cos(reference.angle * M_PI / 180);
  double sine = std::sin(reference.angle * M_PI / 180);
  if (quarters == std::round(quarters)) {
    cosine = std::round(cosine);
    sine = std::round(sine);
  }
  const double m = reference.magnification, flip = reference.mirrored ? -1 : 1;
  const double own[4] = {m * cosine, -m * flip * sine, m * sine, m * flip * cosine};
  const double x = reference.at.x + column * reference.column_step[0] + row * reference.row_step[0];
  const double y = reference.at.y + column * reference.column_step[1] + row * reference.row_step[1];
  const domain::Point at = Of(x, y);
  return {a * own[0] + b * own[2],
          a * own[1] + b * own[3],
          c * own[0] + d * own[2],
          c * own[1] + d * own[3],
          at.x,
          at.y,
          m * magnification};
}

GdsCells::GdsCells(const GdsLibrary& library, const std::set<GdsLayer>& layers)
    : library_(library),
      known_(library.cells.size()),
      state_(library.cells.size(), 0),
      layers_(layers) {
  for (size_t k = 0; k < library.cells.size(); ++k) {
    numbers_.emplace(library.cells[k].name, static_cast<int>(k));
  }
  std::vector<int> above;
  for (size_t k = 0; k < library.cells.size(); ++k) Visit(static_cast<int>(k), above);
}

int GdsCells::Of(const GdsReference& reference) const {
  const auto found = numbers_.find(reference.cell);
  return found == numbers_.end() ? -1 : found->second;
}

void GdsCells::FailRecursive(int cell, const std::vector<int>& above) const {
  std::string chain;
  for (auto at = std::find(above.begin(), above.end(), cell); at != above.end(); ++at) {
    chain += library_.cells[static_cast<size_t>(*at)].name + " > ";
  }
  base::Fail("{}: cell {} holds itself ({}{}), which no layout can; take the reference out",
             library_.path, library_.cells[static_cast<size_t>(cell)].name, chain,
             library_.cells[static_cast<size_t>(cell)].name);
}

void GdsCells::AddPoint(Known& known, double x, double y) const {
  if (!known.has_extent) known.extent = {{x, y}, {x, y}};
  known.has_extent = true;
  known.extent.low[0] = std::min(known.extent.low[0], x);
  known.extent.low[1] = std::min(known.extent.low[1], y);
  known.extent.high[0] = std::max(known.extent.high[0], x);
  known.extent.high[1] = std::max(known.extent.high[1], y);
}

void GdsCells::Visit(int number, std::vector<int>& above) {
  const auto n = static_cast<size_t>(number);
  if (state_[n] == 2) return;
  if (state_[n] == 1) FailRecursive(number, above);
  if (above.size() >= kDeepest) {
    base::Fail("{}: cells hold each other more than {} deep, down to {}; flatten some of them",
               library_.path, kDeepest, library_.cells[n].name);
  }
  state_[n] = 1;
  above.push_back(number);
  const GdsCell& cell = library_.cells[n];
  Known known;
  for (const GdsOutline& outline : cell.outlines) {
    if (layers_.count(outline.layer) == 0) continue;
    ++known.count;
    for (const GdsPoint& p : outline.points) AddPoint(known, p.x, p.y);
  }
  for (const GdsPath& path : cell.paths) {
    ++known.count;
    const double reach = std::abs(static_cast<double>(path.width)) +
                         std::abs(static_cast<double>(path.begin_extension)) +
                         std::abs(static_cast<double>(path.end_extension));
    for (const GdsPoint& p : path.points) {
      AddPoint(known, p.x - reach, p.y - reach);
      AddPoint(known, p.x + reach, p.y + reach);
    }
  }
  for (const GdsLabel& label : cell.labels) {
    ++known.count;
    AddPoint(known, label.at.x, label.at.y);
  }
  for (const GdsReference& reference : cell.references) {
    const int below = Of(reference);
    if (below < 0) continue;
    Visit(below, above);
    const Known& part = known_[static_cast<size_t>(below)];
    known.count += part.count * reference.columns * reference.rows;
    if (!part.has_extent) continue;
    for (const int column : {0, reference.columns - 1}) {
      for (const int row : {0, reference.rows - 1}) {
        const GdsPlacement placed = GdsPlacement{}.Within(reference, column, row);
        for (const double x : {part.extent.low[0], part.extent.high[0]}) {
          for (const double y : {part.extent.low[1], part.extent.high[1]}) {
            const domain::Point p = placed.Of(x, y);
            AddPoint(known, p.x, p.y);
          }
        }
      }
    }
  }
  known_[n] = known;
  above.pop_back();
  state_[n] = 2;
}

bool GdsCells::Reaches(int cell, const GdsPlacement& placement, const GdsBox& box) const {
  const Known& known = known_[static_cast<size_t>(cell)];
  if (!known.has_extent) return false;
  Known placed;
  for (const double x : {known.extent.low[0], known.extent.high[0]}) {
    for (const double y : {known.extent.low[1], known.extent.high[1]}) {
      const domain::Point p = placement.Of(x, y);
      AddPoint(placed, p.x, p.y);
    }
  }
  return placed.extent.low[0] <= box.high[0] && box.low[0] <= placed.extent.high[0] &&
         placed.extent.low[1] <= box.high[1] && box.low[1] <= placed.extent.high[1];
}

}  // namespace symwave::io
