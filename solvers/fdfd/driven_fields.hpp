// Fields of given currents in frequency domain.
//
// With J beside +curl H and K beside -curl E, as in the time domain (solvers/fdtd/engine.hpp),
//   -i w H = -curl E + K,   -i w eps E = curl H + J,
// the operator of solvers/fdfd/stencil.hpp has on its right-hand side
//   Ez:  s_x s_y V (curl K - i w J),      Hz:  s_x s_y V (-curl (J / eps) - i w K).
#pragma once

#include <Eigen/Dense>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "domain/frequency_media.hpp"
#include "solvers/fdfd/coefficients.hpp"
#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/stencil.hpp"
#include "solvers/yee/transforms.hpp"

namespace symwave::solvers::fdfd {

/// J (electric component) or K (magnetic) at a lattice point outside the PMLs.
struct PointCurrent {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  Complex value;
};

/// Place of a frequency in a list, to the rounding of bands that decks write in different ways; -1
/// where it is not there.
int PlaceOf(const std::vector<double>& omegas, double omega);

/// The lattice points of a rank with these columns: walls at the ends belong to the outermost
/// ranks.
domain::IndexBox OwnedPoints(const PlanePoints& points, ColumnRange mine);

/// Solves one frequency after another; what was asked for of the last one is kept. All members
/// except the accessors are collective.
class DrivenFields {
 public:
  /// UserError for more ranks than columns of points.
  DrivenFields(MPI_Comm comm, const domain::Lattice& lattice, const DirectSolverOptions& options);

  /// Number of the transform. Before the first Solve.
  int AddDft(const yee::DftRequest& request);
  /// At the frequency of the last Solve; of no frequency where it was not asked for.
  const yee::DftBlock& Dft(int number) const { return results_[static_cast<size_t>(number)]; }

  /// `currents` are the same on every rank; of several at one point the sum acts. `omega` in 1/um.
  void Solve(double omega, const domain::PermittivityMap& media,
             const std::vector<PointCurrent>& currents);

  const PlanePoints& Points() const { return points_; }
  /// The component out of the plane of the last solution: this rank's columns, [i - begin][j].
  std::vector<Complex> Field() const;
  ColumnRange Columns() const { return mine_; }
  const SolverStatistics& Statistics() const { return solver_.Statistics(); }

 private:
  MatHandle RightHandSide(const Stencil& stencil, Mat op,
                          const std::vector<PointCurrent>& currents) const;
  void AddCurrent(const Stencil& stencil, const PointCurrent& current, Vec rhs) const;
  void TakeSolution(Mat solution);
  void Record(const Stencil& stencil, double omega);
  Complex ValueAt(const Stencil& stencil, domain::Component c, int i, int j) const;
  /// u at a point of this rank's columns or next to them; 0 beyond walls.
  Complex At(int i, int j) const;
  /// The derivative of u along an axis, stretched, on face f across it at the other axis' point.
  Complex Slope(const Stencil& stencil, int axis, int f, int across) const;
  Complex CurrentAt(domain::Component c, int i, int j) const;
  /// (1/eps)(curl H + J) of an Hz problem at the point of Ex or Ey.
  Complex OverEps(const Stencil& stencil, domain::Component c, int i, int j) const;
  /// curl H + J there.
  Complex Displacement(const Stencil& stencil, domain::Component c, int i, int j) const;
  /// Its mean over the two points beside a node, for the coupling of the other component.
  Complex MeanAtNode(const Stencil& stencil, domain::Component c, int i, int j) const;

  MPI_Comm comm_;
  PlanePoints points_;
  ColumnRange mine_;
  DirectSolver solver_;
  MatHandle op_;
  std::vector<yee::DftRequest> requests_;
  std::vector<yee::DftBlock> results_;
  Eigen::MatrixXcd u_;  ///< columns mine.begin - 1 ... mine.end, [j, column]
  std::map<std::pair<domain::Component, std::array<int, 2>>, Complex> currents_;
};

}  // namespace symwave::solvers::fdfd
