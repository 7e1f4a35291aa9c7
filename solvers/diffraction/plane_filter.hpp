// Convolutions of planes padded with zeros, done in the spectrum.
//
//   u <- crop F^-1 { H(fx, fy) F { pad u } }
//
// Transforms are pruned: rows of zeros are not transformed along x, columns of frequencies where H
// is zero not along y. On planes spread over ranks only the transposition between the two
// communicates.
#pragma once

#include <memory>

#include "solvers/diffraction/band.hpp"
#include "solvers/diffraction/plane.hpp"

namespace symwave::solvers::diffraction {

/// Counts since the start, of this rank.
struct FilterWork {
  long planes = 0;
  double seconds = 0;
  double fft_seconds = 0;  ///< of these in transforms, over all threads divided by the threads
};

/// The numbers are the same on every number of ranks of the share's communicator and of threads.
template <class Real>
class PlaneFilter {
 public:
  /// `transfer` must be even in fy. Where an axis has one sample for both signs of the highest
  /// frequency it gets the mean of both.
  PlaneFilter(const PlaneShare& share, const Band& x, const Band& y, const Transfer& transfer,
              int threads);
  ~PlaneFilter();
  /// In place. Collective on the communicator of the share.
  void Apply(Fields<Real>& fields) const;
  FilterWork Work() const;
  /// Bytes of scratch and transfer function of this rank.
  double Bytes() const;

 private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

}  // namespace symwave::solvers::diffraction
