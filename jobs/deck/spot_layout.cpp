#include "jobs/deck/spot_layout.hpp"

#include <algorithm>
#include <numeric>

namespace symwave::jobs::deck {

using training::bench::Spot;
using training::bench::SpotGrid;

namespace {

std::vector<Spot> Square(const OpticalBenchOptions& bench, int count, double width, double radius) {
  const bool line = bench.geometry.pixels_y == 1;
  return SpotGrid(count, line ? 1 : count, width, width, radius);
}

}  // namespace

std::vector<Spot> FocusSpots(const OpticalBenchOptions& bench) {
  const FocusOptions& focus = *bench.focus;
  return Square(bench, focus.positions, focus.width, focus.spot_radius);
}

std::vector<Spot> ScanSpots(const OpticalBenchOptions& bench) {
  const FocusOptions& focus = *bench.focus;
  return Square(bench, focus.scan->points, focus.scan->width, focus.spot_radius);
}

std::vector<Spot> HiddenSources(const OpticalBenchOptions& bench) {
  const HiddenObjectOptions& hidden = *bench.hidden_object;
  return Square(bench, hidden.positions, hidden.width, hidden.source_radius);
}

std::vector<Spot> HiddenRegions(const OpticalBenchOptions& bench) {
  const HiddenObjectOptions& hidden = *bench.hidden_object;
  return Square(bench, hidden.positions, hidden.spot_width, hidden.spot_radius);
}

double BarTargetWidth(const std::vector<double>& bars) {
  const double gap = kBarGap * *std::min_element(bars.begin(), bars.end());
  return std::accumulate(bars.begin(), bars.end(), 0.0) * kBarLength +
         gap * static_cast<double>(bars.size() - 1);
}

double BarTargetSize(const std::vector<double>& bars) {
  return std::max(BarTargetWidth(bars),
                  (2 * kBarLength + kBarGap) * *std::max_element(bars.begin(), bars.end()));
}

}  // namespace symwave::jobs::deck
