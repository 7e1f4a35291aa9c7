#include "solvers/fdtd/mode_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/interpolation.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using modes::Complex;
using modes::WaveguideMode;

namespace {

constexpr std::array<std::vector<Complex> WaveguideMode::*, 6> kFields{
    &WaveguideMode::e_u, &WaveguideMode::e_v, &WaveguideMode::e_n,
    &WaveguideMode::h_u, &WaveguideMode::h_v, &WaveguideMode::h_n};

void AddScaled(WaveguideMode& sum, const WaveguideMode& mode, double weight) {
  sum.beta += weight * mode.beta;
  sum.group_index += weight * mode.group_index;
  sum.te_fraction += weight * mode.te_fraction;
  sum.effective_area += weight * mode.effective_area;
  for (const auto field : kFields) {
    for (size_t p = 0; p < (mode.*field).size(); ++p) {
      (sum.*field)[p] += weight * (mode.*field)[p];
    }
  }
}

WaveguideMode EmptyLike(const WaveguideMode& mode) {
  WaveguideMode empty = mode;
  empty.beta = 0;
  empty.group_index = empty.te_fraction = empty.effective_area = 0;
  for (const auto field : kFields) std::fill((empty.*field).begin(), (empty.*field).end(), 0.0);
  return empty;
}

}  // namespace

Complex ModeOverlap(const domain::Lattice& lattice, const WaveguideMode& a,
                    const WaveguideMode& b) {
  const modes::PlaneAxes axes = modes::AxesOfPlane(a.plane.axis);
  const domain::IndexBox& box = a.plane.box;
  const auto e_u = static_cast<Component>(axes.u);
  const auto e_v = static_cast<Component>(axes.v);
  Complex sum = 0;
  std::array<int, 3> p{};
  for (p[2] = box.lo[2]; p[2] < box.hi[2]; ++p[2]) {
    for (p[1] = box.lo[1]; p[1] < box.hi[1]; ++p[1]) {
      for (p[0] = box.lo[0]; p[0] < box.hi[0]; ++p[0]) {
        const auto at = static_cast<size_t>(box.Offset(p[0], p[1], p[2]));
        const auto area = [&](Component c) {
          return lattice.Weight(c, axes.u, p[axes.u]) * lattice.Weight(c, axes.v, p[axes.v]);
        };
        sum += a.e_u[at] * b.h_v[at] * area(e_u) - a.e_v[at] * b.h_u[at] * area(e_v);
      }
    }
  }
  return 0.5 * axes.orientation * sum;
}

ModeSpectrum::ModeSpectrum(Solution solution, std::vector<double> omegas)
    : solution_(std::move(solution)), omegas_(std::move(omegas)) {
  base::Require(!omegas_.empty() && !solution_.modes.empty() && !solution_.modes.front().empty(),
                "a port has modes and frequencies");
}

bool ModeSpectrum::HasFields() const {
  return !solution_.modes.front().front().e_u.empty();
}

const modes::WaveguideMode& ModeSpectrum::Solved(int mode, size_t k) const {
  return solution_.modes[k][static_cast<size_t>(mode)];
}

WaveguideMode ModeSpectrum::AtFrequency(int mode, double omega) const {
  return Interpolate(mode, omega, 1);
}

WaveguideMode ModeSpectrum::Interpolate(int mode, double omega, size_t stride) const {
  std::vector<double> points;
  for (size_t k = 0; k < solution_.at.size(); k += stride) points.push_back(solution_.at[k]);
  const std::vector<double> weights = InterpolationWeights(points, omega);
  WaveguideMode sum = EmptyLike(Solved(mode, 0));
  for (size_t k = 0; k < points.size(); ++k) {
    if (weights[k] != 0) AddScaled(sum, Solved(mode, k * stride), weights[k]);
  }
  sum.n_eff = sum.beta / omega;
  return sum;
}

double ModeSpectrum::MeasureInterpolationError() const {
  base::Require(HasFields(), "fields tell the error of interpolated fields");
  if (!solution_.interpolated) return 0;
  double error = 0;
  for (size_t k = 1; k < solution_.at.size(); k += 2) {
    for (int m = 0; m < Modes(); ++m) {
      const WaveguideMode& exact = Solved(m, k);
      const WaveguideMode coarse = Interpolate(m, solution_.at[k], 2);
      error = std::max(error, std::abs(coarse.beta / exact.beta - 1.0));
      double difference = 0;
      double norm = 0;
      for (const auto field : {&WaveguideMode::e_u, &WaveguideMode::e_v}) {
        for (size_t p = 0; p < (exact.*field).size(); ++p) {
          difference += std::norm((coarse.*field)[p] - (exact.*field)[p]);
          norm += std::norm((exact.*field)[p]);
        }
      }
      error = std::max(error, std::sqrt(difference / norm));
    }
  }
  return error;
}

}  // namespace symwave::solvers::fdtd
