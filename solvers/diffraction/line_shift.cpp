#include "solvers/diffraction/line_shift.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/diffraction/band.hpp"

namespace symwave::solvers::diffraction {

template <class Real>
LineShift<Real>::LineShift(int n, const std::vector<double>& shifts)
    : n_(n),
      length_(FastLength(2 * n)),
      forward_(length_, FftLine<Real>::Direction::Forward),
      inverse_(length_, FftLine<Real>::Direction::Inverse) {
  const int half = length_ / 2;
  phases_.reserve(shifts.size() * (half + 1));
  for (const double shift : shifts) {
    for (int m = 0; m <= half; ++m) {
      std::complex<double> phase = std::polar(1.0 / length_, 2 * M_PI * m * shift / length_);
      if (2 * m == length_) phase = phase.real();  // one sample for both signs
      phases_.emplace_back(phase);
    }
  }
}

template <class Real>
void LineShift<Real>::Apply(int k, Complex* line, bool transposed, Scratch& scratch) const {
  std::copy_n(line, n_, scratch.line.Data());
  std::fill_n(scratch.line.Data() + n_, length_ - n_, Complex(0));
  forward_.Execute(scratch.line.Data(), scratch.spectrum.Data());
  const int half = length_ / 2;
  const Complex* phases = phases_.data() + static_cast<long>(k) * (half + 1);
  Complex* spectrum = scratch.spectrum.Data();
  for (int m = 0; m <= half; ++m) {
    const Complex up = transposed ? std::conj(phases[m]) : phases[m];
    spectrum[m] = Product(spectrum[m], up);
    if (m > 0 && length_ - m > half) spectrum[length_ - m] = Product(spectrum[length_ - m], std::conj(up));
  }
  inverse_.Execute(spectrum, scratch.line.Data());
  std::copy_n(scratch.line.Data(), n_, line);
}

template class LineShift<float>;
template class LineShift<double>;

}  // namespace symwave::solvers::diffraction
