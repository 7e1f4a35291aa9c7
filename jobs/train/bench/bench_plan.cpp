#include "jobs/train/bench/bench_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/progress.hpp"
#include "jobs/run/plan_text.hpp"
#include "jobs/train/bench/bench_memory.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "jobs/train/bench/bench_sweep.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "training/bench/bench_paths.hpp"
#include "training/bench/plane_detectors.hpp"

namespace symwave::jobs::train::bench {

namespace {

using training::TrainerKind;
using training::bench::MaskPlace;

void CheckRanks(const deck::OpticalBenchOptions& bench, int ranks) {
  const int group = bench.compute.ranks_per_plane;
  if (ranks % group == 0) return;
  base::Fail(
      "{}: compute.ranks_per_plane = {} does not divide the {} ranks of this run; start "
      "{} ranks or change ranks_per_plane",
      bench.where, group, ranks, std::max(1, ranks / group) * group);
}

/// The sampling theorem, with the section's place in front of its sentence.
solvers::diffraction::SamplingCheck Sampling(const deck::OpticalBenchOptions& bench,
                                             std::vector<std::string>& warnings) {
  const auto& g = bench.geometry;
  const solvers::diffraction::PlaneGrid grid{g.pixels_x, g.pixels_y, g.pitch};
  try {
    const auto propagation = PropagationOf(bench.geometry, bench.compute);
    const auto notes = PropagationWarnings(grid, propagation);
    warnings.insert(warnings.end(), notes.begin(), notes.end());
    return CheckSampling(grid, propagation);
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", bench.where, error.what());
  }
}

/// What runs, but hardly as meant.
void AddNotes(const deck::OpticalBenchOptions& bench, std::vector<std::string>& notes) {
  const auto& g = bench.geometry;
  const training::bench::DetectionErrors& detection = bench.errors.detection;
  if (detection.bits > 0 && detection.photons == 0) {
    notes.push_back(fmt::format(
        "errors.detection.bits = {} holds in sweep.photons alone: with errors.detection.photons = "
        "0 the camera of the main training has no noise and no converter",
        detection.bits));
  }
  // Between the first zeros of the light that a square pixel sends.
  const double spread = 2 * g.wavelength * g.distance / g.pitch;
  const double width = g.pitch * std::max(g.pixels_x, g.pixels_y);
  if (spread < width / 4) {
    notes.push_back(fmt::format(
        "light of a pixel spreads over {:.3g} um of a plane of {:.3g} um: masks mix few pixels; "
        "bench.distance = {:.3g} um spreads it over the whole plane",
        spread, width, width * g.distance / spread));
  }
  const training::bench::ScatterOptions& scatter = bench.errors.scatter;
  if (scatter.screen.Empty() && scatter.screen_shift != 0) {
    notes.push_back("scatter.screen_shift moves a screen that is not there");
  }
  if (scatter.medium.thickness > 0 && scatter.medium.Empty()) {
    notes.push_back("scatter.medium without index_rms does not scatter");
  }
  if (bench.error_launch.calibrations > 1 && g.mask == MaskPlace::Centre) {
    notes.push_back("error_launch.calibrations has no meaning with the mask in the centre");
  }
  const training::bench::ScreenOptions& screen = scatter.screen;
  if (screen.rms > 0 && screen.correlation < g.pitch) {
    notes.push_back(fmt::format(
        "scatter.screen.correlation = {:.3g} um is finer than the pixels of {:.3g} um: part of the "
        "scattered light is not resolved; take a smaller bench.pitch or a smoother screen",
        screen.correlation, g.pitch));
  }
}

/// A region for each class.
void CheckDetectors(const deck::OpticalBenchOptions& bench, int classes) {
  const auto& g = bench.geometry;
  // None of the pixels are this rank's: nothing of a large plane is stored.
  const training::bench::PixelRange layout{g.pixels_x, g.pixels_y, 0, 0, MPI_COMM_SELF};
  try {
    training::bench::DetectorRegions(*bench.network, layout, classes);
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", bench.where, error.what());
  }
}

}  // namespace

std::vector<std::string> BenchWarnings(MPI_Comm comm, const deck::OpticalBenchOptions& bench) {
  std::vector<std::string> warnings;
  CheckRanks(bench, base::Communicator::SizeOf(comm));
  Sampling(bench, warnings);
  AddNotes(bench, warnings);
  if (bench.hidden_object) {
    deck::OpticalBenchOptions hidden = bench;
    hidden.geometry.distance = bench.hidden_object->distance;
    hidden.where = bench.hidden_object->where;
    Sampling(hidden, warnings);
  }
  return warnings;
}

std::string BenchPlanesText(const deck::OpticalBenchOptions& bench) {
  std::vector<std::string> warnings;
  const auto& g = bench.geometry;
  const auto sampling = Sampling(bench, warnings);
  return fmt::format(
      "  planes         {} x {} pixels of {} um, padded to {}; band limit {:.4g} /um of {:.4g} "
      "/um\n",
      g.pixels_x, g.pixels_y, g.pitch, sampling.padded, sampling.band_limit, sampling.nyquist);
}

training::ImageSets ReadBenchImages(MPI_Comm comm, const deck::OpticalBenchOptions& bench) {
  training::ImageSets images = training::ReadImages(comm, *bench.data);
  CheckDetectors(bench, images.train.classes);
  if (bench.network->encoding == training::bench::ImageEncoding::Phase) return images;
  for (const auto& [set, name] : {std::pair{&images.train, "train"}, {&images.test, "test"}}) {
    const auto pixels = static_cast<long>(set->rows) * set->columns;
    for (int s = 0; s < set->Samples(); ++s) {
      const std::uint8_t* image = set->Image(s);
      if (std::any_of(image, image + pixels, [](std::uint8_t value) { return value > 0; }))
        continue;
      base::Fail(
          "{}: {} image {} of {} is black and sends no light; leave it out of the file, or take "
          "network.encoding: phase",
          bench.data->where, name, s + 1, set->Samples());
    }
  }
  return images;
}

std::string BenchTrainingPlan(MPI_Comm comm, const deck::BenchOptions& options,
                              const training::ImageSets& images) {
  const deck::OpticalBenchOptions& bench = options.bench;
  const auto& g = bench.geometry;
  const long samples = images.train.Samples();
  long passes = 0;
  for (const TrainerKind kind : options.training.trainers) {
    passes += TrainingPasses(options, kind, samples, options.training.epochs);
  }
  long sweep = 0;
  for (const SweepTraining& added : SweepTrainings(options)) {
    sweep += added.runs * TrainingPasses(options, added.kind, samples, added.epochs);
  }
  const long commands = static_cast<long>(g.pixels_x) * g.pixels_y * bench.network->layers;
  std::string text = BenchPlanesText(bench);
  text += fmt::format("  parameters     {} in {} masks\n", commands, bench.network->layers);
  text += fmt::format("  images         {} of {} x {} to train, {} to test, {} classes\n", samples,
                      images.train.columns, images.train.rows, images.test.Samples(),
                      images.train.classes);
  text += BenchMemoryText(BenchTrainingMemory(comm, options), bench.compute.ranks_per_plane);
  text += fmt::format("  passes         {} launches of light, computed ones included{}\n", passes,
                      sweep == 0 ? "" : fmt::format("; {} more of the sweep", sweep));
  return text;
}

}  // namespace symwave::jobs::train::bench
