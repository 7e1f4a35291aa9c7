#include "solvers/fdtd/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "solvers/fdtd/local_block.hpp"

namespace symwave::solvers::fdtd {

using domain::Axis;
using domain::AxisEnd;
using domain::Lattice;
using domain::Wall;

namespace {

constexpr int kRows = 12;  ///< along y and z: fits into the second-level cache
constexpr int kRepeats = 7;

/// A small lattice with rows as long as those of `like`; `layer` cells of PML at the ends of one
/// axis.
Lattice SmallLattice(const Lattice& like, int axis, int layer) {
  const int length = std::clamp(like.Cells(0), 32, 512);
  std::array<std::array<AxisEnd, 2>, 3> ends{};
  if (layer > 0) ends[axis].fill(AxisEnd{Wall::Pec, layer});
  const Axis x = Axis::Uniform(1, length), y = Axis::Uniform(1, kRows);
  if (like.TwoDimensional()) return Lattice(like.Fields(), {x, y}, {ends[0], ends[1]});
  return Lattice({x, y, y}, ends);
}

/// Shortest time of a sweep over the small lattice, s.
template <class Real>
double SweepSeconds(const Lattice& lattice, const domain::Medium& medium) {
  const double dt = 0.9 * lattice.CourantLimit();
  LocalBlock<Real> block(lattice, domain::UniformMedium(medium), lattice.AllPoints(), {}, dt);
  const domain::IndexBox all = lattice.AllPoints();
  double best = 1e9;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = MPI_Wtime();
    for (int k = 0; k < all.hi[2]; ++k) {
      for (int j = 0; j < all.hi[1]; ++j) {
        block.UpdateH(j, k, 0, all.hi[0]);
        block.UpdateE(j, k, 0, all.hi[0]);
      }
    }
    best = std::min(best, MPI_Wtime() - start);
  }
  return best;
}

double SweepSeconds(const Lattice& lattice, const domain::Medium& medium, Precision precision) {
  return precision == Precision::Float32 ? SweepSeconds<float>(lattice, medium)
                                         : SweepSeconds<double>(lattice, medium);
}

/// In steps of `step`.
double Rounded(double cost, double step) {
  return std::clamp(std::round(cost / step) * step, 0.0, 5.0);
}

double ExtraCost(const Lattice& like, Precision precision, int axis) {
  const auto seconds = [&](int layer) {
    return SweepSeconds(SmallLattice(like, axis, layer), {"", 1, 0, {}}, precision);
  };
  constexpr int kLayer = 5;
  const double share = 2.0 * kLayer / SmallLattice(like, axis, 0).Cells(axis);
  return Rounded((seconds(kLayer) / seconds(0) - 1) / share, 0.1);
}

/// Of one pole in one component.
double PoleCost(const Lattice& like, Precision precision) {
  const Lattice lattice = SmallLattice(like, 0, 0);
  int components = 0;
  for (int c = 0; c < 3; ++c) {
    components += lattice.Has(static_cast<domain::Component>(c)) ? 1 : 0;
  }
  const double plain = SweepSeconds(lattice, {"", 1, 0, {}}, precision);
  const double dispersive = SweepSeconds(lattice, {"", 1, 0, {{0.01, 0.3, 0}}}, precision);
  return Rounded((dispersive / plain - 1) / components, 0.05);
}

}  // namespace

PointCosts MeasurePointCosts(MPI_Comm comm, const Lattice& lattice, Precision precision,
                             bool poles) {
  std::array<double, 4> extra{0, 0, 0, 0};
  if (base::Communicator::RankIn(comm) == 0) {
    for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
      const bool layers = lattice.End(axis, 0).pml_cells + lattice.End(axis, 1).pml_cells > 0;
      if (layers) extra[axis] = ExtraCost(lattice, precision, axis);
    }
    if (poles) extra[3] = PoleCost(lattice, precision);
  }
  base::Mpi(MPI_Bcast(extra.data(), 4, MPI_DOUBLE, 0, comm));
  return {extra[0], extra[1], extra[2], extra[3]};
}

}  // namespace symwave::solvers::fdtd
