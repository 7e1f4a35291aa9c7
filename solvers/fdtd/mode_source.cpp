#include "solvers/fdtd/mode_source.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "domain/base/error.hpp"
#include "solvers/fdtd/delayed_signals.hpp"
#include "solvers/fdtd/interpolation.hpp"
#include "solvers/modes/curved_mode.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;

/// Of the profile, in the root of the sum of squares: S is reciprocal to a few times as much.
constexpr double kModeTolerance = 1e-6;
/// Modes are exact to better than 1e-10, which polynomials may make larger by this.
constexpr double kMostGrowth = 1e4;
/// Deviations of a pulse's spectrum on either side of the carrier that the profile is fitted over
/// at least.
constexpr double kFittedDeviations = 1.5;
/// Of 2 pi / width of the fitted band: nine copies make the first derivatives of the pulse, 1 % of
/// its length apart.
constexpr double kDelayStep = 1.0 / 40;
constexpr size_t kProbes = 4000;

/// The frequencies of the modes, and where the pulse has most of its light.
std::array<double, 2> FittedBand(const ModeSource& source) {
  std::array<double, 2> band{source.omegas.front(), source.omegas.back()};
  const double carrier = source.waveform.Omega();
  const double reach = kFittedDeviations * source.waveform.Deviation();
  band[0] = std::min(band[0], std::max(carrier - reach, 0.5 * band[0]));
  band[1] = std::max(band[1], carrier + reach);
  return band;
}

/// The mode of a curved guide as a launch on a node plane takes it: e on the plane, which may stand
/// beside the centre of the circle, h on the half plane half a cell behind.
modes::WaveguideMode ForLaunch(const domain::Lattice& lattice, const modes::WaveguideMode& mode,
                               const LaunchPlane& plane, double half_width) {
  const double beside =
      plane.inward * (lattice.Node(plane.axis, plane.node) - mode.plane.curve.along);
  modes::WaveguideMode launched = modes::OnPlaneBeside(lattice, mode, beside);
  const modes::WaveguideMode behind =
      modes::OnPlaneBeside(lattice, modes::WithPlainH(lattice, mode), beside - half_width);
  launched.h_u = behind.h_u;
  launched.h_v = behind.h_v;
  return launched;
}

const ModeSource& Checked(const ModeSource& source) {
  base::Require(!source.modes.empty() && source.modes.size() == source.omegas.size(),
                "a mode is launched by what it is at one frequency at least");
  base::Require(std::is_sorted(source.omegas.begin(), source.omegas.end()),
                "the modes of a launch stand in order of frequency");
  return source;
}

}  // namespace

ModeSource LaunchOf(const domain::Lattice& lattice, const std::vector<double>& omegas,
                    const std::vector<const modes::WaveguideMode*>& modes, int direction,
                    const Waveform& waveform, Complex amplitude) {
  const modes::WaveguidePlane& on = modes.front()->plane;
  ModeSource source{{on.axis, on.node, direction, {}, {}}, omegas, modes, amplitude, waveform};
  for (int d = 0; d < 3; ++d) {
    const bool whole = lattice.Periodic(d) && on.box.Extent(d) == lattice.Points(d);
    const std::array<int, 2> span =
        whole ? SpanningNodes(lattice, d) : std::array<int, 2>{on.box.lo[d], on.box.hi[d] - 1};
    source.plane.first_node[d] = span[0];
    source.plane.last_node[d] = span[1];
  }
  return source;
}

ModeLaunch::ModeLaunch(const domain::Lattice& lattice, double dt, const ModeSource& source)
    : lattice_(lattice),
      dt_(dt),
      source_(Checked(source)),
      half_width_(0.5 * lattice.CellWidth(source.plane.axis, source.plane.HalfBehind())),
      bent_(BentModes()),
      fitted_(FittedBand(source)),
      nodes_(StablePoints(source.omegas, fitted_, kMostGrowth)),
      probes_(ProbesOf(kProbes)),
      expansion_(Expand()),
      error_(LargestError()) {}

std::vector<modes::WaveguideMode> ModeLaunch::BentModes() {
  std::vector<modes::WaveguideMode> bent;
  if (source_.modes.front()->plane.curve.Straight()) return bent;
  for (const modes::WaveguideMode* mode : source_.modes) {
    bent.push_back(ForLaunch(lattice_, *mode, source_.plane, half_width_));
  }
  for (size_t n = 0; n < bent.size(); ++n) source_.modes[n] = &bent[n];
  return bent;
}

/// beta w / 2 as a line through the first of the chosen modes, which the rest is small beside.
double ModeLaunch::LinearPhase(double omega) const {
  const size_t first = nodes_.front();
  const modes::WaveguideMode& mode = *source_.modes[first];
  return half_width_ * (mode.beta.real() + mode.group_index * (omega - source_.omegas[first]));
}

/// Of the modes in the incident field of a frequency, zeros for those that are not chosen.
Eigen::RowVectorXcd ModeLaunch::Shares(bool electric, double omega) const {
  std::vector<double> points;
  for (const size_t n : nodes_) points.push_back(source_.omegas[n]);
  const std::vector<double> weights = InterpolationWeights(points, omega);
  Eigen::RowVectorXcd shares =
      Eigen::RowVectorXcd::Zero(static_cast<Eigen::Index>(source_.modes.size()));
  for (size_t k = 0; k < nodes_.size(); ++k) {
    Complex share = source_.amplitude * weights[k];
    if (!electric) {
      const Complex phase = half_width_ * source_.modes[nodes_[k]]->beta - LinearPhase(points[k]);
      share *= static_cast<double>(source_.plane.inward) *
               std::exp(Complex(0, -1) * (phase + LinearPhase(omega)));
    }
    shares(static_cast<Eigen::Index>(nodes_[k])) = share;
  }
  return shares;
}

