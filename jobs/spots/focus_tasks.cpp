#include "jobs/spots/focus_tasks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "jobs/deck/spot_layout.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using training::TrainerKind;
using training::bench::Spot;

namespace {

/// Numbers of the foci, those nearest to the centre first.
std::vector<int> FromTheCentre(const std::vector<Spot>& spots) {
  std::vector<int> order(spots.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return std::hypot(spots[a].x, spots[a].y) < std::hypot(spots[b].x, spots[b].y) - 1e-9;
  });
  return order;
}

}  // namespace

std::vector<FocusTask> FocusTasks(const deck::BenchOptions& options) {
  const deck::FocusOptions& focus = *options.bench.focus;
  std::vector<FocusTask> tasks;
  const std::vector<int> order = FromTheCentre(deck::FocusSpots(options.bench));
  for (const TrainerKind kind : options.training.trainers) {
    const long launches = train::bench::TrainingPasses(options, kind, 1, 1);
    const bool rival = training::IsGradientFree(kind);
    const long epochs =
        rival ? std::max(1L, focus.rival_passes / launches) : options.training.epochs;
    const std::size_t count =
        rival ? std::min(order.size(), static_cast<std::size_t>(focus.compared)) : order.size();
    for (std::size_t k = 0; k < count; ++k) {
      tasks.push_back({kind, order[k], false, static_cast<int>(epochs), launches});
    }
  }
  if (!focus.scan) return tasks;
  const TrainerKind scanner = TrainerKind::ForwardMode;
  const auto points = static_cast<int>(deck::ScanSpots(options.bench).size());
  for (int point = 0; point < points; ++point) {
    tasks.push_back({scanner, point, true, focus.scan->epochs,
                     train::bench::TrainingPasses(options, scanner, 1, 1)});
  }
  return tasks;
}

}  // namespace symwave::jobs::spots
