#include "jobs/bench_memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/memory.hpp"
#include "jobs/bench_results.hpp"
#include "jobs/bench_sweep.hpp"
#include "jobs/hidden_results.hpp"
#include "jobs/node_memory.hpp"
#include "jobs/spot_layout.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "training/bench/bench_paths.hpp"

namespace symwave::jobs {

namespace {

using training::TrainerKind;

/// Bytes of the parts of a bench on one rank.
class Sizes {
 public:
  explicit Sizes(const OpticalBenchOptions& bench)
      : bench_(bench),
        amplitude_(bench.compute.float64 ? 16 : 8),
        pixels_(static_cast<double>(bench.geometry.pixels_x) * bench.geometry.pixels_y /
                bench.compute.ranks_per_plane) {}

  /// A complex plane, one of real numbers in the precision of the deck, and one in double.
  double Field() const { return amplitude_ * pixels_; }
  double Frame() const { return amplitude_ / 2 * pixels_; }
  double Mask() const { return 8 * pixels_; }

  /// Transfer functions and scratch of `distances` propagations.
  double Propagations(int distances) const {
    const auto& g = bench_.geometry;
    const solvers::diffraction::PlaneGrid grid{g.pixels_x, g.pixels_y, g.pitch};
    const auto options = training::bench::PropagationOf(g, bench_.compute);
    const solvers::diffraction::SamplingCheck sampling = CheckSampling(grid, options);
    const double kept = sampling.padded * std::min(1.0, sampling.band_limit / sampling.nyquist);
    const double kernel = kept * (g.pixels_y > 1 ? kept / 2 : 1);  // even along y
    const double columns = kept * g.pixels_y;
    return distances * amplitude_ * (kernel + bench_.compute.threads * columns) /
           bench_.compute.ranks_per_plane;
  }

  /// With its errors, and without.
  double Bench() const {
    const auto& errors = bench_.errors;
    const auto& scatter = errors.scatter;
    int distances = 1, thin = (scatter.screen.Empty() ? 0 : 1) + (scatter.aperture > 0 ? 1 : 0);
    if (!scatter.medium.Empty()) {
      distances += 1;
      thin += (scatter.medium.slices + 1) / 2;
    }
    if (scatter.screen_shift != 0) ++distances;
    if (errors.alignment.coma != 0) distances += 2;
    const bool differs = errors.modulator.gain_sigma > 0 || errors.modulator.offset_range > 0;
    // Gains and offsets of the masks' modulator, and of those at both sides that launch.
    const int uneven = (differs ? 2 : 0) + (errors.launch.Empty() ? 0 : 6);
    return Propagations(distances) + (thin + 1) * Field() + uneven * Mask();
  }
  double Model() const { return Propagations(1) + Field(); }

