#include "training/bench/bench_system.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"
#include "solvers/diffraction/layered_path.hpp"
#include "solvers/diffraction/thin_element.hpp"

namespace symwave::training::bench {

namespace diffraction = solvers::diffraction;
using Eigen::Index;

namespace {

diffraction::PropagationOptions PropagationBasis(const BenchGeometry& geometry,
                                                 const ComputeOptions& compute) {
  diffraction::PropagationOptions options;
  options.wavelength = geometry.wavelength;
  options.distance = geometry.distance;
  options.padding = geometry.padding;
  options.threads = compute.threads;
  return options;
}

}  // namespace

template <class Real>
struct BenchSystem<Real>::Parts {
  using Path = std::shared_ptr<const diffraction::OpticalPath<Real>>;
  using Layers = std::vector<diffraction::Layer<Real>>;

  Parts(MPI_Comm comm, const BenchGeometry& g, const BenchErrors& e, const ComputeOptions& c)
      : geometry(g),
        errors(e),
        compute(c),
        share(comm, {g.pixels_x, g.pixels_y, g.pitch}),
        propagations(share, PropagationBasis(g, c)) {
    back = diffraction::LayeredPath<Real>(propagations, g.distance, {});
    front = g.mask == MaskPlace::Centre
                ? diffraction::LayeredPath<Real>(propagations, g.distance, {})
                : std::make_shared<const diffraction::OpticalPath<Real>>();
    mask.setOnes(share.Pixels());
  }

  BenchGeometry geometry;
  BenchErrors errors;
  ComputeOptions compute;
  diffraction::PlaneShare share;
  diffraction::Propagations<Real> propagations;
  Path front, back;
  diffraction::Transmissions<Real> mask;
};

template <class Real>
BenchSystem<Real>::BenchSystem(MPI_Comm plane_comm, const BenchGeometry& geometry,
                               const BenchErrors& errors, const ComputeOptions& compute)
    : parts_(std::make_unique<Parts>(plane_comm, geometry, errors, compute)) {}

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
  base::Require(commands.size() == Pixels(), "one command per pixel of this rank");
  parts_->mask = diffraction::FromPhase<Real>(commands.array());
}

template <class Real>
BenchTransmission<Real> BenchSystem<Real>::Transmit(const Planes<Real>& launched, Side side,
                                                    Measure measure,
                                                    const MeasurementKey& key) const {
  const Parts& parts = *parts_;
  base::Require(launched.rows() == Pixels(), "launched planes have the pixels of this rank");
  const bool input = side == Side::Input;
  const bool behind = input && measure == Measure::OutputsAndMask;
  const bool before = !behind && measure != Measure::Outputs;
  const diffraction::Element<Real>& first = input ? *parts.front : *parts.back;
  const diffraction::Element<Real>& last = input ? *parts.back : *parts.front;
  BenchTransmission<Real> result;
  result.outputs.resize(launched.rows(), launched.cols());
  if (measure != Measure::Outputs) result.at_mask.resize(launched.rows(), launched.cols());
  const Index tile = std::max(1, parts.compute.tile);
  Planes<Real> light;
  for (Index k = 0; k < launched.cols(); k += tile) {
    const Index count = std::min(tile, launched.cols() - k);
    light = launched.middleCols(k, count);
    input ? first.Forward(light) : first.Backward(light);
    if (before) result.at_mask.middleCols(k, count) = light;
    diffraction::ThinElement<Real>::Apply(parts.mask, light);
    if (behind) result.at_mask.middleCols(k, count) = light;
    input ? last.Forward(light) : last.Backward(light);
    result.outputs.middleCols(k, count) = light;
  }
  (void)key;
  return result;
}

template <class Real>
Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> BenchSystem<Real>::Observe(
    const Planes<Real>& launched, const MeasurementKey& key) const {
  return Transmit(launched, Side::Input, Measure::Outputs, key).outputs.cwiseAbs2();
}

template <class Real>
const Eigen::Array<std::complex<Real>, Eigen::Dynamic, 1>& BenchSystem<Real>::MaskTransmission()
    const {
  return parts_->mask;
}

template <class Real>
double BenchSystem<Real>::FftSeconds() const {
  return parts_->propagations.Work().fft_seconds;
}

template <class Real>
double BenchSystem<Real>::PropagationSeconds() const {
  return parts_->propagations.Work().seconds;
}

template <class Real>
long BenchSystem<Real>::PropagatedPlanes() const {
  return parts_->propagations.Work().planes;
}

template <class Real>
double BenchSystem<Real>::Bytes() const {
  return parts_->propagations.Bytes();
}

template class BenchSystem<float>;
template class BenchSystem<double>;

}  // namespace symwave::training::bench
