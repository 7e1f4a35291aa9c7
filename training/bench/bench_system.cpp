#include "training/bench/bench_system.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/random.hpp"
#include "solvers/diffraction/thin_element.hpp"
#include "training/bench/bench_paths.hpp"
#include "training/bench/camera.hpp"
#include "training/bench/launcher.hpp"
#include "training/bench/modulator.hpp"
#include "training/bench/noise.hpp"

namespace symwave::training::bench {

namespace diffraction = solvers::diffraction;
using Eigen::Index;

namespace {

/// Where a plane is measured.
enum NoisePlace : std::uint64_t { kOutput = 0, kMask = 1, kIntensity = 2 };

bool IsOfErrorPass(int kind) {
  return kind == kError || kind == kOppositeError;
}

LaunchErrors AtTheOutput(LaunchErrors errors) {
  errors.amplitude.seed = base::MixSeed(errors.amplitude.seed, 1);
  errors.phase.seed = base::MixSeed(errors.phase.seed, 1);
  return errors;
}

}  // namespace

template <class Real>
struct BenchSystem<Real>::Parts {
  Parts(MPI_Comm comm, const BenchGeometry& g, const BenchErrors& e, const ComputeOptions& c)
      : geometry(g),
        errors(e),
        compute(c),
        share(comm, {g.pixels_x, g.pixels_y, g.pitch}),
        propagations(share, PropagationOf(g, c)),
        paths(MakeBenchPaths<Real>(share, propagations, g, e, c.threads)),
        modulator(share, e.modulator),
        input_launcher(share, e.launch),
        output_launcher(share, AtTheOutput(e.launch)),
        camera(share, e.detection, c.threads) {}

  /// A tile of the wanted planes as the modulators of that side launch them.
  void Launch(const Planes<Real>& wanted, Index first, Side side, int kind,
              Planes<Real>& light) const;
  /// `light` is measured into the columns from `first` on. The reference wave of error passes has
  /// a phase of its own.
  void Measure(Planes<Real>& measured, Index first, const Planes<Real>& light, Side side,
               NoisePlace place, const MeasurementKey& key) const;
  std::vector<std::uint64_t> Streams(Index first, Index count, Side side, NoisePlace place,
                                     const MeasurementKey& key) const;
  diffraction::FilterWork Work() const;
  /// Planes in work at a time.
  Index Tile() const { return std::max(1, compute.tile); }

