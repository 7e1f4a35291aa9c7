// Couplings of Ex and Ey at the nodes of one rank (domain::NodeCoupling), row by row.
//
// E = (1/eps) D has off-diagonal elements at oblique interfaces. An update adds to E the increments
// of D, dt curl H, of its own row; a node (i, j) passes those of the two Ex beside it on to the two
// Ey and back. The Ey of row j thus need the Ex of row j + 1, whose curl needs H of row j + 1: E
// reaches one point further along x and y than without couplings (sweep.hpp).
#pragma once

#include <mpi.h>

#include <functional>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd {

/// A coupling at a node: the four increments enter with the weights of NodeCoupling times 1/2.
template <class Real>
struct CoupledNode {
  int i = 0;          ///< from the first held point
  Real before_x = 0;  ///< of the Ex before the node, for both Ey
  Real behind_x = 0;
  Real before_y = 0;  ///< of the Ey before the node, for both Ex
  Real behind_y = 0;
};

/// A point that a current at another point drives through a node.
struct CoupledPoint {
  domain::Component component = domain::Component::Ex;
  std::array<int, 3> point{0, 0, 0};
  double inverse_eps = 0;
  int turn = 0;  ///< periods along x, in which the field has gained the Bloch phase
};

template <class Real>
class CouplingRows {
 public:
  /// Samples the couplings of the nodes of `held`. `wraps`: the rows span a periodic x axis.
  CouplingRows(const domain::Lattice& lattice, const domain::MediumMap& media,
               const domain::IndexBox& held, bool wraps);

  bool Empty() const { return nodes_.empty(); }
  /// Nodes of row (j, k), none beyond the held ones: [begin, end).
  const CoupledNode<Real>* Begin(int j, int k) const { return nodes_.data() + First(j, k); }
  const CoupledNode<Real>* End(int j, int k) const {
    return nodes_.data() + (First(j, k) == nodes_.size() ? nodes_.size() : Last(j, k));
  }
  /// Whether E of row (j, k) has couplings.
  bool Touches(int j, int k) const {
    return Begin(j, k) != End(j, k) || Begin(j + 1, k) != End(j + 1, k);
  }
  /// The points that a current at `point` of Ex or Ey reaches through its nodes.
  std::vector<CoupledPoint> PointsDrivenFrom(domain::Component e,
                                             const std::array<int, 3>& point) const;
  double Bytes() const {
    return static_cast<double>(nodes_.size() * sizeof(CoupledNode<Real>) + first_.size() * 8);
  }

 private:
  size_t First(int j, int k) const;
  size_t Last(int j, int k) const;
  const CoupledNode<Real>* Find(int i, int j, int k) const;
  void AddTargets(domain::Component e, const std::array<int, 3>& node, int turn, bool before,
                  std::vector<CoupledPoint>& points) const;

  domain::IndexBox held_;
  bool wraps_;
  std::vector<CoupledNode<Real>> nodes_;
  std::vector<size_t> first_;  ///< per row, one more at the end; empty without couplings
};

/// Whether the media couple Ex and Ey anywhere. Collective; each rank samples its share.
bool HasCouplings(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media);

}  // namespace symwave::solvers::fdtd
