// Which pixels of a plane this rank has.
#pragma once

#include <Eigen/Dense>

#include "domain/base/communicator.hpp"
#include "domain/base/messages.hpp"
#include "training/bench/bench_system.hpp"

namespace symwave::training::bench {

template <class Real>
using RealPlanes = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

/// Pixels are numbered row by row, x fastest; this rank has `count` from `first` on.
struct PixelRange {
  int nx = 0, ny = 0;
  Eigen::Index first = 0, count = 0;
  MPI_Comm comm = MPI_COMM_SELF;  ///< the ranks with the other pixels

  Eigen::Index All() const { return static_cast<Eigen::Index>(nx) * ny; }

  /// Collective on `comm`: sums over its ranks, in place.
  template <class Array>
  void Sum(Array& values) const {
    if (base::Communicator::SizeOf(comm) == 1) return;
    base::SumInPlace(comm, values.data(), static_cast<size_t>(values.size()));
  }
};

template <class Real>
PixelRange PixelRangeOf(const BenchSystem<Real>& bench) {
  return {bench.Geometry().pixels_x, bench.Geometry().pixels_y, bench.FirstPixel(), bench.Pixels(),
          bench.PlaneComm()};
}

}  // namespace symwave::training::bench
