#include "training/bench/spot_objective.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/messages.hpp"
#include "training/bench/error_launch.hpp"
#include "training/trainer.hpp"

namespace symwave::training::bench {

using Eigen::ArrayXXd;
using Eigen::Index;

namespace {

/// Noise may leave no light at all: a smaller part of the whole counts as this.
constexpr double kLeastShare = 1e-9;

/// Light of some fields: in the spots (fields x spots), and on the whole camera.
struct Light {
  ArrayXXd spots, whole;
};

}  // namespace

template <class Real>
struct SpotObjective<Real>::Parts {
  using System = BenchSystem<Real>;

  Parts(const BenchRanks& bench_ranks, const SpotObjectiveOptions& o, const Planes<Real>& fields,
        const std::vector<Spot>& spots, System& bench, System& model)
      : ranks(bench_ranks),
        options(o),
        launched(fields),
        layout(PixelRangeOf(bench)),
        regions(SpotRegions(layout, bench.Geometry().pitch, spots, o.name)),
        deployed(bench),
        data(o.kind == TrainerKind::InSilico ? model : bench),
        error(ErrorsOnModel(o.kind) ? model : bench),
        error_side(o.kind == TrainerKind::ForwardMode ? Side::Input : Side::Output) {
    base::Require(fields.cols() == regions.Classes(), "one spot per field");
    if (ErrorsOnModel(o.kind)) options.error_launch = {};
  }

  bool EntersBeforeMask() const {
    return error_side == Side::Input && error.Geometry().mask == MaskPlace::Input;
  }

  /// Calls work(tile) for every tile of the fields `batch` of this group of ranks; x_ and numbers_
  /// are its fields and their numbers in the noise.
  template <class Work>
  void ForTiles(const std::vector<int>& batch, Work&& work);
  Light Collect(const Planes<Real>& y) const;
  Light CollectFrames(const RealPlanes<Real>& frames) const;
  /// Adds loss and hits of the fields in work, each with the weight `weight`; the slope dL/dI in
  /// the spots and on the whole camera unless null.
  void Judge(const Light& light, double weight, Light* slope);
  void SendBack(const Planes<Real>& y, const Planes<Real>& v, const Light& slope,
                const MeasuredMask<Real>* mask, Eigen::VectorXd& gradient, std::uint64_t step);
  /// Of `steps` calls of Learn with `samples` fields in all.
  BenchEffort LearnEffort(long samples, long steps) const;
  void Frames(System& bench, const std::vector<int>& batch, int kind, std::uint64_t step);
  Measurement Gather(std::size_t fields);

  MeasurementKey Key(std::uint64_t step, int kind) const { return {step, 0, kind, numbers.data()}; }

  const BenchRanks& ranks;
  SpotObjectiveOptions options;
  Planes<Real> launched;
  PixelRange layout;
  DetectorRegions regions;
  System &deployed, &data, &error;
  Side error_side;

