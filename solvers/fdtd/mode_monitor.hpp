// Amplitudes of guided modes on a node plane from running transforms of the tangential fields.
//
// E lies on the node plane, H half a cell on both sides; with the mean Hbar of the two, and modes
// of unit power on the lattice (1/2 cos(beta h / 2) sum (e x h).n dA = 1, h stated at the node
// plane),
//
//   a_+ + a_- = 1/2 cos(beta h / 2) sum (E x h).n dA,     a_+ - a_- = 1/2 sum (e x Hbar).n dA
//
// hold exactly for any sum of lattice modes travelling both ways: bilinear overlaps, in which modes
// of one frequency are orthogonal. Beside the centre of a curved guide's circle the modes are those
// of curved_mode.hpp. a_+ belongs to exp(i beta x), towards larger coordinates.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/mode_spectrum.hpp"

namespace symwave::solvers::fdtd {

/// At the node plane of the monitor; modes x omegas.
struct ModeAmplitudes {
  Eigen::MatrixXcd forward;   ///< towards larger coordinates
  Eigen::MatrixXcd backward;  ///< towards smaller coordinates
};

/// Must not outlive the engine.
class ModeMonitor {
 public:
  /// Collective. Places the transforms on `plane`; cells on both sides of it must be equal. Fields
  /// are taken from every `every`-th step.
  ModeMonitor(yee::Transforms& fields, const modes::WaveguidePlane& plane,
              std::vector<double> omegas, int every = 1);

  const modes::WaveguidePlane& Plane() const { return plane_; }
  /// Collective; the same on every rank. Amplitudes of the fields so far in the modes of a guide
  /// whose cross-section on this plane is that of `modes` (which may be solved on another node of
  /// the same guide, with the same extent across), at the same frequencies.
  ModeAmplitudes Amplitudes(const ModeSpectrum& modes) const;

 private:
  yee::Transforms& fields_;
  modes::WaveguidePlane plane_;
  std::vector<double> omegas_;
  int electric_ = -1;
  int magnetic_ = -1;
};

}  // namespace symwave::solvers::fdtd
