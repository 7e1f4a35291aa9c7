#include "solvers/modes/plane_medium.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/column_range.hpp"

namespace symwave::solvers::modes {

using base::Communicator;
using domain::Component;
using domain::IndexBox;
using domain::SteppedFrequency;

namespace {

using domain::kI;

/// eps of the poles of a medium and its derivative by omega [um].
std::array<Complex, 2> Susceptibility(const domain::Medium& medium, const SteppedFrequency& f) {
  Complex value = 0;
  Complex slope = 0;
  for (const domain::Pole& pole : medium.poles) {
    const Complex denominator =
        pole.frequency * pole.frequency - f.w * f.w - kI * pole.damping * f.v;
    value += pole.strength / denominator;
    slope += pole.strength * (2 * f.w * f.w_prime + kI * pole.damping * f.v_prime) /
             (denominator * denominator);
  }
  return {value, slope};
}

std::array<std::vector<Complex>, 2> Evaluate(const domain::MediumMap& media, Component component,
                                             const IndexBox& box, const SteppedFrequency& f) {
  const domain::MediumBlock block = media.sample(component, box);
  std::array<std::vector<Complex>, 2> values;
  values[0].assign(block.eps.begin(), block.eps.end());
  values[1].assign(block.eps.size(), 0.0);
  for (size_t p = 0; p < block.conductivity.size(); ++p) {
    values[0][p] += kI * block.conductivity[p] * f.mean / f.w;
    values[1][p] +=
        kI * block.conductivity[p] * (f.mean_prime / f.w - f.mean * f.w_prime / (f.w * f.w));
  }
  for (const auto& dispersive : block.dispersive) {
    const auto poles = Susceptibility(media.media[dispersive.medium], f);
    for (size_t p = 0; p < dispersive.share.size(); ++p) {
      for (int k = 0; k < 2; ++k) values[k][p] += dispersive.share[p] * poles[k];
    }
  }
  return values;
}

/// Couplings within a plane, all of it on every rank; those with the normal vanish in a guide that
/// is uniform along it.
void SampleCouplings(MPI_Comm comm, const ModeMedia& media, const WaveguidePlane& plane,
                     PlaneMedium& medium) {
  if (plane.axis != 2 || !media.couple) return;
  std::vector<domain::NodeCoupling> couplings;
  base::AgreeOnFailure(comm, [&] { couplings = media.couple(plane.box); });
  if (couplings.empty()) return;
  medium.coupling.assign(plane.box.Count(), 0.0);
  for (const auto& [node, value] : couplings) {
    medium.coupling[plane.box.Offset(node[0], node[1], node[2])] = value;
  }
}

/// Points outside plane.media take the values of the nearest point inside.
void ContinueMedia(const WaveguidePlane& plane, PlaneMedium& medium) {
  if (plane.media.Empty()) return;
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  const auto inside = [&](int axis, int i) {
    return std::clamp(i, plane.media.lo[axis], plane.media.hi[axis] - 1) - plane.box.lo[axis];
  };
  const int nu = plane.box.Extent(axes.u);
  const auto spread = [&](std::vector<Complex>& values) {
    const std::vector<Complex> given = values;
    for (int v = plane.box.lo[axes.v], p = 0; v < plane.box.hi[axes.v]; ++v) {
      for (int u = plane.box.lo[axes.u]; u < plane.box.hi[axes.u]; ++u, ++p) {
        values[p] = given[static_cast<size_t>(inside(axes.v, v)) * nu + inside(axes.u, u)];
      }
    }
  };
  for (int k = 0; k < 3; ++k) {
    spread(medium.eps[k]);
    spread(medium.slope[k]);
  }
  for (size_t p = 0; p < medium.coupling.size(); ++p) {
    const int u = plane.box.lo[axes.u] + static_cast<int>(p % static_cast<size_t>(nu));
    const int v = plane.box.lo[axes.v] + static_cast<int>(p / static_cast<size_t>(nu));
    if (inside(axes.u, u) != u - plane.box.lo[axes.u] ||
        inside(axes.v, v) != v - plane.box.lo[axes.v]) {
      medium.coupling[p] = 0;
    }
  }
}

}  // namespace

ModeMedia ModeMediaOf(const domain::MediumMap& media, double omega, double dt) {
  const SteppedFrequency frequency(omega, dt);
  return {[&media, frequency](Component component, const IndexBox& box) {
            return Evaluate(media, component, box, frequency);
          },
          media.couple};
}

ModeMedia ModeMediaOf(const domain::PermittivityMap& media) {
  ModeMedia result;
  result.sample = [&media](Component component, const IndexBox& box) {
    std::array<std::vector<Complex>, 2> values{media.sample(component, box), {}};
    values[1].assign(values[0].size(), 0.0);
    return values;
  };
  if (!media.couple) return result;
  result.couple = [&media](const IndexBox& box) {
    std::vector<domain::NodeCoupling> couplings;
    for (const domain::ComplexCoupling& c : media.couple(box)) {
      couplings.push_back({c.node, c.inverse_eps.real()});
    }
    return couplings;
  };
  return result;
}

PlaneMedium SamplePlane(MPI_Comm comm, const domain::Lattice& lattice, const ModeMedia& media,
                        const WaveguidePlane& plane) {
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  const int ranks = Communicator::SizeOf(comm);
  const int rows = plane.box.Extent(axes.v);
  std::vector<int> counts(ranks);
  std::vector<int> starts(ranks);
  IndexBox slice = plane.box;
  for (int r = 0; r < ranks; ++r) {
    const domain::ColumnRange range = domain::PartitionColumns({0, rows}, r, ranks);
    const long width = plane.box.Extent(axes.u);
    counts[r] = base::MessageCount(range.Count() * width);
    starts[r] = base::MessageCount(range.begin * width);
    if (r != Communicator::RankIn(comm)) continue;
    slice.lo[axes.v] = plane.box.lo[axes.v] + range.begin;
    slice.hi[axes.v] = plane.box.lo[axes.v] + range.end;
  }
  PlaneMedium medium;
  const std::array<int, 3> directions{axes.u, axes.v, axes.n};
  for (int k = 0; k < 3; ++k) {
    const Component component = domain::ElectricAlong(directions[k]);
    medium.eps[k].assign(plane.box.Count(), 1.0);
    medium.slope[k].assign(plane.box.Count(), 0.0);
    if (!lattice.Has(component)) continue;
    std::array<std::vector<Complex>, 2> mine;
    base::AgreeOnFailure(comm, [&] {
      if (!slice.Empty()) mine = media.sample(component, slice);
    });
    const auto gather = [&](const std::vector<Complex>& from, std::vector<Complex>& to) {
      base::Mpi(MPI_Allgatherv(from.data(), base::MessageCount(from.size()), MPI_CXX_DOUBLE_COMPLEX,
                               to.data(), counts.data(), starts.data(), MPI_CXX_DOUBLE_COMPLEX,
                               comm));
    };
    gather(mine[0], medium.eps[k]);
    gather(mine[1], medium.slope[k]);
  }
  SampleCouplings(comm, media, plane, medium);
  ContinueMedia(plane, medium);
  return medium;
}

std::vector<double> PlanePermittivity(MPI_Comm comm, const domain::Lattice& lattice,
                                      const domain::MediumMap& media, const WaveguidePlane& plane,
                                      double omega) {
  const PlaneMedium medium = SamplePlane(comm, lattice, ModeMediaOf(media, omega, 0), plane);
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  std::vector<double> largest(plane.box.Count(), -INFINITY);
  const std::array<int, 3> directions{axes.u, axes.v, axes.n};
  for (int k = 0; k < 3; ++k) {
    if (!lattice.Has(domain::ElectricAlong(directions[k]))) continue;
    for (size_t p = 0; p < largest.size(); ++p) {
      largest[p] = std::max(largest[p], medium.eps[k][p].real());
    }
  }
  return largest;
}

}  // namespace symwave::solvers::modes