  std::vector<int> fields, numbers;  ///< of the tile
  Planes<Real> x;
  double loss = 0, hits = 0;  ///< of this group of ranks
  RealPlanes<Real> tested;
  ArrayXXd shares;
};

template <class Real>
template <class Work>
void SpotObjective<Real>::Parts::ForTiles(const std::vector<int>& batch, Work&& work) {
  const auto count = static_cast<Index>(batch.size());
  const Index end = count * (ranks.Group() + 1) / ranks.Groups();
  const Index tile = std::max(1, options.tile);
  loss = hits = 0;
  for (Index first = count * ranks.Group() / ranks.Groups(); first < end; first += tile) {
    const Index here = std::min(tile, end - first);
    fields.assign(batch.begin() + first, batch.begin() + first + here);
    numbers = fields;
    x.resize(layout.count, here);
    for (Index s = 0; s < here; ++s) {
      numbers[static_cast<std::size_t>(s)] += options.first_sample;
      x.col(s) = launched.col(fields[static_cast<std::size_t>(s)]);
    }
    work();
  }
}

template <class Real>
Light SpotObjective<Real>::Parts::Collect(const Planes<Real>& y) const {
  Light light{regions.template Collect<Real>(y),
              y.colwise().squaredNorm().transpose().template cast<double>()};
  layout.Sum(light.whole);
  return light;
}

template <class Real>
Light SpotObjective<Real>::Parts::CollectFrames(const RealPlanes<Real>& frames) const {
  Light light{regions.template CollectIntensities<Real>(frames),
              frames.colwise().sum().transpose().template cast<double>()};
  layout.Sum(light.whole);
  return light;
}

template <class Real>
void SpotObjective<Real>::Parts::Judge(const Light& light, double weight, Light* slope) {
  const double c = options.crosstalk;
  if (slope) *slope = {ArrayXXd::Zero(light.spots.rows(), light.spots.cols()), light.whole};
  for (Index s = 0; s < light.spots.rows(); ++s) {
    const Index own = fields[static_cast<std::size_t>(s)];
    const double whole = std::max(light.whole(s, 0), 1e-300);
    const double mine = std::max(light.spots(s, own), kLeastShare * whole);
    const double all = std::max(light.spots.row(s).sum(), mine);
    loss -= weight * (std::log(mine / whole) + c * std::log(mine / all));
    Index brightest = 0;
    light.spots.row(s).maxCoeff(&brightest);
    hits += brightest == own ? 1 : 0;
    if (!slope) continue;
    slope->whole(s, 0) = weight / whole;
    slope->spots.row(s) = weight * c / all;
    slope->spots(s, own) -= weight * (1 + c) / mine;
  }
}

template <class Real>
void SpotObjective<Real>::Parts::SendBack(const Planes<Real>& y, const Planes<Real>& v,
                                          const Light& slope, const MeasuredMask<Real>* mask,
                                          Eigen::VectorXd& gradient, std::uint64_t step) {
  Planes<Real> g;
  regions.template ErrorField<Real>(slope.spots, y, g);
  for (Index s = 0; s < y.cols(); ++s) {
    g.col(s) += static_cast<Real>(slope.whole(s, 0)) * y.col(s).conjugate();
  }
  const ReturnedError<Real> returned =
      LaunchError(error, error_side, mask, g, options.error_launch.differential, Key(step, kError));
  AddPhaseGradient<Real>(returned.at_mask, v, gradient.data());
}

template <class Real>
BenchEffort SpotObjective<Real>::Parts::LearnEffort(long samples, long steps) const {
  return GradientEffort(samples, steps, &error == &data, EntersBeforeMask(), options.error_launch);
}

template <class Real>
void SpotObjective<Real>::Parts::Frames(System& bench, const std::vector<int>& batch, int kind,
                                        std::uint64_t step) {
  const double weight = 1.0 / static_cast<double>(batch.size());
  shares = ArrayXXd::Zero(launched.cols(), regions.Classes());
  const Index end = static_cast<Index>(batch.size()) * (ranks.Group() + 1) / ranks.Groups();
  const Index first = static_cast<Index>(batch.size()) * ranks.Group() / ranks.Groups();
  tested.resize(layout.count, end - first);
  Index done = 0;
  ForTiles(batch, [&] {
    tested.middleCols(done, x.cols()) = bench.Observe(x, Key(step, kind));
    const Light light = CollectFrames(tested.middleCols(done, x.cols()));
    Judge(light, weight, nullptr);
    for (Index s = 0; s < x.cols(); ++s) {
      shares.row(fields[static_cast<std::size_t>(s)]) = light.spots.row(s) / light.whole(s, 0);
    }
    done += x.cols();
  });
  base::SumInPlace(ranks.Across(), shares.data(), static_cast<size_t>(shares.size()));
}

template <class Real>
Measurement SpotObjective<Real>::Parts::Gather(std::size_t count) {
  double sums[2] = {loss, hits};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, ranks.Across()));
  Measurement result;
  result.loss = sums[0];
  result.accuracy = sums[1] / static_cast<double>(count);
  return result;
}

template <class Real>
SpotObjective<Real>::SpotObjective(const BenchRanks& ranks, const SpotObjectiveOptions& options,
                                   const Planes<Real>& launched, const std::vector<Spot>& spots,
                                   BenchSystem<Real>& bench, BenchSystem<Real>& model)
    : parts_(std::make_unique<Parts>(ranks, options, launched, spots, bench, model)) {}

template <class Real>
SpotObjective<Real>::~SpotObjective() = default;

