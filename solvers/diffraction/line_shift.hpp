// Shifts of lines by parts of a pixel.
#pragma once

#include <complex>
#include <vector>

#include "solvers/diffraction/fft_line.hpp"

namespace symwave::solvers::diffraction {

/// Lines of n samples, each with its own shift.
template <class Real>
class LineShift {
 public:
  using Complex = std::complex<Real>;

  struct Scratch {
    FftBuffer<Real> line, spectrum;
  };

  /// Line k is shifted by `shifts[k]` samples.
  LineShift(int n, const std::vector<double>& shifts);

  Scratch MakeScratch() const { return {FftBuffer<Real>(length_), FftBuffer<Real>(length_)}; }
  /// line(x) <- line(x + s_k), or with `transposed` line(x - s_k); in place.
  void Apply(int k, Complex* line, bool transposed, Scratch& scratch) const;
  double Bytes() const { return static_cast<double>(sizeof(Complex)) * phases_.size(); }

 private:
  int n_, length_;
  FftLine<Real> forward_, inverse_;
  std::vector<Complex> phases_;  ///< lines x frequencies 0 ... length / 2, over length
};

}  // namespace symwave::solvers::diffraction
