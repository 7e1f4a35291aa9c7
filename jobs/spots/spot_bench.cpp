#include "jobs/spots/spot_bench.hpp"

#include "jobs/checks/symmetry_warning.hpp"
#include "training/bench/error_launch.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;

template <class Real>
SpotBench<Real>::SpotBench(MPI_Comm comm, int ranks_per_plane, const deck::BenchOptions& options,
                           const BenchErrors& errors)
    : options_(options),
      ranks_(comm, ranks_per_plane),
      bench_(ranks_.Plane(), options.bench.geometry, errors, options.bench.compute),
      model_(ranks_.Plane(), options.bench.geometry, {}, options.bench.compute),
      layout_(PixelRangeOf(bench_)) {}

template <class Real>
training::CommandShare SpotBench<Real>::Share() const {
  return {1, layout_.All(), layout_.first, layout_.count, ranks_.Group() == 0};
}

template <class Real>
double SpotBench<Real>::SymmetryDefect() {
  bench_.Program(Eigen::VectorXd::Zero(layout_.count));
  const double defect =
      training::bench::SymmetryDefect(bench_, options_.bench.error_launch.differential, 0);
  checks::WarnOfAsymmetry(options_.training, defect);
  return defect;
}

template <class Real>
SpotObjective<Real> SpotBench<Real>::Objective(training::TrainerKind kind, double crosstalk,
                                               int first_sample, const std::string& name,
                                               const Planes<Real>& launched,
                                               const std::vector<Spot>& spots) {
  SpotObjectiveOptions options;
  options.kind = kind;
  options.crosstalk = crosstalk;
  options.error_launch = options_.bench.error_launch;
  options.tile = options_.bench.compute.tile;
  options.first_sample = first_sample;
  options.name = name;
  return {ranks_, options, launched, spots, bench_, model_};
}

template <class Real>
Frame SpotBench<Real>::Whole(const RealPlanes<Real>& frames, Eigen::Index number) const {
  return WholeFrame(layout_, options_.bench.geometry.pitch,
                    frames.col(number).template cast<double>());
}

template class SpotBench<float>;
template class SpotBench<double>;

}  // namespace symwave::jobs::spots
