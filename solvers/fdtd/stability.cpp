#include "solvers/fdtd/stability.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/column_range.hpp"
#include "domain/node_coupling.hpp"
#include "solvers/yee/thin_pml.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Medium;
using domain::Pole;

namespace {

/// |z| - 1 that is rounding; a double root at |z| = 1, the border of stability, shows as 1e-8.
constexpr double kGrowthTolerance = 1e-9;
constexpr int kScannedEigenvalues = 128;

/// One step of (e, h, j_1, q_1, j_2, q_2 ...): e = sqrt(eps_inf) E, j = J / sqrt|strength|, q =
/// frequency P / sqrt|strength|. Without loss these scales make the couplings antisymmetric, so
/// that the eigenvalues are well conditioned for poles of any frequency.
Eigen::MatrixXd StepMatrix(const Medium& medium, double k, double dt) {
  const auto poles = static_cast<int>(medium.poles.size());
  const int size = 2 + 2 * poles;
  const double root_eps = std::sqrt(medium.eps_inf);
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(size, size);
  Eigen::MatrixXd next = one;
  next.row(1) = one.row(1) - dt * k / root_eps * one.row(0);
  Eigen::RowVectorXd curl_less_current = k * next.row(1);
  for (int p = 0; p < poles; ++p) {
    const Pole& pole = medium.poles[p];
    const int j = 2 + 2 * p, q = j + 1;
    const double coupling = std::sqrt(std::abs(pole.strength));
    const double drive = std::copysign(coupling, pole.strength) / root_eps;
    const double half_loss = 0.5 * pole.damping * dt;
    next.row(j) =
        ((1 - half_loss) * one.row(j) + dt * (drive * one.row(0) - pole.frequency * one.row(q))) /
        (1 + half_loss);
    next.row(q) = one.row(q) + dt * pole.frequency * next.row(j);
    curl_less_current -= coupling * next.row(j);
  }
  const double half_loss = 0.5 * medium.conductivity * dt / medium.eps_inf;
  next.row(0) =
      ((1 - half_loss) * one.row(0) + dt / root_eps * curl_less_current) / (1 + half_loss);
  return next;
}

/// Largest k of the discrete curl curl.
double LargestWaveNumber(const Lattice& lattice) {
  return 2 / lattice.CourantLimit();
}

/// 2 / norm of the couplings: the limit of the leapfrog without loss and without gain.
double LosslessLimit(const Lattice& lattice, const Medium& medium) {
  const double k = LargestWaveNumber(lattice);
  double norm_squared = k * k / medium.eps_inf;
  for (const Pole& pole : medium.poles) {
    norm_squared += std::abs(pole.strength) / medium.eps_inf + pole.frequency * pole.frequency;
  }
  return 2 / std::sqrt(norm_squared);
}

bool Stable(const Lattice& lattice, const Medium& medium, double dt) {
  return LargestAmplification(lattice, medium, dt) <= 1 + kGrowthTolerance;
}

void RequireFinite(const Medium& medium) {
  bool finite = std::isfinite(medium.eps_inf) && std::isfinite(medium.conductivity);
  for (const Pole& pole : medium.poles) {
    finite = finite && std::isfinite(pole.strength) && std::isfinite(pole.frequency) &&
             std::isfinite(pole.damping);
  }
  if (!finite) base::Fail("medium '{}' has a parameter that is not a finite number", medium.name);
  if (!(medium.eps_inf > 0)) {
    base::Fail(
        "medium '{}' has eps_inf = {:.6g}; the time domain needs eps_inf > 0: describe a "
        "negative permittivity by a Drude or Lorentz pole",
        medium.name, medium.eps_inf);
  }
}

/// For a medium that grows with any time step.
[[noreturn]] void FailByGain(const Medium& medium, double growth) {
  const std::string consequence = fmt::format(
      "its fields would grow by a factor {:.8g} in every step; change its sign, or fit "
      "the medium again with passive poles",
      growth);
  if (medium.conductivity < 0) {
    base::Fail("medium '{}' amplifies: conductivity = {:.6g} 1/um, allowed >= 0; {}", medium.name,
               medium.conductivity, consequence);
  }
  for (size_t p = 0; p < medium.poles.size(); ++p) {
    const Pole& pole = medium.poles[p];
    if (pole.damping >= 0 && pole.strength >= 0) continue;
    const bool damping = pole.damping < 0;
    base::Fail("medium '{}' amplifies: pole {} has {} = {:.6g} {}, allowed >= 0; {}", medium.name,
               p + 1, damping ? "damping" : "strength", damping ? pole.damping : pole.strength,
               damping ? "1/um" : "1/um^2", consequence);
  }
  base::Fail("medium '{}' amplifies at every time step; {}", medium.name, consequence);
}

[[noreturn]] void FailByTimeStep(const Lattice& lattice, const Medium& medium, double dt,
                                 double limit) {
  const double courant = lattice.CourantLimit();
  for (size_t p = 0; p < medium.poles.size(); ++p) {
    const double angle = medium.poles[p].frequency * dt;
    if (angle < 2) continue;
    base::Fail(
        "medium '{}' is unstable: pole {} has frequency * dt = {:.4g}, allowed below 2; set "
        "the Courant number below {:.4g}, make the cells smaller, or take the pole into "
        "eps_inf",
        medium.name, p + 1, angle, limit / courant);
  }
  base::Fail(
      "the time step of {:.6g} um is unstable in medium '{}' (eps_inf {:.6g}, {} poles): the "
      "Courant number is {:.4g}, allowed below {:.4g}; lower it, or make the smallest cells "
      "larger",
      dt, medium.name, medium.eps_inf, medium.poles.size(), dt / courant, limit / courant);
}

}  // namespace

