#include "jobs/spot_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "io/progress.hpp"
#include "jobs/bench_memory.hpp"
#include "jobs/bench_passes.hpp"
#include "jobs/focus_bench.hpp"
#include "jobs/optical_bench_plan.hpp"
#include "jobs/spot_layout.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs {

namespace {

using training::TrainerKind;

struct Work {
  std::string text;
  long passes = 0;  ///< in a laboratory
  long planes = 0;  ///< to propagate, tests included
  void Add(long runs, long epochs, long learned, long tested) {
    passes += runs * epochs * learned;
    planes += runs * epochs * (learned + tested);
  }
};

/// Propagations of one way: a scatterer divides it.
int Segments(const OpticalBenchOptions& bench) {
  const auto& scatter = bench.errors.scatter;
  return scatter.medium.Empty() ? 2 : scatter.medium.slices + 1;
}

Work FocusWork(const DeckOptions& options) {
  const FocusOptions& focus = *options.bench.focus;
  const auto foci = static_cast<long>(FocusSpots(options.bench).size());
  const long points = focus.scan ? static_cast<long>(ScanSpots(options.bench).size()) : 0;
  Work work;
  for (const TrainerKind kind : options.training.trainers) {
    const bool rival = training::IsGradientFree(kind);
    const long each = TrainingPasses(options, kind, 1, 1);
    work.Add(rival ? std::min<long>(focus.compared, foci) : foci,
             rival ? std::max(1L, focus.rival_passes / each) : options.training.epochs, each, 1);
  }
  if (points > 0) {
    work.Add(points, focus.scan->epochs, TrainingPasses(options, TrainerKind::ForwardMode, 1, 1),
             1);
  }
  work.text = fmt::format(
      "  foci           {}, and {} points of a scan; diffraction limit {:.3g} "
      "um\n",
      foci, points,
      training::bench::DiffractionLimit(options.bench.geometry,
                                        options.bench.errors.scatter.aperture));
  return work;
}

Work HiddenWork(const DeckOptions& options) {
  const HiddenObjectOptions& hidden = *options.bench.hidden_object;
  const long positions = static_cast<long>(hidden.positions) * hidden.positions;
  Work work;
  for (const TrainerKind kind : options.training.trainers) {
    const long each = TrainingPasses(options, kind, positions, 1);
    work.Add(1, options.training.epochs, each, positions);
  }
  work.text = fmt::format("  hidden object  {} positions, {} frames of 3 shapes\n", positions,
                          3 * hidden.frames);
  return work;
}

}  // namespace

std::string SpotPlanText(MPI_Comm comm, const Deck& deck) {
  const DeckOptions& options = deck.options;
  const auto& g = options.bench.geometry;
  std::string text =
      fmt::format("{}: {}\n", deck.path, options.title.empty() ? "no title" : options.title);
  std::vector<std::string> warnings;
  text += CheckBenchPlanes(comm, options.bench, warnings);
  for (const std::string& warning : warnings) text += fmt::format("  note           {}\n", warning);
  const Work work = options.job == JobKind::Focus ? FocusWork(options) : HiddenWork(options);
  text += work.text;
  text +=
      fmt::format("  parameters     {} in a mask\n", static_cast<long>(g.pixels_x) * g.pixels_y);
  text += fmt::format("  passes         {} launches of light in a laboratory\n", work.passes);
  const int ranks = base::Communicator::SizeOf(comm);
  const BenchMemory memory = EstimateBenchMemory(comm, options);
  RequireBenchMemory(comm, options, memory);
  text += BenchMemoryText(memory, options.bench.compute.ranks_per_plane);
  const double per_plane = SecondsPerPlane(comm, options.bench);
  const int ways = g.mask == training::bench::MaskPlace::Centre ? 2 : 1;
  text += fmt::format(
      "  time           about {} on {} rank{}, at {:.3g} ms per plane and way as "
      "measured here\n",
      io::Progress::Duration(static_cast<double>(work.planes) * ways * Segments(options.bench) *
                             per_plane / ranks),
      ranks, ranks == 1 ? "" : "s", 1e3 * per_plane);
  return text + "ok\n";
}

}  // namespace symwave::jobs
