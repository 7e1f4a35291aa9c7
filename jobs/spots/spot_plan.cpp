#include "jobs/spots/spot_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "io/progress.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "jobs/spots/focus_tasks.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "jobs/train/bench/bench_plan.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

namespace {

using training::TrainerKind;

struct Work {
  std::string text;
  long passes = 0;  ///< in a laboratory
};

Work FocusWork(const deck::BenchOptions& options) {
  const auto foci = static_cast<long>(deck::FocusSpots(options.bench).size());
  Work work;
  long points = 0;
  for (const FocusTask& task : FocusTasks(options)) {
    work.passes += task.epochs * task.launches;
    points += task.scan ? 1 : 0;
  }
  work.text = fmt::format(
      "  foci           {}, and {} points of a scan; diffraction limit {:.3g} "
      "um\n",
      foci, points,
      training::bench::DiffractionLimit(options.bench.geometry,
                                        options.bench.errors.scatter.aperture));
  return work;
}

Work HiddenWork(const deck::BenchOptions& options) {
  const deck::HiddenObjectOptions& hidden = *options.bench.hidden_object;
  const long positions = static_cast<long>(hidden.positions) * hidden.positions;
  Work work;
  for (const TrainerKind kind : options.training.trainers) {
    work.passes += train::bench::TrainingPasses(options, kind, positions, options.training.epochs);
  }
  work.text = fmt::format("  hidden object  {} positions, {} frames of 3 shapes\n", positions,
                          3 * hidden.frames);
  return work;
}

std::string WorkText(const deck::BenchOptions& options, const Work& work,
                     const train::bench::BenchMemory& memory) {
  const auto& g = options.bench.geometry;
  std::string text = train::bench::BenchPlanesText(options.bench) + work.text;
  text +=
      fmt::format("  parameters     {} in a mask\n", static_cast<long>(g.pixels_x) * g.pixels_y);
  text += fmt::format("  passes         {} launches of light in a laboratory\n", work.passes);
  return text + train::bench::BenchMemoryText(memory, options.bench.compute.ranks_per_plane);
}

}  // namespace

std::string FocusPlan(MPI_Comm comm, const deck::BenchOptions& options) {
  return WorkText(options, FocusWork(options), FocusMemory(comm, options));
}

std::string HiddenObjectPlan(MPI_Comm comm, const deck::BenchOptions& options) {
  return WorkText(options, HiddenWork(options), HiddenObjectMemory(comm, options));
}

}  // namespace symwave::jobs::spots
