#include "domain/node_coupling.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::domain {

namespace {

/// Largest c over sqrt(a b).
constexpr double kDefinite = 0.95;

/// Whether points before and behind node `i` of an axis lie inside the lattice and outside its PML.
bool Free(const Lattice& lattice, int axis, int i, bool across) {
  if (lattice.Periodic(axis)) return true;
  const int low = lattice.End(axis, 0).pml_cells;
  const int high = lattice.Cells(axis) - lattice.End(axis, 1).pml_cells;
  if (across) return i > low && i < high;
  const auto open = [&](int side) {
    return lattice.End(axis, side).pml_cells == 0 && lattice.End(axis, side).wall == Wall::Pmc;
  };
  return (i > low && i < high) || (i == low && open(0)) || (i == high && open(1));
}

/// Values of a component around the nodes of a box.
class Around {
 public:
  explicit Around(MediumBlock block) : block_(std::move(block)) {}
  /// 1/eps; 0 at points with loss or poles.
  double InverseAt(int i, int j, int k) const {
    const auto p = static_cast<size_t>(block_.box.Offset(i, j, k));
    if (!block_.conductivity.empty() && block_.conductivity[p] != 0) return 0;
    for (const auto& dispersive : block_.dispersive) {
      if (dispersive.share[p] != 0) return 0;
    }
    return 1 / block_.eps[p];
  }

 private:
  MediumBlock block_;
};

/// Largest |c| beside 1/eps = a and b.
double Limit(double a, double b, double top) {
  return std::min(kDefinite * std::sqrt(a * b),
                  std::sqrt(std::max(0.0, top - a) * std::max(0.0, top - b)));
}

IndexBox BoxAround(const std::vector<NodeCoupling>& couplings) {
  IndexBox box{couplings[0].node, couplings[0].node};
  for (const NodeCoupling& coupling : couplings) {
    for (int d = 0; d < 3; ++d) {
      box.lo[d] = std::min(box.lo[d], coupling.node[d]);
      box.hi[d] = std::max(box.hi[d], coupling.node[d] + 1);
    }
  }
  --box.lo[0];
  --box.lo[1];
  return box;
}

}  // namespace

std::vector<NodeCoupling> LimitedCouplings(
    const Lattice& lattice, const std::vector<Medium>& media,
    const std::function<MediumBlock(Component, const IndexBox&)>& sample,
    std::vector<NodeCoupling> couplings) {
  const auto erase_if = [&couplings](const auto& condition) {
    couplings.erase(std::remove_if(couplings.begin(), couplings.end(), condition), couplings.end());
  };
  erase_if([&](const NodeCoupling& c) {
    return !(Free(lattice, 0, c.node[0], true) && Free(lattice, 1, c.node[1], true) &&
             (lattice.TwoDimensional() || Free(lattice, 2, c.node[2], false)));
  });
  if (couplings.empty()) return couplings;
  double top = 0;
  for (const Medium& medium : media) top = std::max(top, kCouplingOvershoot / medium.eps_inf);
  const IndexBox box = BoxAround(couplings);
  const Around x(sample(Component::Ex, box)), y(sample(Component::Ey, box));
  for (NodeCoupling& coupling : couplings) {
    const auto [i, j, k] = coupling.node;
    double limit = std::abs(coupling.inverse_eps);
    for (const double a : {x.InverseAt(i - 1, j, k), x.InverseAt(i, j, k)}) {
      for (const double b : {y.InverseAt(i, j - 1, k), y.InverseAt(i, j, k)}) {
        limit = std::min(limit, Limit(a, b, top));
      }
    }
    coupling.inverse_eps = std::copysign(limit, coupling.inverse_eps);
  }
  erase_if([](const NodeCoupling& c) { return c.inverse_eps == 0; });
  return couplings;
}

}  // namespace symwave::domain
