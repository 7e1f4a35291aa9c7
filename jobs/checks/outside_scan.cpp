#include "jobs/checks/outside_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::jobs::checks {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::MediumBlock;

/// Relative difference of permittivities that is none; averages carry the rounding of areas.
constexpr double kEqual = 1e-6;
constexpr long kHeldPoints = 1 << 22;  // of which media are held at a time

double ShareOf(const MediumBlock& block, int medium, long offset) {
  for (const MediumBlock::Dispersive& dispersive : block.dispersive) {
    if (dispersive.medium == medium) return dispersive.share[offset];
  }
  return 0;
}

double ConductivityAt(const MediumBlock& block, long offset) {
  return block.conductivity.empty() ? 0 : block.conductivity[offset];
}

bool Equal(const MediumBlock& a, long at_a, const MediumBlock& b, long at_b) {
  const auto differ = [](double x, double y, double scale) {
    return std::abs(x - y) > kEqual * std::max({scale, std::abs(x), std::abs(y)});
  };
  if (differ(a.eps[at_a], b.eps[at_b], 0)) return false;
  if (differ(ConductivityAt(a, at_a), ConductivityAt(b, at_b), 1e-3)) return false;
  for (const MediumBlock* block : {&a, &b}) {
    for (const MediumBlock::Dispersive& d : block->dispersive) {
      if (differ(ShareOf(a, d.medium, at_a), ShareOf(b, d.medium, at_b), 1)) return false;
    }
  }
  return true;
}

/// 0 in the high corner or 1 in the low one, along an axis.
int OpenSide(const Lattice& lattice, int axis) {
  return lattice.End(axis, 1).pml_cells > 0 || lattice.Periodic(axis) ? 1 : 0;
}

/// Cells from the box along all axes, 0 on its faces; -1 inside.
int DistanceFrom(const Lattice& lattice, const IndexBox& inside, Component c,
                 const std::array<int, 3>& point) {
  int distance = 0;
  bool within = true;
  for (int d = 0; d < 3; ++d) {
    const bool half = lattice.StaggerOf(c, d) == domain::Stagger::Centre;
    const int below = inside.lo[d] - point[d], above = point[d] - inside.hi[d] + (half ? 1 : 0);
    within = within && below < (half ? 1 : 0) && above < (half ? 1 : 0);
    distance += std::max({below, above, 0});
  }
  return within ? -1 : distance;
}

/// All points of a component, without halves beyond the last cell.
IndexBox PointsOf(const Lattice& lattice, Component c) {
  IndexBox box = lattice.AllPoints();
  for (int d = 0; d < 3; ++d) {
    if (lattice.StaggerOf(c, d) == domain::Stagger::Centre) {
      box.hi[d] = std::min(box.hi[d], lattice.Cells(d));
    }
  }
  return box;
}

/// This rank's share of them.
IndexBox ShareOfRank(MPI_Comm comm, const Lattice& lattice, Component c) {
  IndexBox box = PointsOf(lattice, c);
  const int split = lattice.TwoDimensional() ? 1 : 2;
  const long ranks = base::Communicator::SizeOf(comm), rank = base::Communicator::RankIn(comm);
  const long count = box.Extent(split), low = box.lo[split];
  box.lo[split] = static_cast<int>(low + count * rank / ranks);
  box.hi[split] = static_cast<int>(low + count * (rank + 1) / ranks);
  return box;
}

struct Nearest {
  int distance = std::numeric_limits<int>::max();
  std::array<double, 3> at{0, 0, 0};
  std::array<int, 3> point{0, 0, 0};
};

void LookThrough(const Lattice& lattice, const domain::MediumMap& media, int axis,
                 const IndexBox& inside, Component c, const IndexBox& part, Nearest& nearest) {
  IndexBox column = lattice.AllPoints();
  for (int d = 0; d < 3; ++d) {
    if (d == axis) continue;
    const bool half = lattice.StaggerOf(c, d) == domain::Stagger::Centre;
    const int last = half ? lattice.Cells(d) - 1 : lattice.Points(d) - 1;
    column.lo[d] = OpenSide(lattice, d) == 1 ? last : 0;
    column.hi[d] = column.lo[d] + 1;
  }
  const MediumBlock wanted = media.sample(c, column);
  const MediumBlock found = media.sample(c, part);
  for (int k = part.lo[2]; k < part.hi[2]; ++k) {
    for (int j = part.lo[1]; j < part.hi[1]; ++j) {
      for (int i = part.lo[0]; i < part.hi[0]; ++i) {
        const std::array<int, 3> point{i, j, k};
        const int distance = DistanceFrom(lattice, inside, c, point);
        if (distance < 0 || distance >= nearest.distance) continue;
        std::array<int, 3> there = column.lo;
        there[axis] = point[axis];
        if (Equal(found, part.Offset(i, j, k), wanted,
                  column.Offset(there[0], there[1], there[2]))) {
          continue;
        }
        nearest.distance = distance;
        nearest.point = point;
        for (int d = 0; d < 3; ++d) nearest.at[d] = lattice.Position(c, d, point[d]);
      }
    }
  }
}

