#include "jobs/train/bench/bench_passes.hpp"

#include <algorithm>

#include "training/bench/plane_engine.hpp"

namespace symwave::jobs::train::bench {

using training::TrainerKind;

long TrainingPasses(const deck::BenchOptions& options, TrainerKind kind, long samples,
                    long epochs) {
  const training::TrainingOptions& training = options.training;
  const auto& g = options.bench.geometry;
  const long layers = options.bench.network ? options.bench.network->layers : 1;
  const long once = epochs * samples * layers;
  switch (kind) {
    case TrainerKind::Swarm:
      return once * training.swarm.particles;
    case TrainerKind::FiniteDifference:
      return 2 * once * layers * g.pixels_x * g.pixels_y;
    default:
      break;
  }
  const long batch = training.batch > 0 ? std::min<long>(training.batch, samples) : samples;
  const long steps = epochs * ((samples + batch - 1) / batch);
  return training::bench::GradientPasses(kind, g.mask, options.bench.error_launch, once,
                                         steps * layers);
}

}  // namespace symwave::jobs::train::bench
