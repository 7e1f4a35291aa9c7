#include "solvers/fdtd/partition.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;
using domain::Lattice;

namespace {

/// Mean cost of the points of every layer across an axis; the PML shares of the other axes are the
/// same for all layers.
std::vector<double> LayerCosts(const Lattice& lattice, int axis, const PointCosts& costs,
                               const PoleProfile& poles) {
  const std::array<double, 3> extra{costs.pml_x, costs.pml_y, costs.pml_z};
  double base = 1;
  for (int d = 0; d < 3; ++d) {
    const int pml = lattice.End(d, 0).pml_cells + lattice.End(d, 1).pml_cells;
    if (d != axis) base += extra[d] * pml / lattice.Cells(d);
  }
  std::vector<double> layers(static_cast<size_t>(lattice.Points(axis)), base);
  for (int i = 0; i < lattice.End(axis, 0).pml_cells; ++i) layers[i] += extra[axis];
  for (int i = 0; i < lattice.End(axis, 1).pml_cells; ++i) {
    layers[layers.size() - 1 - i] += extra[axis];
  }
  const std::vector<double>& of_poles = poles.layers[axis];
  for (size_t i = 0; i < of_poles.size(); ++i) layers[i] += costs.pole * of_poles[i];
  return layers;
}

/// Cuts layers into `parts` intervals of about equal cost and at least `thickness` layers.
std::vector<int> CutLayers(const std::vector<double>& layers, int parts, int thickness) {
  std::vector<double> sum(layers.size() + 1, 0.0);
  std::partial_sum(layers.begin(), layers.end(), sum.begin() + 1);
  const int count = static_cast<int>(layers.size());
  std::vector<int> cuts{0};
  for (int p = 1; p < parts; ++p) {
    const double target = sum.back() * p / parts;
    const auto above = std::lower_bound(sum.begin(), sum.end(), target);
    int cut = static_cast<int>(above - sum.begin());
    if (cut > 0 && sum[cut] - target > target - sum[cut - 1]) --cut;
    cut = std::clamp(cut, cuts.back() + thickness, count - (parts - p) * thickness);
    cuts.push_back(cut);
  }
  cuts.push_back(count);
  return cuts;
}

double LargestOverMean(const std::vector<double>& layers, const std::vector<int>& cuts) {
  double largest = 0;
  for (size_t p = 0; p + 1 < cuts.size(); ++p) {
    largest = std::max(
        largest, std::accumulate(layers.begin() + cuts[p], layers.begin() + cuts[p + 1], 0.0));
  }
  const double total = std::accumulate(layers.begin(), layers.end(), 0.0);
  return largest * static_cast<double>(cuts.size() - 1) / total;
}

bool Fits(const Lattice& lattice, const std::array<int, 3>& ranks, const HaloDepth& halo) {
  for (int d = 0; d < 3; ++d) {
    const bool images = d > 0 && lattice.Periodic(d) && lattice.Points(d) > 1;
    const bool cut = ranks[d] > 1 || images;
    if (cut && lattice.Points(d) < static_cast<long>(ranks[d]) * halo.Deeper(d)) return false;
  }
  return true;
}

/// Points of the halos at the cuts; a cut across x costs more (measured: 3 to 4 times), as rows run
/// along x.
double HaloPoints(const Lattice& lattice, const std::array<int, 3>& ranks, const HaloDepth& halo) {
  const std::array<double, 3> weight{4, 1.0, 1.05};
  double points = 0;
  for (int d = 0; d < 3; ++d) {
    const double area = static_cast<double>(lattice.CellCount()) / lattice.Cells(d);
    points += weight[d] * (ranks[d] - 1) * area * (halo.points[d][0] + halo.points[d][1]);
  }
  return points;
}

std::array<int, 3> ChooseRanks(const Lattice& lattice, int size, const std::array<int, 3>& wanted,
                               const HaloDepth& halo) {
  std::array<int, 3> best{0, 0, 0};
  double least = std::numeric_limits<double>::max();
  for (int x = 1; x <= size; ++x) {
    if (size % x != 0 || (wanted[0] > 0 && wanted[0] != x)) continue;
    for (int y = 1; y <= size / x; ++y) {
      if ((size / x) % y != 0 || (wanted[1] > 0 && wanted[1] != y)) continue;
      const std::array<int, 3> ranks{x, y, size / x / y};
      if (wanted[2] > 0 && wanted[2] != ranks[2]) continue;
      if (!Fits(lattice, ranks, halo)) continue;
      const double points = HaloPoints(lattice, ranks, halo);
      if (points >= least) continue;
      least = points;
      best = ranks;
    }
  }
  return best;
}

}  // namespace

Partition::Partition(const Lattice& lattice, int size, std::array<int, 3> ranks,
                     const HaloDepth& halo, const PointCosts& costs, const PoleProfile& poles)
    : all_(lattice.AllPoints()),
      periodic_{lattice.Periodic(0), lattice.Periodic(1), lattice.Periodic(2)},
      halo_(halo) {
  ranks_ = ChooseRanks(lattice, size, ranks, halo);
  if (ranks_[0] == 0) {
    base::Fail(
        "a lattice of {} x {} x {} points cannot be cut into {} blocks of at least {} layers{}; "
        "use fewer ranks or a finer grid",
        lattice.Points(0), lattice.Points(1), lattice.Points(2), size,
        std::max({halo.Deeper(0), halo.Deeper(1), halo.Deeper(2)}),
        ranks[0] + ranks[1] + ranks[2] > 0 ? " with the given ranks per axis" : "");
  }
  imbalance_ = 1;
  for (int d = 0; d < 3; ++d) {
    const std::vector<double> layers = LayerCosts(lattice, d, costs, poles);
    cuts_[d] = CutLayers(layers, ranks_[d], halo.Deeper(d));
    imbalance_ *= LargestOverMean(layers, cuts_[d]);
  }
}

bool Partition::Possible(const Lattice& lattice, int size, std::array<int, 3> ranks,
                         const HaloDepth& halo) {
  return ChooseRanks(lattice, size, ranks, halo)[0] > 0;
}

std::array<int, 3> Partition::Coordinates(int rank) const {
  return {rank % ranks_[0], rank / ranks_[0] % ranks_[1], rank / (ranks_[0] * ranks_[1])};
}

int Partition::RankAt(const std::array<int, 3>& c) const {
  return (c[2] * ranks_[1] + c[1]) * ranks_[0] + c[0];
}

IndexBox Partition::Owned(int rank) const {
  const std::array<int, 3> c = Coordinates(rank);
  IndexBox box;
  for (int d = 0; d < 3; ++d) {
    box.lo[d] = cuts_[d][c[d]];
    box.hi[d] = cuts_[d][c[d] + 1];
  }
  return box;
}

IndexBox Partition::Held(int rank) const {
  IndexBox box = Owned(rank);
  for (int d = 0; d < 3; ++d) {
    if (all_.hi[d] == 1 || (d == 0 && WrapsRows())) continue;
    if (periodic_[d] || box.lo[d] > 0) box.lo[d] -= halo_.points[d][0];
    if (periodic_[d] || box.hi[d] < all_.hi[d]) box.hi[d] += halo_.points[d][1];
  }
  return box;
}

}  // namespace symwave::solvers::fdtd