bool InPml(const Lattice& lattice, const std::array<int, 3>& point) {
  const IndexBox box = lattice.InsidePml();
  bool in = false;
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    in = in || (lattice.End(d, 0).pml_cells > 0 && point[d] < box.lo[d]) ||
         (lattice.End(d, 1).pml_cells > 0 && point[d] >= box.hi[d]);
  }
  return in;
}

}  // namespace

std::array<double, 3> OpenCorner(const Lattice& lattice) {
  std::array<double, 3> corner{0, 0, 0};
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const int cell = OpenSide(lattice, axis) == 1 ? lattice.Cells(axis) - 1 : 0;
    corner[axis] = lattice.HalfNode(axis, cell);
  }
  return corner;
}

std::optional<Stranger> FindStranger(MPI_Comm comm, const Lattice& lattice,
                                     const domain::MediumMap& media, int axis,
                                     const IndexBox& inside) {
  Nearest nearest;
  base::AgreeOnFailure(comm, [&] {
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      if (!lattice.Has(c)) continue;
      const IndexBox share = ShareOfRank(comm, lattice, c);
      if (share.Empty()) continue;
      // Plane by plane along z, and row by row where planes are large: little is held at a time.
      const int rows = static_cast<int>(std::max(1L, kHeldPoints / std::max(1, share.Extent(0))));
      for (int k = share.lo[2]; k < share.hi[2]; ++k) {
        for (int j = share.lo[1]; j < share.hi[1]; j += rows) {
          IndexBox part = share;
          part.lo[1] = j;
          part.hi[1] = std::min(j + rows, share.hi[1]);
          part.lo[2] = k;
          part.hi[2] = k + 1;
          LookThrough(lattice, media, axis, inside, c, part, nearest);
        }
      }
    }
  });
  struct {
    int distance, rank;
  } mine{nearest.distance, base::Communicator::RankIn(comm)}, best{};
  base::Mpi(MPI_Allreduce(&mine, &best, 1, MPI_2INT, MPI_MINLOC, comm));
  if (best.distance == std::numeric_limits<int>::max()) return std::nullopt;
  Stranger stranger;
  stranger.distance = best.distance;
  stranger.at = nearest.at;
  int in_pml = InPml(lattice, nearest.point) ? 1 : 0;
  base::Mpi(MPI_Bcast(stranger.at.data(), 3, MPI_DOUBLE, best.rank, comm));
  base::Mpi(MPI_Bcast(&in_pml, 1, MPI_INT, best.rank, comm));
  stranger.in_pml = in_pml != 0;
  stranger.corner = OpenCorner(lattice);
  stranger.corner[axis] = stranger.at[axis];
  return stranger;
}

std::optional<Stranger> FindStrangerBeside(const Lattice& lattice, const domain::MediumMap& media,
                                           int axis, int plane) {
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!lattice.Has(c)) continue;
    const bool half = lattice.StaggerOf(c, axis) == domain::Stagger::Centre;
    IndexBox part = PointsOf(lattice, c);
    part.lo[axis] = plane - 1;
    part.hi[axis] = plane + (half ? 1 : 2);
    const MediumBlock block = media.sample(c, part);
    const long wanted = part.Count() - 1;
    for (long k = 0; k < part.Count(); ++k) {
      if (Equal(block, k, block, wanted)) continue;
      return Stranger{};
    }
  }
  return std::nullopt;
}

std::pair<std::string, std::string> MaterialsAt(const Lattice& lattice,
                                                const domain::Structure& structure,
                                                const Stranger& stranger) {
  const auto at = [&](const std::array<double, 3>& r) {
    return structure.MaterialAt(r[0], r[1], r[2]);
  };
  const std::string wanted = at(stranger.corner);
  std::array<double, 3> r = stranger.at;
  if (at(r) != wanted) return {at(r), wanted};
  for (int d = 0; d < 3; ++d) {
    for (const double step : {-0.5, 0.5}) {
      r = stranger.at;
      r[d] += step * lattice.SmallestWidth(d);
      if (r[d] != stranger.at[d] && at(r) != wanted) return {at(r), wanted};
    }
  }
  return {"a mixture of materials", wanted};
}

}  // namespace symwave::jobs::checks