double LargestAmplification(const Lattice& lattice, const Medium& medium, double dt) {
  double largest = std::numeric_limits<double>::infinity();
  bool invertible = medium.eps_inf > 0 && 2 * medium.eps_inf + medium.conductivity * dt > 0;
  for (const Pole& pole : medium.poles) invertible = invertible && 2 + pole.damping * dt > 0;
  if (!invertible) return largest;
  largest = 0;
  for (int m = 0; m <= kScannedEigenvalues; ++m) {
    const double k = LargestWaveNumber(lattice) * m / kScannedEigenvalues;
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(StepMatrix(medium, k, dt), false);
    largest = std::max(largest, solver.eigenvalues().cwiseAbs().maxCoeff());
  }
  return largest;
}

double LargestStableTimeStep(const Lattice& lattice, const Medium& medium) {
  if (!(medium.eps_inf > 0)) return 0;
  double stable = 1e-2 * LosslessLimit(lattice, medium);
  if (!Stable(lattice, medium, stable)) return 0;
  double unstable = lattice.CourantLimit() * std::sqrt(medium.eps_inf) * (1 + 1e-6);
  for (const Pole& pole : medium.poles) {
    if (pole.frequency > 0) unstable = std::min(unstable, (2 + 1e-6) / pole.frequency);
  }
  while (unstable - stable > 1e-9 * unstable) {
    const double middle = 0.5 * (stable + unstable);
    (Stable(lattice, medium, middle) ? stable : unstable) = middle;
  }
  return stable;
}

void RequireStable(const Lattice& lattice, const std::vector<Medium>& media, double dt) {
  if (!(dt > 0)) base::Fail("the time step is {} um; it must be positive", dt);
  for (const Medium& medium : media) {
    RequireFinite(medium);
    const double growth = LargestAmplification(lattice, medium, dt);
    if (growth <= 1 + kGrowthTolerance) continue;
    const double limit = LargestStableTimeStep(lattice, medium);
    if (limit == 0) FailByGain(medium, growth);
    FailByTimeStep(lattice, medium, dt, limit);
  }
}

