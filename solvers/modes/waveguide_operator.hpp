// The transverse operator of a guide's cross-section on the Yee lattice, assembled from the
// lattice's curl, gradient and weights so that its modes fulfil the discrete Maxwell equations.
#pragma once

#include <mpi.h>

#include <array>
#include <complex>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::modes {

using Complex = std::complex<double>;

/// One transverse axis of a plane: points 0 .. Points() - 1, of which each names a node and the
/// half behind it.
struct PlaneLine {
  bool periodic = false;
  std::vector<double> width;        ///< length of half i, 0 where there is none
  std::vector<double> node_weight;  ///< length that belongs to node i, 0 on an electric wall
  bool open_begin = false;          ///< cut off inside the medium, or in a PML
  bool open_end = false;
  /// Way along a curved guide per way at its radius, at nodes and halves; empty: 1.
  std::vector<double> way_at_node, way_at_half;

  int Points() const { return static_cast<int>(width.size()); }
  bool HasHalf(int i) const { return width[i] > 0; }
  bool HasNode(int i) const { return node_weight[i] > 0; }
  /// The neighbouring points, -1 beyond the ends of a line that is not periodic.
  int Next(int i) const { return i + 1 < Points() ? i + 1 : (periodic ? 0 : -1); }
  int Previous(int i) const { return i > 0 ? i - 1 : (periodic ? Points() - 1 : -1); }
};

/// Points lo .. hi - 1 of a lattice axis, ended as WaveguidePlane says.
PlaneLine LineOfAxis(const domain::Lattice& lattice, int axis, int lo, int hi);
/// A line without variation, at the `way` of a curved guide.
PlaneLine UniformLine(double way = 1);

/// Relative permittivity at the points of e_u, e_v, e_n and its derivative by the frequency [um],
/// all over Points(u) * Points(v), u fastest.
struct PlaneMedium {
  std::array<std::vector<Complex>, 3> eps;
  std::array<std::vector<Complex>, 3> slope;
  /// (1/eps)_uv at the points of e_n (domain::NodeCoupling); empty: none.
  std::vector<double> coupling;
};

/// Which components the lattice carries on the plane.
struct PlaneFields {
  bool e_u = true, e_v = true, e_n = true, h_n = true;
};

/// Unknowns are the d_u and d_v inside the walls ("edges"), e = B d with B = 1/eps, whose
/// off-diagonal elements are the couplings. With C the curl from edges to h_n, G the gradient from
/// e_n to edges and M_e, M_f, M_n the areas that belong to edges, h_n and e_n:
///   K d = W^2 M_e d - C^T M_f mu_n^-1 C e
///   A = mu M_e^-1 K - G (eps_n M_n)^-1 G^T M_e,   A d = kappa^2 B d
/// e^T K d' is symmetric in the two fields, and 0 between modes of different kappa. eps, and mu of
/// the h that stands beside an edge, are those of the straight guide that a curved one stands for
/// (waveguide.hpp); so are e_n and h_n.
class PlaneOperator {
 public:
  PlaneOperator(PlaneLine u, PlaneLine v, PlaneMedium medium, PlaneFields fields, double frequency);

  const PlaneLine& U() const { return u_; }
  const PlaneLine& V() const { return v_; }
  const PlaneMedium& Medium() const { return medium_; }
  double Frequency() const { return frequency_; }  ///< W
  int Unknowns() const { return static_cast<int>(weight_.size()); }
  int Points() const { return u_.Points() * v_.Points(); }
  /// No kappa^2 / W^2 of a dielectric is larger.
  double LargestIndexSquared() const;
  /// s of a curved guide at the points of Area().
  double Way(int kind, int i, int j) const;

  /// A and B, rows spread over `comm`. Collective; every rank holds the whole plane's coefficients.
  MatHandle Assemble(MPI_Comm comm) const;
  MatHandle AssembleInverse(MPI_Comm comm) const;
  /// e = B d.
  std::vector<Complex> Electric(const std::vector<Complex>& d) const;
  /// K d.
  std::vector<Complex> Stiffness(const std::vector<Complex>& d) const;
  /// C e at the points of h_n; G^T M_e d / (M_n eps_n) = -eps_n^-1 div d at those of e_n.
  std::vector<Complex> Curl(const std::vector<Complex>& e) const;
  std::vector<Complex> ScaledCharge(const std::vector<Complex>& d) const;
  /// The values along u (axis 0) or v (axis 1) of a field on the edges, over all points.
  std::vector<Complex> Spread(const std::vector<Complex>& edges, int axis) const;
  /// Area of the points of e_u (h_v), e_v (h_u), e_n for 0, 1, 2, and of h_n for 3.
  double Area(int kind, int i, int j) const;

 private:
  struct Stencil {
    std::array<int, 4> edge{};
    std::array<double, 4> factor{};
    int count = 0;
    /// Factor 1 / width at an unknown, nothing where there is none (-1).
    void Add(int number, double signed_width);
  };
  int EdgeAt(int axis, int i, int j) const { return i < 0 || j < 0 ? -1 : edge_[axis][At(i, j)]; }
  int At(int i, int j) const { return j * u_.Points() + i; }
  void NumberEdges(const PlaneFields& fields);
  void SetInverse();
  void AddCoupling(int i, int j, double value);
  MatHandle Matrix(MPI_Comm comm, int row_entries) const;
  Stencil CurlStencil(int i, int j) const;
  Stencil GradientStencil(int i, int j) const;
  /// Calls visit(i, j, stencil) for all points of h_n, and of e_n.
  template <class Visit>
  void ForEachFace(Visit visit) const;
  template <class Visit>
  void ForEachNode(Visit visit) const;

  PlaneLine u_, v_;
  PlaneMedium medium_;
  PlaneFields fields_;
  double frequency_;
  std::array<std::vector<int>, 2> edge_;  ///< number of the unknown at a point, -1 none
  std::vector<double> weight_;            ///< M_e
  std::vector<double> mu_;                ///< at the edges, of the h across them, and of eps
  /// Rows of B.
  struct Element {
    int edge = 0;
    Complex value;
  };
  std::vector<std::vector<Element>> inverse_;
};

}  // namespace symwave::solvers::modes
