#include "jobs/spots/spot_memory.hpp"

#include <algorithm>

#include "jobs/deck/spot_layout.hpp"
#include "jobs/spots/hidden_results.hpp"

namespace symwave::jobs::spots {

using training::TrainerKind;

train::bench::BenchMemory FocusMemory(MPI_Comm comm, const deck::BenchOptions& options) {
  const train::bench::BenchSizes sizes(options.bench);
  train::bench::BenchMemory memory = train::bench::MemoryBefore(comm);
  const auto spots = static_cast<double>(deck::FocusSpots(options.bench).size());
  double remembered = 0;
  for (const TrainerKind kind : options.training.trainers) {
    remembered = std::max(remembered, train::bench::RememberedMasks(options.training, kind));
  }
  memory.benches = sizes.Bench() + sizes.Model();
  memory.planes = 12 * sizes.Field();
  memory.masks = (remembered + 2) * sizes.Mask();
  // Two of a lens, and one of each trainer; two on their way into a checkpoint.
  const auto trainers = static_cast<double>(options.training.trainers.size());
  memory.frames = sizes.WholeFrames(spots * (2 + trainers) + 2, 8);
  return memory;
}

train::bench::BenchMemory HiddenObjectMemory(MPI_Comm comm, const deck::BenchOptions& options) {
  const train::bench::BenchSizes sizes(options.bench);
  train::bench::BenchMemory memory = train::bench::MemoryBefore(comm);
  const deck::HiddenObjectOptions& hidden = *options.bench.hidden_object;
  const double positions = static_cast<double>(hidden.positions) * hidden.positions;
  const double movie = 3.0 * hidden.frames;
  memory.benches = sizes.Bench() + 2 * sizes.Model();
  // The fields of all positions here and in the objective, their frames, and the movie.
  memory.planes = (2 * positions + movie + 8 * options.bench.compute.tile) * sizes.Field() +
                  (2 * positions + movie) * sizes.Frame();
  memory.masks = 3 * sizes.Mask();
  for (const TrainerKind kind : options.training.trainers) {
    memory.masks += train::bench::RememberedMasks(options.training, kind) * sizes.Mask();
  }
  const auto readings = static_cast<double>(1 + options.training.trainers.size());
  memory.frames = sizes.WholeFrames(readings * std::min<double>(kShownFrames, movie), 8);
  return memory;
}

}  // namespace symwave::jobs::spots