namespace {

double CouplingLimit(const Medium& medium) {
  return std::sqrt(medium.eps_inf / domain::kCouplingOvershoot);
}

}  // namespace

bool StableCouplings(const std::vector<Medium>& media, double courant) {
  return std::all_of(media.begin(), media.end(),
                     [&](const Medium& medium) { return courant <= CouplingLimit(medium); });
}

void RequireStableCouplings(const std::vector<Medium>& media, double courant) {
  for (const Medium& medium : media) {
    const double limit = CouplingLimit(medium);
    if (courant <= limit) continue;
    base::Fail(
        "the Courant number is {:.4g}; with oblique interfaces beside medium '{}' (eps_inf {:.6g}) "
        "it must stay below {:.4g}: lower it",
        courant, medium.name, medium.eps_inf, limit);
  }
}

void RequirePml(const PmlOptions& options) {
  if (!(options.reflection > 0 && options.reflection < 1)) {
    base::Fail("the PML has reflection = {}; it must lie between 0 and 1, for example 1e-8",
               options.reflection);
  }
  if (!(options.order >= 0)) base::Fail("the PML has order = {}, allowed >= 0", options.order);
  if (!(options.kappa_max >= 1)) {
    base::Fail("the PML has kappa_max = {}, allowed >= 1 (1: no stretching)", options.kappa_max);
  }
  if (!(options.alpha_max >= 0)) {
    base::Fail("the PML has alpha_max = {} 1/um, allowed >= 0: below, its memory grows",
               options.alpha_max);
  }
  if (!(options.index > 0)) base::Fail("the PML has index = {}, allowed > 0", options.index);
}

namespace {

/// What the outermost points of a PML hold.
struct PmlContent {
  std::vector<int> dispersive;  ///< per medium: whether it fills half of some point
  double lowest_eps = std::numeric_limits<double>::max();
  double highest_eps = 0;
};

/// This rank's share of the outermost points of one side.
IndexBox ShareOfEnd(MPI_Comm comm, const Lattice& lattice, int axis, int side) {
  IndexBox box = lattice.AllPoints();
  box.lo[axis] = side == 0 ? 0 : lattice.Cells(axis) - 1;
  box.hi[axis] = box.lo[axis] + 1;
  int longest = axis == 0 ? 1 : 0;
  for (int d = 0; d < 3; ++d) {
    if (d != axis && box.Extent(d) > box.Extent(longest)) longest = d;
  }
  const domain::ColumnRange mine =
      domain::PartitionColumns({box.lo[longest], box.hi[longest]}, base::Communicator::RankIn(comm),
                               base::Communicator::SizeOf(comm));
  box.lo[longest] = mine.begin;
  box.hi[longest] = mine.end;
  return box;
}

void AddMedia(const domain::MediumBlock& block, PmlContent& content) {
  std::vector<bool> instantaneous(block.eps.size(), true);
  for (const auto& part : block.dispersive) {
    for (size_t k = 0; k < part.share.size(); ++k) {
      if (part.share[k] < 0.5) continue;
      content.dispersive[part.medium] = 1;
      instantaneous[k] = false;
    }
  }
  for (size_t k = 0; k < block.eps.size(); ++k) {
    if (!instantaneous[k]) continue;
    content.lowest_eps = std::min(content.lowest_eps, block.eps[k]);
    content.highest_eps = std::max(content.highest_eps, block.eps[k]);
  }
}

PmlContent ContentOf(MPI_Comm comm, const Lattice& lattice, const domain::MediumMap& media,
                     int axis, int side) {
  PmlContent content;
  content.dispersive.assign(media.media.size(), 0);
  const IndexBox box = ShareOfEnd(comm, lattice, axis, side);
  base::AgreeOnFailure(comm, [&] {
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      if (lattice.Has(c) && !box.Empty()) AddMedia(media.sample(c, box), content);
    }
  });
  if (!content.dispersive.empty()) {
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, content.dispersive.data(),
                            static_cast<int>(content.dispersive.size()), MPI_INT, MPI_MAX, comm));
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &content.lowest_eps, 1, MPI_DOUBLE, MPI_MIN, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &content.highest_eps, 1, MPI_DOUBLE, MPI_MAX, comm));
  return content;
}

