#include "solvers/diffraction/pupil.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::diffraction {

namespace {

Band WholeBand(int n, double pitch, double padding) {
  return {PaddedLength(n, padding), pitch, 0.5 / pitch};
}

/// `sign` -1 turns the pupil by 180 degrees; its polynomials are even along y.
Transfer PupilTransfer(const PupilOptions& options, double sign) {
  return [options, sign](double fx, double fy) {
    const double radius = std::hypot(options.half_width_x, options.half_width_y);
    const double inside = sign / std::max(radius, std::hypot(fx, fy));
    return std::polar(1.0, ZernikePhase(options.aberrations, inside * fx, inside * fy));
  };
}

template <class Real>
PlaneFilter<Real> PupilFilter(const PlaneShare& share, const PupilOptions& options, double sign) {
  const PlaneGrid& grid = share.Grid();
  return {share, WholeBand(grid.nx, grid.pitch, options.padding),
          WholeBand(grid.ny, grid.pitch, options.padding), PupilTransfer(options, sign),
          options.threads};
}

}  // namespace

template <class Real>
Pupil<Real>::Pupil(const PlaneShare& share, const PupilOptions& options)
    : forward_(PupilFilter<Real>(share, options, 1)),
      backward_(PupilFilter<Real>(share, options, -1)) {}

template <class Real>
FilterWork Pupil<Real>::Work() const {
  FilterWork work = forward_.Work();
  const FilterWork back = backward_.Work();
  work.planes += back.planes;
  work.seconds += back.seconds;
  work.fft_seconds += back.fft_seconds;
  return work;
}

template class Pupil<float>;
template class Pupil<double>;

}  // namespace symwave::solvers::diffraction
