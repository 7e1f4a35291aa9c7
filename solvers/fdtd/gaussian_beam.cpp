#include "solvers/fdtd/gaussian_beam.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/band_expansion.hpp"
#include "solvers/fdtd/beam_waves.hpp"
#include "solvers/fdtd/delayed_signals.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Stagger;

/// Radii of the beam on either side of its axis that the expansion is fitted on.
constexpr double kProbedRadii = 2.5;
/// Entries whose profile is below this share of the field in the focus everywhere are left out.
constexpr double kNegligible = 1e-10;

/// A beam on a lattice and the signals that make it up.
class Beam {
 public:
  Beam(const Lattice& lattice, double dt, const GaussianBeam& given)
      : lattice_(lattice),
        beam_(FocusOnMirrorPlanes(lattice, given)),
        launch_(PlanBeam(lattice, dt, beam_)),
        waves_(lattice, dt, beam_, launch_),
        axis_(launch_.plane.axis),
        u_((axis_ + 1) % 3),
        v_((axis_ + 2) % 3),
        dt_(dt),
        lead_(beam_.waveform.IsContinuous() ? 0 : GroupIndex() * launch_.distance),
        expansion_(Expand()) {
    CheckExpansion();
  }

  /// Of the earliest signal before the waveform.
  double Lead() const { return std::max(0.0, lead_ + expansion_.LongestDelay()); }
  int Signals() const { return expansion_.Terms(); }
  Current OnPoints(const IndexBox& held) const;

 private:
  double GroupIndex() const;
  double LongestDelay(int across) const;
  BandExpansion Expand() const;
  void CheckExpansion() const;
  std::vector<double> ProbesAlong(int axis) const;
  void AddFrequency(size_t q, const IndexBox& box, const IndexBox& held,
                    std::vector<CurrentSeries>& series) const;
  std::vector<double> PointsAlong(Component c, int axis, const IndexBox& box) const;
  double FieldStrength() const;

  const Lattice& lattice_;
  GaussianBeam beam_;
  BeamLaunch launch_;
  BeamWaves waves_;
  int axis_, u_, v_;
  double dt_;
  double lead_;  ///< travel time of the pulse from the plane to the focus [um]
  BandExpansion expansion_;
};

double Beam::GroupIndex() const {
  const auto [low, high] = launch_.fitted;
  return (waves_.WaveNumber(high) - waves_.WaveNumber(low)) / (high - low);
}

/// Between the axis of the beam and its edge along one axis of the plane: of the slanted wavefront
/// and of its curvature.
double Beam::LongestDelay(int axis) const {
  if (launch_.cell[axis] == 0) return 0;
  const double radius = kProbedRadii * waves_.Radius(launch_.fitted[0]);
  const double rayleigh = 0.5 * waves_.WaveNumber(launch_.fitted[1]) * beam_.waist * beam_.waist;
  const double z = std::abs(launch_.distance);
  const double slant = std::abs(launch_.direction[axis] / launch_.direction[axis_]) * radius;
  const double curved = 0.5 * radius * radius * z / (z * z + rayleigh * rayleigh);
  return GroupIndex() * (slant + curved);
}

/// Positions across the beam, dense enough for the delays along them.
std::vector<double> Beam::ProbesAlong(int axis) const {
  if (launch_.cell[axis] == 0) return {launch_.centre[axis]};
  const double reach =
      kProbedRadii * waves_.Radius(launch_.fitted[0]) / std::abs(launch_.direction[axis_]);
  const double step = M_PI / (launch_.fitted[1] - launch_.fitted[0]);
  const int side = 6 + static_cast<int>(std::min(1.5 * LongestDelay(axis) / step, 200.0));
  std::vector<double> positions;
  for (int m = -side; m <= side; ++m) {
    positions.push_back(launch_.centre[axis] + m * reach / side);
  }
  return positions;
}

BandExpansion Beam::Expand() const {
  if (beam_.waveform.IsContinuous()) return BandExpansion(beam_.waveform.Omega());
  BandExpansion::Options options;
  options.fitted = launch_.fitted;
  options.judged = launch_.band;
  options.longest_delay = LongestDelay(u_) + LongestDelay(v_);
  options.tolerance = kBeamTolerance;
  const auto u = ProbesAlong(u_), v = ProbesAlong(v_);
  return BandExpansion(options, [&](double omega) {
    const BeamSpectrum spectrum = waves_.At(omega);
    const double index = waves_.WaveNumber(omega) / omega;
    const Complex turn = std::polar(1.0, omega * lead_);
    std::vector<Complex> values;
    for (int c = 0; c < 6; ++c) {
      if (c % 3 == axis_ || !lattice_.Has(static_cast<Component>(c))) continue;
      for (const Complex& value : SumWaves(spectrum, static_cast<Component>(c), u, v)) {
        values.push_back(turn * value / (c < 3 ? 1.0 : index));
      }
    }
    return Eigen::VectorXcd(Eigen::Map<Eigen::VectorXcd>(values.data(), values.size()));
  });
}

