// One-way launch of a guided mode of the lattice over a band of frequencies.
//
// The mode e(u, v) exp(i beta x) on nodes and h(u, v) exp(i beta x) on halves along the guide is
// launched by J = -n x H_inc / s on node plane i0 and K = n x E_inc / w half a cell (width w)
// behind:
//   E_inc = e,   H_inc = +-h exp(-i beta w / 2)   (+: along the axis; -: against it, where the mode
// is (e, -h)). The mode's phase is zero on node plane i0. All of e, h and beta are those of each
// frequency: polynomials through the frequencies at which the mode was solved, driven by the few
// signals of a BandExpansion, so that nothing goes backwards or into other modes.
//
// In a guide along a circle both planes stand beside the centre of the circle, and have the fields
// of curved_mode.hpp.
#pragma once

#include <complex>

#include "domain/lattice.hpp"
#include "solvers/fdtd/band_expansion.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

struct ModeSource {
  LaunchPlane plane;  ///< inward: direction of travel
  /// One mode of one guide on the plane, solved for the engine's time step at increasing angular
  /// frequencies, of unit power and with a sign that goes on from one to the next. A single one
  /// serves all frequencies, with beta by its group index.
  std::vector<double> omegas;
  std::vector<const modes::WaveguideMode*> modes;
  Complex amplitude = 1;
  Waveform waveform = Waveform::Continuous(1);
};

/// The source of one mode on its own plane.
ModeSource LaunchOf(const domain::Lattice& lattice, const std::vector<double>& omegas,
                    const std::vector<const modes::WaveguideMode*>& modes, int direction,
                    const Waveform& waveform, Complex amplitude = 1);

class ModeLaunch {
 public:
  /// Not collective. The lattice and the modes must outlive the object.
  ModeLaunch(const domain::Lattice& lattice, double dt, const ModeSource& source);
  ModeLaunch(const ModeLaunch&) = delete;
  ModeLaunch& operator=(const ModeLaunch&) = delete;

  /// The entries of the points in `held` (a box of points, periodic images included). The amplitude
  /// of the mode in the transform at w is amplitude * waveform.Spectrum(w) * exp(i w Lead()).
  /// UserError when the plane leaves the lattice.
  Current OnPoints(const domain::IndexBox& held) const;
  /// Time [um] by which the pulse starts after the waveform, so that none of its copies is cut off.
  double Lead() const { return expansion_.LongestDelay(); }
  /// Signals, of two real functions of time for each drive.
  int Terms() const { return expansion_.Terms(); }
  /// Largest error of the launched profile at the frequencies of the modes, relative, in the root
  /// of the sum of squares; 0 of a continuous wave.
  double Error() const { return error_; }

 private:
  /// The modes of the source are set to these.
  std::vector<modes::WaveguideMode> BentModes();
  BandExpansion Expand() const;
  double LargestError() const;
  double LinearPhase(double omega) const;
  Eigen::RowVectorXcd Shares(bool electric, double omega) const;
  Eigen::MatrixXcd TermShares(bool electric) const;
  Eigen::VectorXcd Profile(double omega) const;

  /// Values of the modes at probing points.
  struct Probes {
    Eigen::MatrixXcd electric, magnetic;  ///< points x modes
  };
  Probes ProbesOf(size_t most) const;

  const domain::Lattice& lattice_;
  double dt_;
  ModeSource source_;
  double half_width_;                       ///< from the plane to the half plane behind [um]
  std::vector<modes::WaveguideMode> bent_;  ///< what the source's modes are replaced by on a curve
  std::array<double, 2> fitted_;
  std::vector<size_t> nodes_;  ///< modes that the polynomial goes through
  Probes probes_;
  BandExpansion expansion_;
  double error_;
};

}  // namespace symwave::solvers::fdtd
