// Planes of light for tests, the same on every number of ranks.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/random.hpp"
#include "solvers/diffraction/element.hpp"

namespace symwave::tests {

using solvers::diffraction::Element;
using solvers::diffraction::Fields;
using solvers::diffraction::PlaneGrid;
using solvers::diffraction::PlaneShare;

/// value(x, y) at the pixels of this rank.
template <class Real, class Function>
Fields<Real> Light(const PlaneShare& share, Function value) {
  Fields<Real> fields(share.Pixels(), 1);
  long p = 0;
  for (int j = 0; j < share.Rows(); ++j) {
    for (int i = 0; i < share.Grid().nx; ++i) {
      const std::complex<double> u = value(share.Grid().X(i), share.Grid().Y(share.FirstRow() + j));
      fields(p++, 0) = std::complex<Real>(u);
    }
  }
  return fields;
}

/// Independent numbers of size 1, by the number of the pixel in the plane.
template <class Real>
Fields<Real> RandomLight(const PlaneShare& share, int planes, std::uint64_t seed) {
  Fields<Real> fields(share.Pixels(), planes);
  for (int k = 0; k < planes; ++k) {
    for (long p = 0; p < share.Pixels(); ++p) {
      const auto pixel = static_cast<std::uint64_t>(share.FirstPixel() + p);
      const std::uint64_t bits = base::MixSeed(base::MixSeed(seed, k + 1), pixel);
      fields(p, k) = std::polar<Real>(1, static_cast<Real>(2 * M_PI * base::ToUniform(bits)));
    }
  }
  return fields;
}

/// The whole planes, on every rank. Collective.
template <class Real>
Fields<Real> Gathered(const PlaneShare& share, const Fields<Real>& fields) {
  const int ranks = base::Communicator::SizeOf(share.Comm());
  std::vector<int> counts(ranks), offsets(ranks);
  const auto bytes = static_cast<int>(share.Pixels() * sizeof(std::complex<Real>));
  base::Mpi(MPI_Allgather(&bytes, 1, MPI_INT, counts.data(), 1, MPI_INT, share.Comm()));
  for (int r = 1; r < ranks; ++r) offsets[r] = offsets[r - 1] + counts[r - 1];
  Fields<Real> whole(share.Grid().Pixels(), fields.cols());
  for (long k = 0; k < fields.cols(); ++k) {
    base::Mpi(MPI_Allgatherv(fields.col(k).data(), bytes, MPI_BYTE, whole.col(k).data(),
                             counts.data(), offsets.data(), MPI_BYTE, share.Comm()));
  }
  return whole;
}

/// a^T b of one plane, over all ranks.
template <class Real>
std::complex<double> Bilinear(const PlaneShare& share, const Fields<Real>& a,
                              const Fields<Real>& b) {
  const Fields<double> x = Gathered(share, a).template cast<std::complex<double>>();
  const Fields<double> y = Gathered(share, b).template cast<std::complex<double>>();
  return (x.array() * y.array()).sum();
}

/// |a^T F b - b^T B a| over |a| |F b|: how far Backward is from the transpose of Forward.
template <class Real>
double Irreciprocity(const PlaneShare& share, const Element<Real>& element) {
  const Fields<Real> a = RandomLight<Real>(share, 1, 5), b = RandomLight<Real>(share, 1, 6);
  Fields<Real> forward = b, backward = a;
  element.Forward(forward);
  element.Backward(backward);
  const std::complex<double> there = Bilinear(share, a, forward);
  const std::complex<double> back = Bilinear(share, b, backward);
  return std::abs(there - back) / (Gathered(share, a).norm() * Gathered(share, forward).norm());
}

/// |a - b| / |b| of whole planes.
template <class A, class B>
double Difference(const A& a, const B& b) {
  const Fields<double> x = a.template cast<std::complex<double>>();
  const Fields<double> y = b.template cast<std::complex<double>>();
  return (x - y).norm() / y.norm();
}

}  // namespace symwave::tests
