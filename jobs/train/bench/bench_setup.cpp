#include "jobs/train/bench/bench_setup.hpp"

#include <algorithm>
#include <numeric>

#include "domain/base/communicator.hpp"

namespace symwave::jobs::train::bench {

using training::TrainerKind;
using training::bench::BenchErrors;
using training::bench::BenchObjectiveOptions;
using training::bench::PixelRange;
using training::bench::PlaneEngine;

namespace {

/// Its noise is that of no step of a training.
constexpr std::uint64_t kMeasurementStep = std::uint64_t{1} << 40;
constexpr int kGradientSamples = 100;

/// Images as the hardware launches them; what the measurement of a gradient adds is left out.
BenchErrors ForTrueGradient(BenchErrors errors) {
  errors.detection = {};
  errors.launch.error = false;
  return errors;
}

template <class Real>
BenchTrace Trace(PlaneEngine<Real>& engine, const Eigen::VectorXd& commands,
                 const training::ImageDataset& images, int sample) {
  const PixelRange& layout = engine.Pixels();
  BenchTrace trace;
  trace.rows = layout.ny;
  trace.columns = layout.nx;
  for (const auto& fields : engine.Trace(commands, images, {sample}, kMeasurementStep)) {
    std::vector<float> planes =
        GatherPlanes(layout, fields.array().abs2().template cast<float>().matrix());
    const double mean =
        std::accumulate(planes.begin(), planes.end(), 0.0) / static_cast<double>(layout.All());
    if (mean > 0) {
      for (float& value : planes) value = static_cast<float>(value / mean);
    }
    trace.planes.insert(trace.planes.end(), planes.begin(), planes.end());
    ++trace.layers;
  }
  return trace;
}

}  // namespace

Eigen::ArrayXXd BenchTrace::Plane(int layer) const {
  const std::size_t first = static_cast<std::size_t>(layer) * static_cast<std::size_t>(rows) *
                            static_cast<std::size_t>(columns);
  using RowMajor = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(planes.data() + first, rows, columns).cast<double>();
}

std::vector<float> GatherPlanes(const PixelRange& layout, const Eigen::MatrixXf& planes) {
  const int ranks = base::Communicator::SizeOf(layout.comm);
  std::vector<int> counts(static_cast<std::size_t>(ranks)), places(counts.size(), 0);
  const int count = static_cast<int>(layout.count);
  base::Mpi(MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, layout.comm));
  std::partial_sum(counts.begin(), counts.end() - 1, places.begin() + 1);
  std::vector<float> whole(static_cast<std::size_t>(layout.All() * planes.cols()));
  for (Eigen::Index k = 0; k < planes.cols(); ++k) {
    base::Mpi(MPI_Allgatherv(planes.col(k).data(), count, MPI_FLOAT,
                             whole.data() + k * layout.All(), counts.data(), places.data(),
                             MPI_FLOAT, layout.comm));
  }
  return whole;
}

template <class Real>
BenchSetup<Real>::BenchSetup(const training::bench::BenchRanks& ranks,
                             const deck::BenchOptions& options, const BenchErrors& errors,
                             const training::ImageSets& images, System& model)
    : ranks_(ranks),
      options_(options),
      errors_(errors),
      images_(images),
      model_(model),
      bench_(ranks.Plane(), options.bench.geometry, errors, options.bench.compute) {}

template <class Real>
BenchObjectiveOptions BenchSetup<Real>::OptionsOf(TrainerKind kind) const {
  BenchObjectiveOptions objective;
  objective.kind = kind;
  objective.network = *options_.bench.network;
  objective.loss = options_.loss;
  objective.error_launch = options_.bench.error_launch;
  objective.tile = options_.bench.compute.tile;
  return objective;
}

template <class Real>
typename BenchSetup<Real>::Objective BenchSetup<Real>::MakeObjective(TrainerKind kind) {
  return Objective(ranks_, OptionsOf(kind), images_, bench_, model_);
}

template <class Real>
std::optional<training::bench::OperationEnergy> BenchSetup<Real>::EnergyOfTest() {
  if (errors_.detection.photons == 0) return {};
  constexpr long samples = 1;
  auto objective = MakeObjective(TrainerKind::ForwardMode);
  return training::bench::EnergyPerOperation(objective.Deployed().EvaluateEffort(samples),
                                             options_.bench.geometry, errors_.detection, samples,
                                             options_.bench.network->layers);
}

template <class Real>
Eigen::VectorXd BenchSetup<Real>::TrueGradient(const Eigen::VectorXd& commands,
                                               const std::vector<int>& batch) {
  System quiet(ranks_.Plane(), options_.bench.geometry, ForTrueGradient(errors_),
               options_.bench.compute);
  return Objective(ranks_, OptionsOf(TrainerKind::Reverse), images_, quiet, model_)
      .Learn(commands, batch, kMeasurementStep)
      .gradient;
}

template <class Real>
GradientCosines BenchSetup<Real>::MeasureCosines(const Eigen::VectorXd& commands) {
  std::vector<int> batch(
      static_cast<std::size_t>(std::min(kGradientSamples, images_.train.Samples())));
  std::iota(batch.begin(), batch.end(), 0);
  const Eigen::VectorXd truth = TrueGradient(commands, batch);
  const auto cosine = [&](TrainerKind kind) {
    const Eigen::VectorXd gradient =
        MakeObjective(kind).Learn(commands, batch, kMeasurementStep).gradient;
    return training::bench::CosineOver(ranks_.Plane(), gradient, truth);
  };
  return {cosine(TrainerKind::ForwardMode), cosine(TrainerKind::PhysicsAware),
          cosine(TrainerKind::InSilico)};
}

template <class Real>
BenchTrace BenchSetup<Real>::TraceBench(const Eigen::VectorXd& commands, int sample) {
  return Trace(MakeObjective(TrainerKind::ForwardMode).Learner(), commands, images_.test, sample);
}

template <class Real>
BenchTrace BenchSetup<Real>::TraceModel(const Eigen::VectorXd& commands, int sample) {
  return Trace(MakeObjective(TrainerKind::InSilico).Learner(), commands, images_.test, sample);
}

template class BenchSetup<float>;
template class BenchSetup<double>;

}  // namespace symwave::jobs::train::bench