void Beam::CheckExpansion() const {
  if (expansion_.Error() <= kBeamTolerance) return;
  base::Fail(
      "Gaussian beam: from {:.4g} to {:.4g} um wavelength the field on its plane changes more than "
      "a "
      "reasonable number of signals can follow (error {:.1g}, allowed {:.1g}); run the band in "
      "parts, take a plane nearer to the focus, or a direction nearer to the {} axis",
      2 * M_PI / launch_.band[1], 2 * M_PI / launch_.band[0], expansion_.Error(), kBeamTolerance,
      "xyz"[axis_]);
}

double Beam::FieldStrength() const {
  double square = 0;
  for (const Complex& e : beam_.electric) square += std::norm(e);
  return std::sqrt(square);
}

std::vector<double> Beam::PointsAlong(Component c, int axis, const IndexBox& box) const {
  std::vector<double> positions;
  for (int i = box.lo[axis]; i < box.hi[axis]; ++i) {
    positions.push_back(lattice_.Position(c, axis, i));
  }
  return positions;
}

void Beam::AddFrequency(size_t q, const IndexBox& box, const IndexBox& held,
                        std::vector<CurrentSeries>& series) const {
  const double omega = expansion_.Frequencies()[q];
  const BeamSpectrum spectrum = waves_.At(omega);
  std::array<std::vector<Complex>, 6> field;
  for (int c = 0; c < 6; ++c) {
    const auto component = static_cast<Component>(c);
    if (c % 3 == axis_ || !lattice_.Has(component)) continue;
    field[c] = SumWaves(spectrum, component, PointsAlong(component, u_, box),
                        PointsAlong(component, v_, box));
  }
  const Eigen::VectorXcd share =
      std::polar(1.0, omega * lead_) * expansion_.Projection().col(static_cast<Eigen::Index>(q));
  size_t n = 0;
  ForEachTerm(lattice_, launch_.plane, held, [&](const EquivalentTerm& term) {
    const auto at = static_cast<size_t>(term.incident_point[u_] - box.lo[u_]) +
                    static_cast<size_t>(term.incident_point[v_] - box.lo[v_]) * box.Extent(u_);
    const Complex value = term.factor * field[static_cast<size_t>(term.incident)][at];
    std::vector<Complex>& profile = series[n++].profile;
    for (size_t k = 0; k < profile.size(); ++k) {
      profile[k] += share(static_cast<Eigen::Index>(k)) * value;
    }
  });
}

/// One frequency after the other, so that no more than one profile is held beside the result.
Current Beam::OnPoints(const IndexBox& held) const {
  const auto signals = std::make_shared<DelayedSignals>(beam_.waveform, dt_, lead_, expansion_);
  Current current{signals, {}, {}};
  ForEachTerm(lattice_, launch_.plane, held, [&](const EquivalentTerm& term) {
    const CurrentKind kind =
        domain::IsElectric(term.driven) ? CurrentKind::Electric : CurrentKind::Magnetic;
    current.series.push_back({term.driven, term.point, signals->First(kind),
                              std::vector<Complex>(expansion_.Terms(), 0)});
  });
  if (current.series.empty()) return current;
  IndexBox box = domain::Intersect(held, lattice_.AllPoints());
  for (int d = 0; d < 3; ++d) {
    if (!lattice_.Periodic(d)) continue;  // points held as images may be any
    box.lo[d] = 0;
    box.hi[d] = lattice_.Points(d);
  }
  for (size_t q = 0; q < expansion_.Frequencies().size(); ++q) {
    AddFrequency(q, box, held, current.series);
  }
  const double cell = lattice_.CellWidth(axis_, launch_.plane.HalfBehind());
  const double smallest = kNegligible * FieldStrength() / cell;
  const auto negligible = [smallest](const CurrentSeries& series) {
    return std::all_of(series.profile.begin(), series.profile.end(),
                       [smallest](const Complex& p) { return std::abs(p) < smallest; });
  };
  auto& series = current.series;
  series.erase(std::remove_if(series.begin(), series.end(), negligible), series.end());
  return current;
}

}  // namespace

double GaussianBeamLead(const Lattice& lattice, double dt, const GaussianBeam& beam) {
  return Beam(lattice, dt, beam).Lead();
}

int GaussianBeamSignals(const Lattice& lattice, double dt, const GaussianBeam& beam) {
  return Beam(lattice, dt, beam).Signals();
}

Current GaussianBeamCurrent(const Lattice& lattice, double dt, const IndexBox& held,
                            const GaussianBeam& beam) {
  return Beam(lattice, dt, beam).OnPoints(held);
}

double GaussianBeamPower(const Lattice& lattice, double dt, const GaussianBeam& given,
                         double omega) {
  const GaussianBeam beam = FocusOnMirrorPlanes(lattice, given);
  const BeamLaunch launch = PlanBeam(lattice, dt, beam);
  return BeamWaves(lattice, dt, beam, launch).At(omega).power;
}

double SpectrumAtHorizon(const Lattice& lattice, double dt, const GaussianBeam& given) {
  const GaussianBeam beam = FocusOnMirrorPlanes(lattice, given);
  const BeamLaunch launch = PlanBeam(lattice, dt, beam);
  const double k = launch.band[0] * LatticeIndex(beam.medium, dt, launch.band[0]);
  return std::exp(-std::pow(0.5 * k * launch.direction[launch.plane.axis] * beam.waist, 2));
}

}  // namespace symwave::solvers::fdtd
