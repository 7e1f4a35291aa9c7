#include "training/bench/plane_engine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/fault_point.hpp"
#include "domain/base/messages.hpp"
#include "training/bench/plane_pass.hpp"
#include "training/loss.hpp"

namespace symwave::training::bench {

using Eigen::Index;

namespace {

/// Light that was measured: sums over the samples of this group of ranks.
struct Sums {
  Sums(int classes, int layers)
      : confusion(Eigen::MatrixXd::Zero(classes, classes)),
        defects(Eigen::ArrayXXd::Zero(layers, 2)) {}

  double loss = 0;
  Eigen::MatrixXd confusion;
  Eigen::ArrayXXd defects;  ///< see PlanePass::SendBack
};

/// Collective on `across`.
PlaneResult Gather(MPI_Comm across, const Sums& sums) {
  std::vector<double> packed{sums.loss};
  packed.insert(packed.end(), sums.confusion.data(), sums.confusion.data() + sums.confusion.size());
  packed.insert(packed.end(), sums.defects.data(), sums.defects.data() + sums.defects.size());
  base::SumInPlace(across, packed.data(), packed.size());
  PlaneResult result;
  result.loss = packed[0];
  const Index classes = sums.confusion.rows(), layers = sums.defects.rows();
  result.confusion =
      Eigen::Map<const Eigen::MatrixXd>(packed.data() + 1, classes, classes).cast<int>();
  const Eigen::Map<const Eigen::ArrayXXd> defects(packed.data() + 1 + classes * classes, layers, 2);
  for (Index k = 0; k < layers; ++k) {
    if (defects(k, 1) > 0) {
      result.defect = std::max(result.defect, std::sqrt(defects(k, 0) / defects(k, 1)));
    }
  }
  return result;
}

}  // namespace

double PlaneResult::Accuracy() const {
  return static_cast<double>(confusion.trace()) / static_cast<double>(confusion.sum());
}

BenchEffort& BenchEffort::operator+=(const BenchEffort& other) {
  launches += other.launches;
  fields += other.fields;
  intensities += other.intensities;
  return *this;
}

BenchEffort BenchEffort::operator-(const BenchEffort& other) const {
  return {launches - other.launches, fields - other.fields, intensities - other.intensities};
}

double BenchEffort::Photons(const BenchGeometry& geometry, const DetectionErrors& detection) const {
  const double pixels = static_cast<double>(geometry.pixels_x) * geometry.pixels_y;
  return detection.photons * pixels * static_cast<double>(4 * fields + intensities);
}

bool ErrorsOnModel(TrainerKind kind) {
  return kind == TrainerKind::InSilico || kind == TrainerKind::PhysicsAware;
}

BenchEffort GradientEffort(long planes, long masks, bool error_on_bench, bool enters_before_mask,
                           const ErrorLaunchOptions& launch) {
  BenchEffort effort{planes, 2 * planes, 0};
  if (error_on_bench) {
    const long errors = launch.LaunchesPerError() * planes;
    effort += {errors, (enters_before_mask ? 1 : 2) * errors, 0};
  }
  if (enters_before_mask) {
    const long calibrations = launch.calibrations * masks;
    effort += {calibrations, calibrations, 0};
  }
  return effort;
}

double BenchEffort::ReferencePhotons(const BenchGeometry& geometry,
                                     const DetectionErrors& detection) const {
  if (detection.photons == 0) return 0;
  const double pixels = static_cast<double>(geometry.pixels_x) * geometry.pixels_y;
  return detection.reference_photons * pixels * static_cast<double>(4 * fields);
}

long GradientPasses(TrainerKind kind, MaskPlace mask, const ErrorLaunchOptions& launch, long planes,
                    long masks) {
  const bool forward = kind == TrainerKind::ForwardMode;
  if (!forward && kind != TrainerKind::Reverse) return 2 * planes;
  return GradientEffort(planes, masks, true, forward && mask == MaskPlace::Input, launch).launches;
}

template <class Real>
struct PlaneEngine<Real>::Parts {
  Parts(const BenchRanks& bench_ranks, const PlaneEngineOptions& engine_options,
        const ImageDataset& like, BenchSystem<Real>& data, BenchSystem<Real>& error)
      : ranks(bench_ranks),
        options(engine_options),
        error_on_bench(&data == &error),
        pass(engine_options, like, data, error) {}

  /// Calls work() once for every tile of the samples of this group of ranks, encoded.
  template <class Work>
  void ForTiles(const ImageDataset& images, const std::vector<int>& batch, Work&& work) {
    const auto count = static_cast<Index>(batch.size());
    const Index end = count * (ranks.Group() + 1) / ranks.Groups();
    const Index tile = std::max(1, options.tile);
    for (Index first = count * ranks.Group() / ranks.Groups(); first < end; first += tile) {
      const int* samples = batch.data() + first;
      const Index here = std::min(tile, end - first);
      pass.Encode(images, samples, here);
      labels.resize(static_cast<std::size_t>(here));
      for (std::size_t s = 0; s < labels.size(); ++s) {
        labels[s] = images.labels[static_cast<std::size_t>(samples[s])];
      }
      work();
    }
  }

  /// Loss and classes of what was measured last.
  void Classify(double weight, Sums& sums, Eigen::ArrayXXd* slope) {
    sums.loss += ClassLoss(options.loss, pass.Light(), labels, weight, predicted, slope);
    for (std::size_t s = 0; s < labels.size(); ++s) sums.confusion(labels[s], predicted[s]) += 1;
  }

