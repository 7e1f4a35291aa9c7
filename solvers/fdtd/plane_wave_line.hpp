// The one-dimensional Yee line that carries a plane wave beside the lattice.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/incident_signal.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::solvers::fdtd {

/// The auxiliary line: all six components, complex, E_u, E_v, H_n on nodes and H_u, H_v, E_n on
/// halves. It ends in a convolutional PML of its own.
class PlaneWaveLine {
 public:
  /// Covers the lattice nodes first..last and the halves next to them. A pulse must start at
  /// IncidentLead of SourceNode() or later.
  PlaneWaveLine(const domain::Lattice& lattice, double dt, const PlaneWave& wave, int first_node,
                int last_node);

  /// The lattice node at which it is driven.
  static int SourceNode(const PlaneWave& wave, int first_node, int last_node);

  /// E is at Step() * dt.
  long Step() const { return step_; }
  /// H from (step - 1/2) dt to (step + 1/2) dt.
  void AdvanceMagnetic();
  /// E from step dt to (step + 1) dt.
  void AdvanceElectric();
  /// All that later steps depend on.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name);
  /// Value at an index of the lattice along the axis.
  Complex At(domain::Component component, int index) const;

 private:
  void GradePml(const domain::Lattice& lattice, const PlaneWave& wave);
  void DriveSource();
  /// Steps the poles from step dt to (step + 1) dt by E at step dt, and takes what they gain off E.
  void Polarize();
  std::vector<Complex>& Field(domain::Component c) { return field_[static_cast<size_t>(c)]; }

  int axis_;
  int first_;   ///< lattice node of line node 0
  int source_;  ///< line node
  double dt_;
  double eps_;  ///< without the poles
  std::vector<domain::Pole> poles_;
  double omega_;  ///< carrier
  bool bloch_;
  IncidentSignal signal_;
  /// Parts of the field along both polarizations; all of it is s at normal incidence.
  std::array<Complex, 3> s_;
  std::array<Complex, 3> p_{0, 0, 0};
  double kappa_u_;
  double kappa_v_;
  long step_ = 0;
  std::array<std::vector<Complex>, 6> field_;  ///< [component][line point]
  /// P and what it gained in the last step: [pole * 3 + direction][line point].
  std::vector<std::vector<Complex>> polarization_, gain_;
  std::vector<double> inverse_width_;    ///< of the cell at a half
  std::vector<double> inverse_spacing_;  ///< of the halves next to a node
  /// psi <- b psi + (b - 1) difference, for the differences of E_u, E_v (halves), H_u, H_v (nodes).
  std::vector<double> b_half_, b_node_;
  std::array<std::vector<Complex>, 4> psi_;
};

}  // namespace symwave::solvers::fdtd
