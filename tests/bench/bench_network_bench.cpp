// Training steps per second of phase masks in free space, one JSON line per measurement:
//   bench_network_bench [--pixels 64 128] [--layers 4] [--batch 50] [--trainer forward_mode]
//
// Rates are per second of processor time of the slowest rank, which other programs disturb least.
// A step is the data and the error pass of every layer and the gradient of every pixel, for every
// sample of the batch; images are encoded anew in each. tests/peers/compare_numpy runs it beside
// the same network in NumPy. Pixels of 8 um at 532 nm, a Fresnel number of 50.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/runtime.hpp"
#include "training/bench/plane_engine.hpp"

namespace {

using namespace symwave;
using namespace symwave::training;
using namespace symwave::training::bench;
using Json = nlohmann::ordered_json;

double ProcessorSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Options {
  std::vector<int> pixels{64, 128};
  int layers = 4;
  int batch = 50;
  int tile = 16;
  int precision = 32;
  int rounds = 3;
  double seconds = 1;  ///< of a round
  bool reverse = false;
};

ImageDataset Images(int samples) {
  ImageDataset images;
  images.rows = images.columns = 28;
  images.classes = 10;
  for (int s = 0; s < samples; ++s) {
    images.labels.push_back(s % 10);
    for (int p = 0; p < 28 * 28; ++p) {
      images.pixels.push_back(static_cast<std::uint8_t>((p * 7 + s * 131 + p * p * s) % 256));
    }
  }
  return images;
}

template <class Real>
Json Measured(int pixels, const Options& options) {
  const BenchRanks ranks(MPI_COMM_WORLD, 1);
  BenchGeometry geometry;
  geometry.pixels_x = geometry.pixels_y = pixels;
  geometry.distance = pixels * pixels * 64.0 / (0.532 * 50);
  ComputeOptions compute;
  compute.tile = options.tile;
  BenchSystem<Real> bench(ranks.Plane(), geometry, {}, compute);
  const ImageDataset images = Images(options.batch);
  PlaneEngineOptions engine_options;
  engine_options.network.layers = options.layers;
  engine_options.tile = options.tile;
  engine_options.error_side = options.reverse ? Side::Output : Side::Input;
  PlaneEngine<Real> engine(ranks, engine_options, images, bench, bench);
  const Eigen::VectorXd commands = Eigen::VectorXd::LinSpaced(engine.Commands(), -20, 20);
  std::vector<int> batch(static_cast<std::size_t>(options.batch));
  std::iota(batch.begin(), batch.end(), 0);

  engine.Learn(commands, images, batch, 0);
  double best = 0, share = 0, propagation = 0;
  for (int round = 0; round < options.rounds; ++round) {
    const double fft = bench.FftSeconds(), all = bench.PropagationSeconds();
    const double start = ProcessorSeconds(), clock = MPI_Wtime();
    double elapsed = 0;
    int steps = 0;
    while (elapsed < options.seconds) {
      engine.Learn(commands, images, batch, 0);
      ++steps;
      elapsed = ProcessorSeconds() - start;
      base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &elapsed, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
    }
    const double rate = steps * options.batch / elapsed;
    if (rate < best) continue;
    best = rate;
    const double passed = MPI_Wtime() - clock;
    share = (bench.FftSeconds() - fft) / passed;
    propagation = (bench.PropagationSeconds() - all) / passed;
  }
  return {{"code", "symwave"},
          {"pixels", pixels},
          {"layers", options.layers},
          {"batch", options.batch},
          {"tile", options.tile},
          {"ranks", base::Communicator::SizeOf(MPI_COMM_WORLD)},
          {"samples_per_second", best},
          {"share_in_propagation", propagation},
          {"share_in_fft", share}};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Training steps of phase masks in free space");
  app.add_option("--pixels", options.pixels, "Across the plane, one or more sizes");
  app.add_option("--layers", options.layers);
  app.add_option("--batch", options.batch, "Samples of a step");
  app.add_option("--tile", options.tile, "Planes in work at a time");
  app.add_option("--precision", options.precision, "32 or 64")->check(CLI::IsMember({32, 64}));
  app.add_option("--rounds", options.rounds, "The fastest counts");
  app.add_option("--seconds", options.seconds, "Of a round");
  app.add_flag("--reverse", options.reverse, "The error enters at the output side");
  CLI11_PARSE(app, argc, argv);
  base::Runtime runtime(argc, argv);
  for (const int pixels : options.pixels) {
    const Json line = options.precision == 32 ? Measured<float>(pixels, options)
                                              : Measured<double>(pixels, options);
    if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) std::printf("%s\n", line.dump().c_str());
  }
  return 0;
}