/// Lowest Re eps within the band, on a scan.
double LowestPermittivity(const Medium& medium, const std::array<double, 2>& band) {
  double lowest = std::numeric_limits<double>::max();
  for (int m = 0; m <= 64; ++m) {
    const double omega = band[0] + (band[1] - band[0]) * m / 64;
    lowest = std::min(lowest, medium.Permittivity(omega).real());
  }
  return lowest;
}

/// Sentences that name ends of axes, one for all ends of which the same is said.
class SentencesOnEnds {
 public:
  /// `before` and `after` the list of the ends.
  void Add(const std::string& before, const std::string& after, const yee::LatticeEnd& end) {
    for (Sentence& sentence : sentences_) {
      if (sentence.before != before || sentence.after != after) continue;
      sentence.ends.push_back(end);
      return;
    }
    sentences_.push_back({before, after, {end}});
  }
  void AppendTo(std::vector<std::string>& warnings) const {
    for (const Sentence& sentence : sentences_) {
      warnings.push_back(sentence.before + yee::EndsText(sentence.ends) + sentence.after);
    }
  }

 private:
  struct Sentence {
    std::string before, after;
    std::vector<yee::LatticeEnd> ends;
  };
  std::vector<Sentence> sentences_;
};

/// Warnings on the media at one end; adds positive permittivities of dispersive media to `content`.
void WarnOfMedia(const yee::LatticeEnd& end, const std::vector<Medium>& media,
                 const std::array<double, 2>& band, PmlContent& content,
                 SentencesOnEnds& sentences) {
  for (size_t m = 0; m < media.size(); ++m) {
    if (content.dispersive[m] == 0) continue;
    const double lowest = LowestPermittivity(media[m], band);
    if (lowest >= 0) {
      content.lowest_eps = std::min(content.lowest_eps, lowest);
      content.highest_eps = std::max(content.highest_eps, lowest);
      continue;
    }
    sentences.Add(
        fmt::format("medium '{}' has a permittivity down to {:.4g} in the band and reaches the end "
                    "of the PML at ",
                    media[m].name, lowest),
        ": its poles are damped there, lest waves whose phase runs backwards (surface plasmons) "
        "grow, and light guided along it is reflected more than other light; where that matters, "
        "end the medium before the PML, or end that side in a wall (grid.boundary)",
        end);
  }
}

}  // namespace

std::vector<std::string> PmlWarnings(MPI_Comm comm, const Lattice& lattice,
                                     const domain::MediumMap& media, const PmlOptions& options,
                                     const std::array<double, 2>& band) {
  std::vector<std::string> warnings;
  SentencesOnEnds sentences;
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      if (lattice.End(axis, side).pml_cells == 0) continue;
      PmlContent content = ContentOf(comm, lattice, media, axis, side);
      WarnOfMedia({axis, side}, media.media, band, content, sentences);
      if (content.highest_eps == 0) continue;
      const double low = std::sqrt(content.lowest_eps), high = std::sqrt(content.highest_eps);
      if (options.index >= 0.5 * low && options.index <= 2 * high) continue;
      sentences.Add(
          "the PML at ",
          fmt::format(" is graded for an index of {:.4g}, but holds media of index {:.4g} to "
                      "{:.4g} and reflects more; let `background` be the medium that ends there, "
                      "or make grid.pml thicker",
                      options.index, low, high),
          {axis, side});
    }
  }
  sentences.AppendTo(warnings);
  return warnings;
}

}  // namespace symwave::solvers::fdtd
