#include "jobs/train/bench/bench_work.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/train/bench/bench_memory.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "jobs/train/bench/bench_sweep.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "training/bench/bench_paths.hpp"

namespace symwave::jobs::train::bench {

namespace {

using run::Operation;
using training::TrainerKind;
using training::bench::BenchEffort;
using training::bench::MaskPlace;

/// Pixels that are touched for a launch, over those of a plane: encoded, copied, masked, added to a
/// gradient; and for a step, moved by the optimizer and programmed.
constexpr double kLaunchPixels = 3, kStepPixels = 20;
/// Images whose gradients are compared, at the start and at the end of a training.
constexpr long kCompared = 100;

/// Propagations from mask to camera.
int Segments(const training::bench::ScatterOptions& scatter) {
  if (!scatter.medium.Empty()) return scatter.medium.slices + 1;
  return scatter.screen.Empty() && scatter.aperture == 0 ? 1 : 2;
}

/// Samples of a padded plane, times their logarithm, that propagations transform.
double FourierSamples(const deck::OpticalBenchOptions& bench) {
  const auto& g = bench.geometry;
  const solvers::diffraction::PlaneGrid grid{g.pixels_x, g.pixels_y, g.pitch};
  const auto options = training::bench::PropagationOf(g, bench.compute);
  const double along = CheckSampling(grid, options).padded;
  const double padded = g.pixels_y > 1 ? along * along * g.pixels_y / g.pixels_x : along;
  return padded * std::log2(std::max(2.0, padded));
}

/// Gradients that are compared with the true one at the start and at the end of forward mode.
PlaneCounts ComparedPlanes(const deck::BenchOptions& options, long samples) {
  PlaneCounts planes;
  const long compared = std::min(kCompared, samples);
  for (const TrainerKind kind : {TrainerKind::ForwardMode, TrainerKind::Reverse,
                                 TrainerKind::PhysicsAware, TrainerKind::InSilico}) {
    planes += TrainingPlanes(options, kind, compared, 1);
  }
  return planes * 2;
}

/// Light of an image of each class, with every trainer's masks, on the bench and in the model.
PlaneCounts TracedPlanes(const deck::BenchOptions& options, long classes) {
  const long traced =
      classes * static_cast<long>(options.training.trainers.size()) * options.bench.network->layers;
  PlaneCounts planes;
  planes.on_bench = {traced, 2 * traced, 0};
  planes.on_model = traced;
  return planes;
}

}  // namespace

PlaneCounts& PlaneCounts::operator+=(const PlaneCounts& other) {
  on_bench += other.on_bench;
  on_model += other.on_model;
  steps += other.steps;
  return *this;
}

PlaneCounts PlaneCounts::operator*(long times) const {
  PlaneCounts all = *this;
  all.on_bench.launches *= times;
  all.on_bench.fields *= times;
  all.on_bench.intensities *= times;
  all.on_model *= times;
  all.steps *= times;
  return all;
}

PlaneCounts TrainingPlanes(const deck::BenchOptions& options, TrainerKind kind, long samples,
                           long epochs) {
  const long layers = options.bench.network ? options.bench.network->layers : 1;
  const long batch = options.training.batch > 0 ? std::min<long>(options.training.batch, samples)
                                                : std::max(1L, samples);
  PlaneCounts planes;
  planes.steps = epochs * ((samples + batch - 1) / batch);
  const long data = epochs * samples * layers;
  switch (kind) {
    case TrainerKind::ForwardMode:
    case TrainerKind::Reverse: {
      const bool enters =
          kind == TrainerKind::ForwardMode && options.bench.geometry.mask == MaskPlace::Input;
      planes.on_bench = training::bench::GradientEffort(data, planes.steps * layers, true, enters,
                                                        options.bench.error_launch);
      break;
    }
    case TrainerKind::PhysicsAware:
      planes.on_bench = {data, 2 * data, 0};
      planes.on_model = data;
      break;
    case TrainerKind::InSilico:
      planes.on_model = 2 * data;
      break;
    default: {
      // Trials without a gradient are seen by the camera alone.
      const long passes = TrainingPasses(options, kind, samples, epochs);
      planes.on_bench = {passes, passes - passes / layers, passes / layers};
    }
  }
  return planes;
}

PlaneCounts TestPlanes(const deck::BenchOptions& options, long samples) {
  const long layers = options.bench.network ? options.bench.network->layers : 1;
  PlaneCounts planes;
  planes.on_bench = {layers * samples, (layers - 1) * samples, samples};
  return planes;
}

void AddPlanes(run::Work& work, const std::string& what, const deck::OpticalBenchOptions& bench,
               const PlaneCounts& planes, double tasks) {
  const double pixels = static_cast<double>(bench.geometry.pixels_x) * bench.geometry.pixels_y;
  const double sides = bench.geometry.mask == MaskPlace::Centre ? 2 : 1;
  const double more = bench.errors.alignment.coma != 0 ? 1 : 0;
  const BenchEffort& seen = planes.on_bench;
  const auto launches = static_cast<double>(seen.launches);
  const auto model = static_cast<double>(planes.on_model);
  const double ways = sides * (launches * Segments(bench.errors.scatter) + model) + more * launches;
  const training::bench::DetectionErrors& detection = bench.errors.detection;
  const double layers = bench.network ? bench.network->layers : 1;
  const auto add = [&](Operation operation, double amount) {
    work.Add(what, operation, amount / tasks, tasks);
    if (amount <= 0) return;
    work.parts.back().float64 = bench.compute.float64;
    work.parts.back().threaded = true;
  };
  add(Operation::Fourier, ways * FourierSamples(bench));
  add(Operation::Pixel, pixels * (kLaunchPixels * (launches + model) +
                                  kStepPixels * layers * static_cast<double>(planes.steps)));
  if (detection.field_noise > 0) {
    add(Operation::Noise, pixels * static_cast<double>(seen.fields));
  }
  if (detection.photons > 0) {
    // Four frames of a field, one of an intensity.
    add(Operation::Photon,
        pixels * (static_cast<double>(seen.fields) + 0.25 * static_cast<double>(seen.intensities)));
  }
  if (!bench.errors.launch.Empty()) {
    const bool all = bench.errors.launch.data && bench.errors.launch.error;
    add(Operation::Launch, pixels * launches * (all ? 1 : 0.5));
  }
}

void SetRanks(run::Work& work, const deck::OpticalBenchOptions& bench) {
  work.least_group = bench.compute.ranks_per_plane;
  work.divides = false;
  work.threads = bench.compute.threads;
  work.threads_key = "compute.threads";
}

run::Work CountBenchTraining(MPI_Comm comm, const deck::BenchOptions& options,
                             const training::ImageSets& images) {
  const long samples = images.train.Samples(), tests = images.test.Samples();
  const auto batch = static_cast<double>(
      options.training.batch > 0 ? std::min<long>(options.training.batch, samples) : samples);
  run::Work work;
  SetRanks(work, options.bench);
  work.tasks = batch;
  PlaneCounts learned, tested = TracedPlanes(options, images.train.classes);
  const auto add = [&](TrainerKind kind, long epochs, long runs) {
    learned += TrainingPlanes(options, kind, samples, epochs) * runs;
    tested += TestPlanes(options, tests) * ((epochs + 1) * runs);
  };
  for (const TrainerKind kind : options.training.trainers) {
    add(kind, options.training.epochs, 1);
    if (kind == TrainerKind::InSilico) {
      tested.on_model += static_cast<long>(options.bench.network->layers) * tests;
    }
  }
  for (const SweepTraining& added : SweepTrainings(options)) {
    add(added.kind, added.epochs, added.runs);
  }
  AddPlanes(work, "training", options.bench, learned, batch);
  AddPlanes(work, "tests", options.bench, tested, static_cast<double>(tests));
  const auto& trainers = options.training.trainers;
  if (std::find(trainers.begin(), trainers.end(), TrainerKind::ForwardMode) != trainers.end()) {
    AddPlanes(work, "gradients", options.bench, ComparedPlanes(options, samples),
              static_cast<double>(std::min(kCompared, samples)));
  }
  const BenchMemory memory = BenchTrainingMemory(comm, options);
  work.memory = NeedOf(memory, options.bench);
  work.file_bytes = memory.frames;
  const training::bench::BenchGeometry& geometry = options.bench.geometry;
  run::OfferedFrames frames;
  frames.offers = static_cast<double>(options.training.trainers.size());
  frames.numbers = frames.offers * options.training.epochs;
  frames.meshes = options.bench.network->layers;
  for (const auto& [axis, pixels] :
       {std::pair{0, geometry.pixels_x}, std::pair{1, geometry.pixels_y}}) {
    frames.points[axis] = pixels;
    frames.lengths[axis] = pixels * geometry.pitch;
  }
  work.frames = frames;
  return work;
}

}  // namespace symwave::jobs::train::bench
