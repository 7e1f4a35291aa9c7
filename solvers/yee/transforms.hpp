// Fields of a lattice at given frequencies, whichever solver they are from: what monitors read.
#pragma once

#include <mpi.h>

#include <complex>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::solvers::yee {

using Complex = std::complex<double>;

/// Fields over a box at some frequencies. In time domain F(w) = dt sum_n f(t_n) exp(i w t_n), t_n =
/// n dt for E and (n + 1/2) dt for H, taken from every `every`-th step; the sum then takes fields
/// of the frequency 2 pi / (every dt) - w for those of w: nothing may be driven there. In frequency
/// domain the amplitudes at w, and `every` and `first` mean nothing.
struct DftRequest {
  domain::IndexBox box;  ///< global points
  std::vector<domain::Component> components;
  std::vector<double> omegas;  ///< 1/um
  int every = 1;               ///< 0: eight samples in a period of the highest omega
  long first = 0;              ///< steps before this one are left out (step n makes E^{n+1})
};

/// This rank's part of a transform.
struct DftBlock {
  domain::IndexBox box;  ///< owned points; empty on ranks that hold none
  std::vector<domain::Component> components;
  std::vector<double> omegas;
  /// [(component * omegas + w) * box.Count() + box.Offset(i, j, k)]
  std::vector<Complex> values;

  /// Makes room for all values, zero.
  void Clear() {
    values.assign(static_cast<size_t>(box.Count()) * components.size() * omegas.size(), 0.0);
  }
  Complex At(int component, int w, int i, int j, int k) const {
    return values[Place(component, w, i, j, k)];
  }
  size_t Place(int component, int w, int i, int j, int k) const {
    const size_t row = static_cast<size_t>(component) * omegas.size() + static_cast<size_t>(w);
    return row * static_cast<size_t>(box.Count()) + static_cast<size_t>(box.Offset(i, j, k));
  }
};

/// All members except the accessors are collective.
class Transforms {
 public:
  virtual ~Transforms() = default;
  virtual const domain::Lattice& Lattice() const = 0;
  virtual MPI_Comm Comm() const = 0;
  virtual double TimeStep() const = 0;  ///< um (c = 1); 0 in frequency domain
  /// Number of the transform.
  virtual int AddDft(const DftRequest& request) = 0;
  virtual DftBlock Dft(int number) const = 0;
};

}  // namespace symwave::solvers::yee
