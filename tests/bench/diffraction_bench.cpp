// Planes per second of free-space propagation and the share of FFTs in the time, one JSON line per
// size:
//   diffraction_bench [--pixels 64 128 400] [--precision 64] [--threads 2] [--seconds 1]
//   mpirun -n 2 diffraction_bench --spread     every plane over all ranks
//
// Pixels of 8 um at 532 nm. The distance belongs to the size: 400 pixels are the bench of the paper
// (0.388 m); smaller planes have the same Fresnel number.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/runtime.hpp"
#include "solvers/diffraction/propagation.hpp"

namespace {

using namespace symwave;
using namespace symwave::solvers::diffraction;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct Options {
  std::vector<int> pixels{64, 128, 400};
  int precision = 32;
  int threads = 1;
  int planes = 8;
  double seconds = 1;
  bool spread = false;
};

PropagationOptions Bench(int pixels, int threads) {
  PropagationOptions options;
  options.distance = 388000.0 * pixels * pixels / (400.0 * 400.0);
  options.threads = threads;
  return options;
}

template <class Real>
Fields<Real> SomeLight(const PlaneShare& share, int planes) {
  Fields<Real> fields(share.Pixels(), planes);
  for (long i = 0; i < fields.size(); ++i) {
    fields.data()[i] = {static_cast<Real>(std::cos(0.37 * i)),
                        static_cast<Real>(std::sin(0.23 * i))};
  }
  return fields;
}

template <class Real>
Json Measured(int pixels, const Options& options) {
  const PlaneShare share(options.spread ? MPI_COMM_WORLD : MPI_COMM_SELF, {pixels, pixels, 8});
  const Propagation<Real> propagation(share, Bench(pixels, options.threads));
  const Fields<Real> light = SomeLight<Real>(share, options.planes);
  Fields<Real> fields = light;
  propagation.Forward(fields);
  const FilterWork before = propagation.Work();
  const Clock::time_point start = Clock::now();
  double elapsed = 0;
  while (elapsed < options.seconds) {
    fields = light;  // not the same light again: it fades into denormal numbers
    propagation.Forward(fields);
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    if (options.spread) base::Mpi(MPI_Bcast(&elapsed, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD));
  }
  const FilterWork work = propagation.Work();
  const double seconds = work.seconds - before.seconds;
  const auto planes = static_cast<double>(work.planes - before.planes);
  return {{"pixels", pixels},
          {"padded", CheckSampling(share.Grid(), Bench(pixels, 1)).padded},
          {"planes_per_second", planes / seconds},
          {"milliseconds_per_plane", 1e3 * seconds / planes},
          {"share_in_fft", (work.fft_seconds - before.fft_seconds) / seconds},
          {"bytes", propagation.Bytes()}};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Throughput of free-space propagation");
  app.add_option("--pixels", options.pixels, "Across the plane, one or more sizes");
  app.add_option("--precision", options.precision, "32 or 64")->check(CLI::IsMember({32, 64}));
  app.add_option("--threads", options.threads);
  app.add_option("--planes", options.planes, "Of one call");
  app.add_option("--seconds", options.seconds, "Per size");
  app.add_flag("--spread", options.spread, "Every plane over all ranks");
  CLI11_PARSE(app, argc, argv);
  base::Runtime runtime(argc, argv);
  for (const int pixels : options.pixels) {
    const Json line = options.precision == 32 ? Measured<float>(pixels, options)
                                              : Measured<double>(pixels, options);
    if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) std::printf("%s\n", line.dump().c_str());
  }
  return 0;
}