 private:
  const OpticalBenchOptions& bench_;
  double amplitude_, pixels_;
};

/// Whole frames of `bytes` per pixel, on every rank.
double Frames(const OpticalBenchOptions& bench, double count, double bytes) {
  return bytes * count * bench.geometry.pixels_x * bench.geometry.pixels_y;
}

/// Masks that a trainer remembers: commands and two moments, and three per particle of a swarm.
double Remembered(const DeckOptions& options, TrainerKind kind) {
  return 3 + (kind == TrainerKind::Swarm ? 3.0 * options.training.swarm.particles : 0);
}

void AddTraining(const DeckOptions& options, const Sizes& sizes, BenchMemory& memory) {
  const OpticalBenchOptions& bench = options.bench;
  const double layers = bench.network->layers;
  const training::ImageDataOptions& data = *bench.data;
  const int learned = options.training.batch > 0 ? options.training.batch : data.train_samples;
  const bool all = learned == 0 || data.test_samples == 0;
  const int tile =
      all ? bench.compute.tile : std::min(bench.compute.tile, std::max(learned, data.test_samples));
  // Of the deck and of a sweep's point, or of the true gradient.
  memory.benches = 2 * sizes.Bench() + sizes.Model();
  // Two per layer, launched, encoded and error planes, and those that are measured.
  memory.planes = tile * (2 * layers + 8) * sizes.Field();
  if (bench.geometry.mask == training::bench::MaskPlace::Input) {
    memory.planes += 2 * layers * sizes.Field();  // transmission of every mask and its inverse
  }
  double masks = 3;  // the true gradient, another one, and the first commands
  for (const TrainerKind kind : options.training.trainers) masks += Remembered(options, kind);
  for (const SweepTraining& added : SweepTrainings(options)) {
    masks += static_cast<double>(added.runs) * Remembered(options, added.kind);
  }
  memory.masks = masks * layers * sizes.Mask();
  // Of every trainer its masks, and light on the bench and in the model of the images shown.
  const int tests = bench.data->test_samples;
  const double shown = tests > 0 ? std::min(kShownImages, tests) : kShownImages;
  const auto trainers = static_cast<double>(options.training.trainers.size());
  memory.frames = Frames(bench, trainers * layers * (1 + 2 * shown), 4);
}

void AddFocus(const DeckOptions& options, const Sizes& sizes, BenchMemory& memory) {
  const auto spots = static_cast<double>(FocusSpots(options.bench).size());
  double remembered = 0;
  for (const TrainerKind kind : options.training.trainers) {
    remembered = std::max(remembered, Remembered(options, kind));
  }
  memory.benches = sizes.Bench() + sizes.Model();
  memory.planes = 12 * sizes.Field();
  memory.masks = (remembered + 2) * sizes.Mask();
  // Two of a lens, and one of each trainer.
  const auto trainers = static_cast<double>(options.training.trainers.size());
  memory.frames = Frames(options.bench, spots * (2 + trainers), 8);
}

void AddHiddenObject(const DeckOptions& options, const Sizes& sizes, BenchMemory& memory) {
  const HiddenObjectOptions& hidden = *options.bench.hidden_object;
  const double positions = static_cast<double>(hidden.positions) * hidden.positions;
  const double movie = 3.0 * hidden.frames;
  memory.benches = sizes.Bench() + 2 * sizes.Model();
  // The fields of all positions here and in the objective, their frames, and the movie.
  memory.planes = (2 * positions + movie + 8 * options.bench.compute.tile) * sizes.Field() +
                  (2 * positions + movie) * sizes.Frame();
  memory.masks = 3 * sizes.Mask();
  for (const TrainerKind kind : options.training.trainers) {
    memory.masks += Remembered(options, kind) * sizes.Mask();
  }
  const auto readings = static_cast<double>(1 + options.training.trainers.size());
  memory.frames = Frames(options.bench, readings * std::min<double>(kShownFrames, movie), 8);
}

}  // namespace

BenchMemory EstimateBenchMemory(MPI_Comm comm, const DeckOptions& options) {
  const Sizes sizes(options.bench);
  BenchMemory memory;
  memory.process = base::ResidentMemory();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &memory.process, 1, MPI_DOUBLE, MPI_MAX, comm));
  switch (options.job) {
    case JobKind::Focus:
      AddFocus(options, sizes, memory);
      break;
    case JobKind::HiddenObject:
      AddHiddenObject(options, sizes, memory);
      break;
    default:
      AddTraining(options, sizes, memory);
  }
  return memory;
}

std::string BenchMemoryText(const BenchMemory& memory, int ranks_per_plane) {
  return fmt::format(
      "  memory         about {:.0f} MB per rank: the program {:.0f}, benches {:.0f}, "
      "planes {:.0f}, masks {:.0f}, frames {:.0f}; {} rank{} per plane\n",
      1e-6 * memory.Total(), 1e-6 * memory.process, 1e-6 * memory.benches, 1e-6 * memory.planes,
      1e-6 * memory.masks, 1e-6 * memory.frames, ranks_per_plane, ranks_per_plane == 1 ? "" : "s");
}

void RequireBenchMemory(MPI_Comm comm, const DeckOptions& options, const BenchMemory& memory) {
  const std::string shortage =
      MemoryShortage(comm, memory.Added(),
                     "take fewer bench.pixels, a smaller compute.tile or more ranks_per_plane");
  if (!shortage.empty()) base::Fail("{}: {}", options.bench.where, shortage);
}

}  // namespace symwave::jobs
