#include "solvers/fdtd/divergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;

namespace {

constexpr std::array<Component, 6> kComponents{Component::Ex, Component::Ey, Component::Ez,
                                               Component::Hx, Component::Hy, Component::Hz};

/// Fields are copied and searched in slabs of this many planes.
constexpr int kPlanes = 8;

/// This rank's largest value; value stays -1 where nothing is finite.
void SearchSlab(const Engine& engine, Component c, const IndexBox& slab, int part,
                LargestValue& largest) {
  const IndexBox mine = Intersect(engine.Owned(), slab);
  const std::vector<double> values = engine.Field(c, slab, part);
  for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
    for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
      for (int i = mine.lo[0]; i < mine.hi[0]; ++i) {
        const double value = std::abs(values[mine.Offset(i, j, k)]);
        if (!std::isfinite(value)) {
          if (largest.not_finite++ == 0 && largest.value < 0) {
            largest.component = c;
            largest.point = {i, j, k};
          }
        } else if (value > largest.value) {
          largest.component = c;
          largest.point = {i, j, k};
          largest.value = value;
        }
      }
    }
  }
}

/// The largest value of all ranks on every rank.
LargestValue Share(MPI_Comm comm, LargestValue mine) {
  struct {
    double value;
    int rank;
  } best{mine.value, base::Communicator::RankIn(comm)};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &best, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm));
  std::array<int, 4> place{static_cast<int>(mine.component), mine.point[0], mine.point[1],
                           mine.point[2]};
  base::Mpi(MPI_Bcast(place.data(), 4, MPI_INT, best.rank, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &mine.not_finite, 1, MPI_LONG, MPI_SUM, comm));
  mine.value = best.value;
  mine.component = static_cast<Component>(place[0]);
  mine.point = {place[1], place[2], place[3]};
  return mine;
}

const char* SideName(int side) {
  return side == 0 ? "low" : "high";
}

struct Surroundings {
  std::string text;
  bool in_pml = false;
};

Surroundings SurroundingsOf(const Lattice& lattice, const std::array<int, 3>& point) {
  static const std::array<const char*, 3> kWalls{"PEC wall", "PMC wall", "periodic seam"};
  Surroundings result;
  const auto add = [&](const std::string& text) {
    result.text += (result.text.empty() ? "" : " and ") + text;
  };
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    for (int side = 0; side < 2; ++side) {
      const domain::AxisEnd& end = lattice.End(d, side);
      const int from_end = side == 0 ? point[d] : lattice.Points(d) - 1 - point[d];
      if (from_end < end.pml_cells) {
        result.in_pml = true;
        add(fmt::format("in the PML at the {} end of {}, {} of its {} cells deep", SideName(side),
                        "xyz"[d], end.pml_cells - from_end, end.pml_cells));
      } else if (from_end <= 1) {
        add(fmt::format("at the {} at the {} end of {}", kWalls[static_cast<size_t>(end.wall)],
                        SideName(side), "xyz"[d]));
      }
    }
  }
  if (result.text.empty()) result.text = "inside the lattice";
  return result;
}

/// What stands at a point, seen by the electric component next to it.
struct LocalMedium {
  std::string name = "an unknown material";
  bool dispersive = false;
};

LocalMedium MediumAt(const Lattice& lattice, const domain::MediumMap& media,
                     const LargestValue& largest) {
  Component c = largest.component;
  for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!domain::IsElectric(c) && lattice.Has(e)) c = e;
  }
  IndexBox box{largest.point, largest.point};
  for (int& hi : box.hi) ++hi;
  const domain::MediumBlock block = media.sample(c, box);
  const double eps = block.eps.at(0);
  LocalMedium local;
  local.name = fmt::format("a mixture of eps {:.4g}", eps);
  for (const domain::Medium& medium : media.media) {
    if (medium.poles.empty() && std::abs(medium.eps_inf - eps) < 1e-6 * eps) {
      local.name = fmt::format("'{}'", medium.name);
    }
  }
  for (const auto& part : block.dispersive) {
    if (part.share[0] == 0) continue;
    local.dispersive = true;
    local.name = fmt::format("'{}'", media.media[part.medium].name);
  }
  return local;
}

/// The point of the structure with the least stable instantaneous medium.
struct WeakestPoint {
  Component component = Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  double eps = std::numeric_limits<double>::max();
  double conductivity = 0;

  bool IsWorse(double other_eps, double other_conductivity) const {
    if (other_conductivity < 0 || conductivity < 0) return other_conductivity < conductivity;
    return other_eps < eps;
  }
};

void SearchMedium(const domain::MediumBlock& block, Component c, WeakestPoint& weakest) {
  const IndexBox& box = block.box;
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        const long n = box.Offset(i, j, k);
        const double conductivity = block.conductivity.empty() ? 0 : block.conductivity[n];
        if (weakest.IsWorse(block.eps[n], conductivity)) {
          weakest = {c, {i, j, k}, block.eps[n], conductivity};
        }
      }
    }
  }
}

WeakestPoint WeakestOfRank(const Engine& engine, const domain::MediumMap& media) {
  WeakestPoint weakest;
  const IndexBox owned = engine.Owned();
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!engine.Lattice().Has(c)) continue;
    for (int k = owned.lo[2]; k < owned.hi[2]; k += kPlanes) {
      IndexBox slab = owned;
      slab.lo[2] = k;
      slab.hi[2] = std::min(k + kPlanes, owned.hi[2]);
      if (!slab.Empty()) SearchMedium(media.sample(c, slab), c, weakest);
    }
  }
  return weakest;
}

