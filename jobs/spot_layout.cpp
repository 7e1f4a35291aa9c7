#include "jobs/spot_layout.hpp"

namespace symwave::jobs {

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

}  // namespace symwave::jobs