  BenchGeometry geometry;
  BenchErrors errors;
  ComputeOptions compute;
  diffraction::PlaneShare share;
  diffraction::Propagations<Real> propagations;
  BenchPaths<Real> paths;
  PhaseModulator modulator;
  Launcher input_launcher, output_launcher;
  Camera camera;
  diffraction::Transmissions<Real> mask;
};

template <class Real>
void BenchSystem<Real>::Parts::Launch(const Planes<Real>& wanted, Index first, Side side, int kind,
                                      Planes<Real>& light) const {
  light = wanted.middleCols(first, std::min(Tile(), wanted.cols() - first));
  if (IsOfErrorPass(kind) || kind == kCalibration ? errors.launch.error : errors.launch.data) {
    (side == Side::Input ? input_launcher : output_launcher).template Launch<Real>(light);
  }
}

template <class Real>
std::vector<std::uint64_t> BenchSystem<Real>::Parts::Streams(Index first, Index count, Side side,
                                                             NoisePlace place,
                                                             const MeasurementKey& key) const {
  std::vector<std::uint64_t> streams;
  for (Index k = first; k < first + count; ++k) {
    const auto sample = static_cast<std::uint64_t>(key.samples != nullptr ? key.samples[k] : k);
    streams.push_back(NoiseStream(
        errors.detection.seed,
        {key.step, static_cast<std::uint64_t>(key.layer), static_cast<std::uint64_t>(key.kind),
         sample, side == Side::Input ? 0u : 1u, place}));
  }
  return streams;
}

template <class Real>
void BenchSystem<Real>::Parts::Measure(Planes<Real>& measured, Index first,
                                       const Planes<Real>& light, Side side, NoisePlace place,
                                       const MeasurementKey& key) const {
  auto columns = measured.middleCols(first, light.cols());
  columns = light;
  if (IsOfErrorPass(key.kind) && errors.detection.phase_reference != 0) {
    columns *= std::complex<Real>(std::polar(1.0, errors.detection.phase_reference));
  }
  camera.MeasureFields<Real>(columns, Streams(first, light.cols(), side, place, key));
}

template <class Real>
diffraction::FilterWork BenchSystem<Real>::Parts::Work() const {
  diffraction::FilterWork work = propagations.Work();
  if (paths.pupil == nullptr) return work;
  const diffraction::FilterWork pupil = paths.pupil->Work();
  work.seconds += pupil.seconds;
  work.fft_seconds += pupil.fft_seconds;
  return work;
}

template <class Real>
BenchSystem<Real>::BenchSystem(MPI_Comm plane_comm, const BenchGeometry& geometry,
                               const BenchErrors& errors, const ComputeOptions& compute)
    : parts_(std::make_unique<Parts>(plane_comm, geometry, errors, compute)) {
  Program(Eigen::VectorXd::Zero(Pixels()));
}

template <class Real>
BenchSystem<Real>::~BenchSystem() = default;

template <class Real>
MPI_Comm BenchSystem<Real>::PlaneComm() const {
  return parts_->share.Comm();
}

template <class Real>
const BenchGeometry& BenchSystem<Real>::Geometry() const {
  return parts_->geometry;
}

template <class Real>
long BenchSystem<Real>::Pixels() const {
  return parts_->share.Pixels();
}

template <class Real>
long BenchSystem<Real>::FirstPixel() const {
  return parts_->share.FirstPixel();
}

template <class Real>
void BenchSystem<Real>::Program(const Eigen::Ref<const Eigen::VectorXd>& commands) {
  base::FaultPoint("bench/program");
  base::Require(commands.size() == Pixels(), "one command per pixel of this rank");
  parts_->mask =
      parts_->modulator.Transmission(commands.array()).template cast<std::complex<Real>>();
}

template <class Real>
BenchTransmission<Real> BenchSystem<Real>::Transmit(const Planes<Real>& launched, Side side,
                                                    Measure measure,
                                                    const MeasurementKey& key) const {
  base::FaultPoint("bench/transmit");
  const Parts& parts = *parts_;
  base::Require(launched.rows() == Pixels(), "launched planes have the pixels of this rank");
  const bool input = side == Side::Input;
  const bool behind = input && measure == Measure::OutputsAndMask;
  const bool before = !behind && measure != Measure::Outputs;
  const diffraction::Element<Real>& first = input ? *parts.paths.front : *parts.paths.back;
  const diffraction::Element<Real>& last = input ? *parts.paths.back : *parts.paths.front;
  BenchTransmission<Real> result;
  result.outputs.resize(launched.rows(), launched.cols());
  if (measure != Measure::Outputs) result.at_mask.resize(launched.rows(), launched.cols());
  Planes<Real> light;
  for (Index k = 0; k < launched.cols(); k += parts.Tile()) {
    parts.Launch(launched, k, side, key.kind, light);
    input ? first.Forward(light) : first.Backward(light);
    if (before) parts.Measure(result.at_mask, k, light, side, kMask, key);
    diffraction::ThinElement<Real>::Apply(parts.mask, light);
    if (behind) parts.Measure(result.at_mask, k, light, side, kMask, key);
    input ? last.Forward(light) : last.Backward(light);
    parts.Measure(result.outputs, k, light, side, kOutput, key);
  }
  return result;
}

template <class Real>
Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> BenchSystem<Real>::Observe(
    const Planes<Real>& launched, const MeasurementKey& key) const {
  const Parts& parts = *parts_;
  base::Require(launched.rows() == Pixels(), "launched planes have the pixels of this rank");
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> seen(launched.rows(), launched.cols());
  Planes<Real> light;
  for (Index k = 0; k < launched.cols(); k += parts.Tile()) {
    parts.Launch(launched, k, Side::Input, key.kind, light);
    parts.paths.front->Forward(light);
    diffraction::ThinElement<Real>::Apply(parts.mask, light);
    parts.paths.back->Forward(light);
    seen.middleCols(k, light.cols()) = parts.camera.MeasureIntensities(
        light, parts.Streams(k, light.cols(), Side::Input, kIntensity, key));
  }
  return seen;
}

template <class Real>
const Eigen::Array<std::complex<Real>, Eigen::Dynamic, 1>& BenchSystem<Real>::MaskTransmission()
    const {
  return parts_->mask;
}

template <class Real>
double BenchSystem<Real>::FftSeconds() const {
  return parts_->Work().fft_seconds;
}

template <class Real>
double BenchSystem<Real>::PropagationSeconds() const {
  return parts_->Work().seconds;
}

template <class Real>
long BenchSystem<Real>::PropagatedPlanes() const {
  return parts_->Work().planes;
}

template <class Real>
double BenchSystem<Real>::Bytes() const {
  const Parts& parts = *parts_;
  const double tile = static_cast<double>(parts.Tile()) * static_cast<double>(parts.share.Pixels());
  return parts.propagations.Bytes() + parts.paths.bytes + parts.modulator.Bytes() +
         parts.input_launcher.Bytes() + parts.output_launcher.Bytes() +
         (parts.paths.pupil != nullptr ? parts.paths.pupil->Bytes() : 0) +
         sizeof(std::complex<Real>) * (tile + static_cast<double>(parts.mask.size()));
}

template class BenchSystem<float>;
template class BenchSystem<double>;

}  // namespace symwave::training::bench