/// Collective, the same on every rank.
WeakestPoint FindWeakestPoint(const Engine& engine, const domain::MediumMap& media) {
  WeakestPoint weakest;
  base::AgreeOnFailure(engine.Comm(), [&] { weakest = WeakestOfRank(engine, media); });
  struct {
    double value;
    int rank;
  } best{weakest.conductivity, base::Communicator::RankIn(engine.Comm())};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &best, 1, MPI_DOUBLE_INT, MPI_MINLOC, engine.Comm()));
  if (best.value >= 0) {
    best = {weakest.eps, base::Communicator::RankIn(engine.Comm())};
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &best, 1, MPI_DOUBLE_INT, MPI_MINLOC, engine.Comm()));
  }
  base::Mpi(MPI_Bcast(&weakest, sizeof weakest, MPI_BYTE, best.rank, engine.Comm()));
  return weakest;
}

/// What is wrong with the structure, "" where the time step suits every instantaneous medium.
std::string FaultOf(const Engine& engine, const WeakestPoint& weakest) {
  const Lattice& lattice = engine.Lattice();
  const double courant = engine.TimeStep() / lattice.CourantLimit();
  std::string fault;
  if (weakest.conductivity < 0) {
    fault = fmt::format("a conductivity of {:.4g} 1/um, which amplifies: change its sign",
                        weakest.conductivity);
  } else if (weakest.eps <= 0) {
    fault =
        fmt::format("an instantaneous permittivity of {:.4g}, which must be positive", weakest.eps);
  } else if (courant >= std::sqrt(weakest.eps)) {
    fault = fmt::format(
        "an instantaneous permittivity of {:.4g}, which needs a Courant number "
        "below {:.4g} (now {:.4g}): lower it or correct the material",
        weakest.eps, std::sqrt(weakest.eps), courant);
  }
  if (fault.empty()) return "";
  const auto at = [&](int d) { return lattice.Position(weakest.component, d, weakest.point[d]); };
  return fmt::format("the structure holds at ({:.4f}, {:.4f}, {:.4f}) um, cell ({}, {}, {}), {}",
                     at(0), at(1), at(2), weakest.point[0], weakest.point[1], weakest.point[2],
                     fault);
}

std::string Remedy(const Engine& engine, bool dispersive, bool in_pml) {
  const double courant = engine.TimeStep() / engine.Lattice().CourantLimit();
  if (dispersive && in_pml) {
    return "make grid.pml thicker, give the medium a constant index, or end that side in a wall "
           "(grid.boundary)";
  }
  if (in_pml) return "make grid.pml thicker, or lower solver.courant";
  return fmt::format("lower the Courant number (now {:.4g}){}", courant,
                     dispersive ? " or check the poles of the medium" : "");
}

/// The text of rank 0 on all ranks.
std::string ShareText(MPI_Comm comm, std::string text) {
  auto length = static_cast<int>(text.size());
  base::Mpi(MPI_Bcast(&length, 1, MPI_INT, 0, comm));
  text.resize(static_cast<size_t>(length));
  base::Mpi(MPI_Bcast(text.data(), length, MPI_CHAR, 0, comm));
  return text;
}

}  // namespace

LargestValue FindLargestValue(const Engine& engine) {
  const Lattice& lattice = engine.Lattice();
  LargestValue largest;
  largest.value = -1;
  for (const Component c : kComponents) {
    if (!lattice.Has(c)) continue;
    for (int part = 0; part < (lattice.HasBlochPhase() ? 2 : 1); ++part) {
      for (int k = 0; k < lattice.Points(2); k += kPlanes) {
        IndexBox slab = lattice.AllPoints();
        slab.lo[2] = k;
        slab.hi[2] = std::min(k + kPlanes, slab.hi[2]);
        SearchSlab(engine, c, slab, part, largest);
      }
    }
  }
  return Share(engine.Comm(), largest);
}

std::string DescribeDivergence(const Engine& engine, const domain::MediumMap* media) {
  const LargestValue largest = FindLargestValue(engine);
  const std::string fault = media ? FaultOf(engine, FindWeakestPoint(engine, *media)) : "";
  const Lattice& lattice = engine.Lattice();
  std::string text;
  base::AgreeOnFailure(engine.Comm(), [&] {
    if (base::Communicator::RankIn(engine.Comm()) != 0) return;
    const Surroundings around = SurroundingsOf(lattice, largest.point);
    const LocalMedium medium = media ? MediumAt(lattice, *media, largest) : LocalMedium{};
    const auto at = [&](int d) { return lattice.Position(largest.component, d, largest.point[d]); };
    text = fmt::format(
        "the largest finite value, |{}| = {:.3g}, stands at ({:.4f}, {:.4f}, {:.4f}) um, cell ({}, "
        "{}, {}), in {}, {}; {}",
        NameOf(largest.component), std::max(largest.value, 0.0), at(0), at(1), at(2),
        largest.point[0], largest.point[1], largest.point[2], medium.name, around.text,
        fault.empty() ? Remedy(engine, medium.dispersive, around.in_pml) : fault);
    if (largest.not_finite > 0) {
      text = fmt::format("{} values are not finite; {}", largest.not_finite, text);
    }
  });
  return ShareText(engine.Comm(), text);
}

}  // namespace symwave::solvers::fdtd
