#include "jobs/sweep/predicted_cost.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::jobs::sweep {

namespace {

double Cells(const deck::DeckOptions& options) {
  const deck::GridOptions& grid = options.grid;
  double cells = 1;
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    double size = grid.size[static_cast<std::size_t>(axis)] + 2 * grid.pml;
    if (options.chip && axis == 0) {
      size = options.chip->masks * (options.chip->core_length + options.chip->taper_length) +
             2 * options.chip->lead;
    } else if (options.chip) {
      size = options.chip->core_width;
    }
    cells *= size / grid.Cell(axis);
  }
  return cells;
}

/// Of one solution of Maxwell's equations for all inputs and wavelengths.
double DeviceCost(const deck::DeckOptions& options) {
  const double cells = Cells(options);
  if (options.InTimeDomain()) {
    const double runs = options.sources.empty() ? static_cast<double>(options.ports.size()) : 1;
    return cells / options.grid.SmallestCell() * std::max(1.0, runs);
  }
  return std::pow(cells, 1.5) * static_cast<double>(options.wavelengths.size());
}

double BenchCost(const deck::DeckOptions& options) {
  const deck::OpticalBenchOptions& bench = options.bench;
  double cost = static_cast<double>(bench.geometry.pixels_x) * bench.geometry.pixels_y *
                std::pow(bench.geometry.padding, bench.geometry.pixels_y > 1 ? 2 : 1);
  if (bench.network) cost *= bench.network->layers;
  if (bench.data) cost *= std::max(1, bench.data->train_samples);
  if (bench.focus) cost *= std::pow(bench.focus->positions, 2);
  if (bench.hidden_object) cost *= std::pow(bench.hidden_object->positions, 2);
  return cost;
}

}  // namespace

double PredictedCost(const deck::DeckOptions& options) {
  const double once = options.bench.present ? BenchCost(options) : DeviceCost(options);
  if (options.job == deck::JobKind::Simulate) return once;
  return once * options.training.epochs * options.training.blocks *
         static_cast<double>(std::max<std::size_t>(1, options.training.trainers.size()));
}

}  // namespace symwave::jobs::sweep
