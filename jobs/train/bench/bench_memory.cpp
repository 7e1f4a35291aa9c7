#include "jobs/train/bench/bench_memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/base/error.hpp"
#include "domain/base/memory.hpp"
#include "jobs/train/bench/bench_results.hpp"
#include "jobs/train/bench/bench_sweep.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "training/bench/bench_paths.hpp"

namespace symwave::jobs::train::bench {

using training::TrainerKind;

BenchMemory MemoryBefore(MPI_Comm comm) {
  BenchMemory memory;
  memory.process = base::ResidentMemory();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &memory.process, 1, MPI_DOUBLE, MPI_MAX, comm));
  return memory;
}

BenchSizes::BenchSizes(const deck::OpticalBenchOptions& bench)
    : bench_(bench),
      amplitude_(bench.compute.float64 ? 16 : 8),
      pixels_(static_cast<double>(bench.geometry.pixels_x) * bench.geometry.pixels_y /
              bench.compute.ranks_per_plane) {}

double BenchSizes::Propagations(int distances) const {
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

double BenchSizes::Bench() const {
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

double BenchSizes::WholeFrames(double count, double bytes) const {
  return bytes * count * bench_.geometry.pixels_x * bench_.geometry.pixels_y;
}

double RememberedMasks(const training::TrainingOptions& training, TrainerKind kind) {
  return 3 + (kind == TrainerKind::Swarm ? 3.0 * training.swarm.particles : 0);
}

BenchMemory BenchTrainingMemory(MPI_Comm comm, const deck::BenchOptions& options) {
  const BenchSizes sizes(options.bench);
  BenchMemory memory = MemoryBefore(comm);
  const deck::OpticalBenchOptions& bench = options.bench;
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
  for (const TrainerKind kind : options.training.trainers)
    masks += RememberedMasks(options.training, kind);
  // Of one point of the sweep at a time.
  for (const SweepTraining& added : SweepTrainings(options)) {
    if (added.runs > 0) masks += RememberedMasks(options.training, added.kind);
  }
  memory.masks = masks * layers * sizes.Mask();
  // Of every trainer its masks, and light on the bench and in the model of the images shown.
  const int tests = bench.data->test_samples;
  const double shown = tests > 0 ? std::min(kShownImages, tests) : kShownImages;
  const auto trainers = static_cast<double>(options.training.trainers.size());
  memory.frames = sizes.WholeFrames(trainers * layers * (1 + 2 * shown), 4);
  return memory;
}

run::MemoryNeed NeedOf(const BenchMemory& memory, const deck::OpticalBenchOptions& bench) {
  run::MemoryNeed need;
  need.each = memory.Added();
  need.remedy = "take fewer bench.pixels, a smaller compute.tile or more ranks_per_plane";
  need.where = bench.where;
  return need;
}

std::string BenchMemoryText(const BenchMemory& memory, int ranks_per_plane) {
  return fmt::format(
      "  memory         about {:.0f} MB per rank: the program {:.0f}, benches {:.0f}, "
      "planes {:.0f}, masks {:.0f}, frames {:.0f}; {} rank{} per plane\n",
      1e-6 * memory.Total(), 1e-6 * memory.process, 1e-6 * memory.benches, 1e-6 * memory.planes,
      1e-6 * memory.masks, 1e-6 * memory.frames, ranks_per_plane, ranks_per_plane == 1 ? "" : "s");
}

}  // namespace symwave::jobs::train::bench