/// c_k(r) of the expansion as sums of the modes, terms x modes.
Eigen::MatrixXcd ModeLaunch::TermShares(bool electric) const {
  const auto modes = static_cast<Eigen::Index>(source_.modes.size());
  Eigen::MatrixXcd sum = Eigen::MatrixXcd::Zero(expansion_.Terms(), modes);
  const std::vector<double>& omegas = expansion_.Frequencies();
  for (size_t q = 0; q < omegas.size(); ++q) {
    sum += expansion_.Projection().col(static_cast<Eigen::Index>(q)) * Shares(electric, omegas[q]);
  }
  return sum;
}

ModeLaunch::Probes ModeLaunch::ProbesOf(size_t most) const {
  const size_t points = source_.modes.front()->e_u.size();
  const size_t stride = 1 + points / most;
  const auto count = static_cast<Eigen::Index>((points + stride - 1) / stride);
  const auto modes = static_cast<Eigen::Index>(source_.modes.size());
  Probes probes;
  for (int c = 0; c < 6; ++c) {
    const auto component = static_cast<Component>(c);
    if (c % 3 == source_.plane.axis || !lattice_.Has(component)) continue;
    Eigen::MatrixXcd& all = domain::IsElectric(component) ? probes.electric : probes.magnetic;
    const Eigen::Index first = all.rows();
    all.conservativeResize(first + count, modes);
    for (Eigen::Index n = 0; n < modes; ++n) {
      const auto& field = source_.modes[static_cast<size_t>(n)]->Field(component);
      for (Eigen::Index r = 0; r < count; ++r) {
        all(first + r, n) = field[static_cast<size_t>(r) * stride];
      }
    }
  }
  return probes;
}

/// E and H of the incident field at the probing points.
Eigen::VectorXcd ModeLaunch::Profile(double omega) const {
  Eigen::VectorXcd values(probes_.electric.rows() + probes_.magnetic.rows());
  values << probes_.electric * Shares(true, omega).transpose(),
      probes_.magnetic * Shares(false, omega).transpose();
  return values;
}

BandExpansion ModeLaunch::Expand() const {
  if (source_.waveform.IsContinuous()) return BandExpansion(source_.waveform.Omega());
  BandExpansion::Options options;
  options.fitted = fitted_;
  options.judged = {source_.omegas.front(), source_.omegas.back()};
  options.longest_delay = source_.modes.front()->group_index * half_width_;
  options.step = kDelayStep;
  options.delays_beyond = 3;
  options.smallest = 1e-10;
  options.tolerance = kModeTolerance;
  return BandExpansion(options, [this](double omega) { return Profile(omega); });
}

double ModeLaunch::LargestError() const {
  if (source_.waveform.IsContinuous()) return 0;
  const Eigen::MatrixXcd electric = probes_.electric * TermShares(true).transpose();
  const Eigen::MatrixXcd magnetic = probes_.magnetic * TermShares(false).transpose();
  double error = 0;
  for (size_t n = 0; n < source_.modes.size(); ++n) {
    const auto number = static_cast<Eigen::Index>(n);
    const Complex behind = source_.amplitude * static_cast<double>(source_.plane.inward) *
                           std::exp(Complex(0, -half_width_) * source_.modes[n]->beta);
    const Eigen::VectorXcd exact_e = source_.amplitude * probes_.electric.col(number);
    const Eigen::VectorXcd exact_h = behind * probes_.magnetic.col(number);
    const Eigen::VectorXcd signals = expansion_.Signals(source_.omegas[n]);
    const double off =
        std::hypot((electric * signals - exact_e).norm(), (magnetic * signals - exact_h).norm());
    error = std::max(error, off / std::hypot(exact_e.norm(), exact_h.norm()));
  }
  return error;
}

Current ModeLaunch::OnPoints(const domain::IndexBox& held) const {
  const Waveform late = source_.waveform.Delayed(Lead());
  const auto signals = std::make_shared<DelayedSignals>(late, dt_, 0.0, expansion_);
  const std::array<Eigen::MatrixXcd, 2> shares{TermShares(false), TermShares(true)};
  const domain::IndexBox& box = source_.modes.front()->plane.box;
  Eigen::VectorXcd values(static_cast<Eigen::Index>(source_.modes.size()));
  Current current{signals, {}, {}};
  ForEachTerm(lattice_, source_.plane, held, [&](const EquivalentTerm& term) {
    std::array<int, 3> p = term.incident_point;
    p[source_.plane.axis] = box.lo[source_.plane.axis];
    if (!box.Contains(p[0], p[1], p[2])) return;
    const auto at = static_cast<size_t>(box.Offset(p[0], p[1], p[2]));
    for (size_t n = 0; n < source_.modes.size(); ++n) {
      values(static_cast<Eigen::Index>(n)) = source_.modes[n]->Field(term.incident)[at];
    }
    const Eigen::VectorXcd profile =
        term.factor * (shares[domain::IsElectric(term.incident)] * values);
    if (profile.isZero(0)) return;
    const CurrentKind kind =
        domain::IsElectric(term.driven) ? CurrentKind::Electric : CurrentKind::Magnetic;
    current.series.push_back({term.driven,
                              term.point,
                              signals->First(kind),
                              {profile.data(), profile.data() + profile.size()}});
  });
  return current;
}

}  // namespace symwave::solvers::fdtd
