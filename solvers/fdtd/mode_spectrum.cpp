#include "solvers/fdtd/mode_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/interpolation.hpp"
#include "solvers/fdtd/port_window.hpp"
#include "solvers/modes/leak.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using modes::Complex;
using modes::WaveguideMode;

namespace {

/// Points of a band where a polynomial through all of them does not oscillate: Chebyshev of the
/// second kind, ends included.
std::vector<double> ChebyshevPoints(double low, double high, int count) {
  std::vector<double> points;
  for (int k = count - 1; k >= 0; --k) {
    points.push_back(0.5 * (low + high) + 0.5 * (high - low) * std::cos(M_PI * k / (count - 1)));
  }
  return points;
}

constexpr std::array<std::vector<Complex> WaveguideMode::*, 6> kFields{
    &WaveguideMode::e_u, &WaveguideMode::e_v, &WaveguideMode::e_n,
    &WaveguideMode::h_u, &WaveguideMode::h_v, &WaveguideMode::h_n};

void Scale(WaveguideMode& mode, Complex factor) {
  for (const auto field : kFields) {
    for (Complex& value : mode.*field) value *= factor;
  }
}

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

/// The modes of `found` that continue those of `before`, each another one, with the sign of its
/// predecessor.
std::vector<WaveguideMode> Continue(const domain::Lattice& lattice,
                                    const std::vector<WaveguideMode>& before,
                                    std::vector<WaveguideMode> found) {
  std::vector<WaveguideMode> continued;
  std::vector<bool> taken(found.size(), false);
  for (const WaveguideMode& mode : before) {
    Complex best = 0;
    size_t choice = found.size();
    for (size_t k = 0; k < found.size(); ++k) {
      const Complex overlap = ModeOverlap(lattice, mode, found[k]);
      if (taken[k] || std::abs(overlap) <= std::abs(best)) continue;
      best = overlap;
      choice = k;
    }
    if (choice == found.size()) break;
    taken[choice] = true;
    continued.push_back(found[choice]);
    if (best.real() < 0) Scale(continued.back(), -1.0);
  }
  return continued;
}

void CheckGuided(const domain::PlanePort& port, const domain::PortGuides& guides,
                 const std::vector<WaveguideMode>& modes, double omega) {
  for (size_t m = 0; m < port.modes.size(); ++m) {
    if (m < modes.size() && modes[m].guided) continue;
    std::string reason;
    if (m < modes.size()) {
      reason = modes::LeakReason(modes[m].n_eff.real(), modes[m].edge_index, modes[m].edge);
    }
    base::Fail("{}port '{}' has no guided mode {} at a wavelength of {:.4f} um: {}{}",
               port.where.empty() ? "" : port.where + ": ", port.name, port.modes[m],
               2 * M_PI / omega, reason, guides.WhyNoMode());
  }
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

ModeSpectrum::ModeSpectrum(MPI_Comm comm, const domain::Lattice& lattice,
                           const domain::MediumMap& media, const domain::PlanePort& port,
                           const domain::PortPlane& plane, std::vector<double> omegas,
                           const Options& options)
    : omegas_(std::move(omegas)) {
  base::Require(!omegas_.empty() && !port.modes.empty(), "a port has modes and frequencies");
  solved_at_ = omegas_;
  std::sort(solved_at_.begin(), solved_at_.end());
  solved_at_.erase(std::unique(solved_at_.begin(), solved_at_.end()), solved_at_.end());
  interpolated_ = static_cast<int>(solved_at_.size()) > options.most_solves;
  if (interpolated_) {
    solved_at_ = ChebyshevPoints(solved_at_.front(), solved_at_.back(),
                                 std::max(3, options.most_solves | 1));
  }
  const int wanted = 1 + *std::max_element(port.modes.begin(), port.modes.end());
  const auto solve = [&](size_t k, int more) {
    return modes::SolveWaveguide(comm, lattice, media, plane_, solved_at_[k], options.dt,
                                 wanted + more);
  };
  const size_t middle = solved_at_.size() / 2;
  guides_ = GuidesInWindow(comm, lattice, media, port, plane, solved_at_[middle]);
  plane_ = PlaneOfOwnGuide(plane, guides_);
  solved_.resize(solved_at_.size());
  const std::vector<WaveguideMode> all = solve(middle, 0);
  for (const int index : port.modes) {
    if (index < static_cast<int>(all.size())) solved_[middle].push_back(all[index]);
  }
  CheckGuided(port, guides_, solved_[middle], solved_at_[middle]);
  for (size_t k = middle + 1; k < solved_at_.size(); ++k) {
    solved_[k] = Continue(lattice, solved_[k - 1], solve(k, 2));
    CheckGuided(port, guides_, solved_[k], solved_at_[k]);
  }
  for (size_t k = middle; k-- > 0;) {
    solved_[k] = Continue(lattice, solved_[k + 1], solve(k, 2));
    CheckGuided(port, guides_, solved_[k], solved_at_[k]);
  }
}

WaveguideMode ModeSpectrum::AtFrequency(int mode, double omega) const {
  return Interpolate(mode, omega, 1);
}

WaveguideMode ModeSpectrum::Interpolate(int mode, double omega, size_t stride) const {
  std::vector<double> points;
  for (size_t k = 0; k < solved_at_.size(); k += stride) points.push_back(solved_at_[k]);
  const std::vector<double> weights = InterpolationWeights(points, omega);
  WaveguideMode sum = EmptyLike(solved_.front()[mode]);
  for (size_t k = 0; k < points.size(); ++k) {
    if (weights[k] != 0) AddScaled(sum, solved_[k * stride][mode], weights[k]);
  }
  sum.n_eff = sum.beta / omega;
  return sum;
}

double ModeSpectrum::InterpolationError() const {
  if (!interpolated_) return 0;
  double error = 0;
  for (size_t k = 1; k < solved_at_.size(); k += 2) {
    for (int m = 0; m < Modes(); ++m) {
      const WaveguideMode& exact = solved_[k][m];
      const WaveguideMode coarse = Interpolate(m, solved_at_[k], 2);
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