template <class Real>
MPI_Comm SpotObjective<Real>::World() const {
  return parts_->ranks.World();
}

template <class Real>
MPI_Comm SpotObjective<Real>::CommandComm() const {
  return parts_->ranks.Plane();
}

template <class Real>
Eigen::Index SpotObjective<Real>::Commands() const {
  return parts_->layout.count;
}

template <class Real>
Eigen::Index SpotObjective<Real>::FirstCommand() const {
  return parts_->layout.first;
}

template <class Real>
Eigen::Index SpotObjective<Real>::AllCommands() const {
  return parts_->layout.All();
}

template <class Real>
int SpotObjective<Real>::Samples() const {
  return static_cast<int>(parts_->launched.cols());
}

template <class Real>
Measurement SpotObjective<Real>::Learn(const Eigen::VectorXd& commands,
                                       const std::vector<int>& batch, std::uint64_t step) {
  base::FaultPoint("spots/learn");
  Parts& parts = *parts_;
  const double weight = 1.0 / static_cast<double>(batch.size());
  const auto count = static_cast<long>(batch.size());
  parts.data.Program(commands);
  if (&parts.error != &parts.data) parts.error.Program(commands);
  const bool before = parts.EntersBeforeMask();
  MeasuredMask<Real> mask;
  if (before) {
    mask =
        MeasureMask(parts.error, parts.options.error_launch.calibrations, {step, 0, kCalibration});
  }
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(Commands());
  parts.ForTiles(batch, [&] {
    const BenchTransmission<Real> measured =
        parts.data.Transmit(parts.x, Side::Input, Measure::OutputsAndMask, parts.Key(step, kData));
    Light slope;
    parts.Judge(parts.Collect(measured.outputs), weight, &slope);
    parts.SendBack(measured.outputs, measured.at_mask, slope, before ? &mask : nullptr, gradient,
                   step);
  });
  Measurement result = parts.Gather(batch.size());
  base::SumInPlace(parts.ranks.Across(), gradient.data(), static_cast<size_t>(gradient.size()));
  result.gradient = std::move(gradient);
  result.passes = std::max(parts.LearnEffort(count, 1).launches, 2 * count);
  return result;
}

template <class Real>
Measurement SpotObjective<Real>::Probe(const Eigen::VectorXd& commands,
                                       const std::vector<int>& batch, std::uint64_t step) {
  Parts& parts = *parts_;
  const double weight = 1.0 / static_cast<double>(batch.size());
  const auto count = static_cast<long>(batch.size());
  parts.data.Program(commands);
  parts.ForTiles(batch, [&] {
    const RealPlanes<Real> frames = parts.data.Observe(parts.x, parts.Key(step, kData));
    parts.Judge(parts.CollectFrames(frames), weight, nullptr);
  });
  Measurement result = parts.Gather(batch.size());
  result.passes = count;
  return result;
}

template <class Real>
Measurement SpotObjective<Real>::Test(const Eigen::VectorXd& commands, std::uint64_t step) {
  base::FaultPoint("spots/test");
  Parts& parts = *parts_;
  std::vector<int> all(static_cast<std::size_t>(Samples()));
  std::iota(all.begin(), all.end(), 0);
  parts.deployed.Program(commands);
  parts.Frames(parts.deployed, all, kTest, step);
  Measurement result = parts.Gather(all.size());
  result.passes = static_cast<long>(all.size());
  return result;
}

template <class Real>
const RealPlanes<Real>& SpotObjective<Real>::Tested() const {
  return parts_->tested;
}

template <class Real>
const Eigen::ArrayXXd& SpotObjective<Real>::Shares() const {
  return parts_->shares;
}

template <class Real>
const DetectorRegions& SpotObjective<Real>::Regions() const {
  return parts_->regions;
}

template <class Real>
BenchEffort SpotObjective<Real>::EffortOf(const TrainerState& state) const {
  const TrainerKind kind = parts_->options.kind;
  if (kind == TrainerKind::InSilico) return {};
  if (IsGradientFree(kind)) return {state.passes, 0, state.passes};
  return parts_->LearnEffort(static_cast<long>(state.epoch) * Samples(), state.optimizer.steps);
}

template class SpotObjective<float>;
template class SpotObjective<double>;

}  // namespace symwave::training::bench