  Sums NewSums() const { return {pass.Detectors().Classes(), options.network.layers}; }

  const BenchRanks& ranks;
  PlaneEngineOptions options;
  bool error_on_bench;
  PlanePass<Real> pass;
  std::vector<int> labels, predicted;  ///< of the tile
  BenchEffort effort;
};

template <class Real>
PlaneEngine<Real>::PlaneEngine(const BenchRanks& ranks, const PlaneEngineOptions& options,
                               const ImageDataset& like, BenchSystem<Real>& data,
                               BenchSystem<Real>& error)
    : parts_(std::make_unique<Parts>(ranks, options, like, data, error)) {}

template <class Real>
PlaneEngine<Real>::~PlaneEngine() = default;

template <class Real>
PlaneResult PlaneEngine<Real>::Learn(const Eigen::VectorXd& commands, const ImageDataset& images,
                                     const std::vector<int>& batch, std::uint64_t step) {
  base::FaultPoint("bench/learn");
  Parts& parts = *parts_;
  PlanePass<Real>& pass = parts.pass;
  Sums sums = parts.NewSums();
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(Commands());
  Eigen::ArrayXXd slope;
  const bool forward = parts.options.error_side == Side::Input;
  bool first = true;
  pass.Begin(commands, step);
  if (pass.EntersBeforeMask()) pass.Calibrate();
  parts.ForTiles(images, batch, [&] {
    pass.MeasureFields();
    parts.Classify(1.0 / static_cast<double>(batch.size()), sums, &slope);
    const bool judge = forward && first && parts.labels.size() > 1;
    pass.SendBack(slope, gradient, judge ? &sums.defects : nullptr);
    first = false;
  });
  PlaneResult result = Gather(parts.ranks.Across(), sums);
  const Index pixels = pass.Pixels().count;
  for (int layer = 0; layer < parts.options.network.layers; ++layer) {
    base::SumInPlace(parts.ranks.Across(), gradient.data() + layer * pixels,
                     static_cast<size_t>(pixels));
  }
  result.gradient = std::move(gradient);
  parts.effort += LearnEffort(static_cast<long>(batch.size()), 1);
  return result;
}

template <class Real>
PlaneResult PlaneEngine<Real>::Evaluate(const Eigen::VectorXd& commands, const ImageDataset& images,
                                        const std::vector<int>& batch, std::uint64_t step,
                                        int kind) {
  base::FaultPoint("bench/evaluate");
  Parts& parts = *parts_;
  Sums sums = parts.NewSums();
  parts.pass.Begin(commands, step);
  parts.ForTiles(images, batch, [&] {
    parts.pass.MeasureIntensities(kind);
    parts.Classify(1.0 / static_cast<double>(batch.size()), sums, nullptr);
  });
  parts.effort += EvaluateEffort(static_cast<long>(batch.size()));
  return Gather(parts.ranks.Across(), sums);
}

template <class Real>
std::vector<Planes<Real>> PlaneEngine<Real>::Trace(const Eigen::VectorXd& commands,
                                                   const ImageDataset& images,
                                                   const std::vector<int>& samples,
                                                   std::uint64_t step) {
  PlanePass<Real>& pass = parts_->pass;
  const auto count = static_cast<Index>(samples.size());
  const int layers = parts_->options.network.layers;
  std::vector<Planes<Real>> fields(static_cast<std::size_t>(layers),
                                   Planes<Real>(pass.Pixels().count, count));
  pass.Begin(commands, step);
  const Index tile = std::max(1, parts_->options.tile);
  for (Index first = 0; first < count; first += tile) {
    const Index here = std::min(tile, count - first);
    pass.Encode(images, samples.data() + first, here);
    pass.MeasureFields();
    for (int k = 0; k < layers; ++k) {
      fields[static_cast<std::size_t>(k)].middleCols(first, here) = pass.Field(k);
    }
  }
  return fields;
}

template <class Real>
Eigen::Index PlaneEngine<Real>::Commands() const {
  return parts_->options.network.layers * Pixels().count;
}

template <class Real>
const PixelRange& PlaneEngine<Real>::Pixels() const {
  return parts_->pass.Pixels();
}

template <class Real>
const DetectorRegions& PlaneEngine<Real>::Detectors() const {
  return parts_->pass.Detectors();
}

template <class Real>
const PlaneEncoder<Real>& PlaneEngine<Real>::Encoder() const {
  return parts_->pass.Encoder();
}

template <class Real>
const BenchEffort& PlaneEngine<Real>::Effort() const {
  return parts_->effort;
}

template <class Real>
BenchEffort PlaneEngine<Real>::LearnEffort(long samples, long steps) const {
  const Parts& parts = *parts_;
  const long layers = parts.options.network.layers;
  return GradientEffort(layers * samples, layers * steps, parts.error_on_bench,
                        parts.pass.EntersBeforeMask(), parts.options.error_launch);
}

template <class Real>
BenchEffort PlaneEngine<Real>::EvaluateEffort(long samples) const {
  const PlaneNetworkOptions& network = parts_->options.network;
  const long planes = network.layers * samples;
  const long seen = network.activation == PlaneActivation::Intensity ? planes : samples;
  return {planes, planes - seen, seen};
}

template class PlaneEngine<float>;
template class PlaneEngine<double>;

}  // namespace symwave::training::bench
