#include "solvers/diffraction/propagation.hpp"

#include "solvers/diffraction/propagation_kernel.hpp"

namespace symwave::solvers::diffraction {

namespace {

Band AxisBand(int n, double pitch, const PropagationOptions& options) {
  const int length = PaddedLength(n, options.padding);
  return {length, pitch, BandLimit(length, pitch, options)};
}

/// Refuses options on all ranks; returns them unchanged.
const PropagationOptions& Checked(const PlaneShare& share, const PropagationOptions& options) {
  PropagationWarnings(share.Grid(), options);
  return options;
}

}  // namespace

template <class Real>
Propagation<Real>::Propagation(const PlaneShare& share, const PropagationOptions& options)
    : filter_(
          share, AxisBand(share.Grid().nx, share.Grid().pitch, Checked(share, options)),
          AxisBand(share.Grid().ny, share.Grid().pitch, options),
          [&options](double fx, double fy) { return TransferFunction(options, fx, fy); },
          options.threads) {}

template class Propagation<float>;
template class Propagation<double>;

}  // namespace symwave::solvers::diffraction
