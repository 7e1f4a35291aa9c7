// The modes of one port over a band of frequencies: solved at every frequency, or at a few
// Chebyshev points and interpolated where there are many. A mode is followed from the middle of the
// band by its overlap with itself at the next solved frequency, so that modes may cross, and keeps
// its sign.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "domain/plane_port.hpp"
#include "domain/port_guides.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

class ModeSpectrum {
 public:
  struct Options {
    double dt = 0;        ///< time step of the engine [um]
    int most_solves = 9;  ///< odd; more frequencies than these are interpolated
  };

  /// Collective on `comm`. Modes `port.modes` (0: largest effective index in the middle of the
  /// band) on `plane` at `omegas` [1/um, any order]; of the guide at the port's centre alone where
  /// its window holds several, see PortGuides. UserError where one of them is not guided at one of
  /// the frequencies solved for.
  ModeSpectrum(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
               const domain::PlanePort& port, const domain::PortPlane& plane,
               std::vector<double> omegas, const Options& options);

  int Modes() const { return static_cast<int>(solved_.front().size()); }
  const std::vector<double>& Omegas() const { return omegas_; }
  const modes::WaveguidePlane& Plane() const { return plane_; }
  const domain::PortGuides& Guides() const { return guides_; }
  /// Mode `mode` of the port's list at omegas[w], unit power.
  modes::WaveguideMode At(int mode, size_t w) const { return AtFrequency(mode, omegas_[w]); }
  /// The same at any frequency of the band.
  modes::WaveguideMode AtFrequency(int mode, double omega) const;
  /// Largest relative error of beta and of the transverse fields that interpolation from every
  /// other solved frequency makes at the rest: an upper bound of that of AtFrequency. 0 where all
  /// are solved.
  double InterpolationError() const;
  /// Increasing angular frequencies at which modes were solved, and a mode at the k-th of them.
  const std::vector<double>& SolvedAt() const { return solved_at_; }
  const modes::WaveguideMode& Solved(int mode, size_t k) const { return solved_[k][mode]; }

 private:
  /// Weighted sum of the solved modes that the interpolation from every `stride`-th makes at omega.
  modes::WaveguideMode Interpolate(int mode, double omega, size_t stride) const;

  domain::PortGuides guides_;
  modes::WaveguidePlane plane_;
  std::vector<double> omegas_;
  bool interpolated_ = false;
  std::vector<double> solved_at_;                          ///< increasing
  std::vector<std::vector<modes::WaveguideMode>> solved_;  ///< [frequency][mode]
};

/// 1/2 sum orientation (a.e x b.h) dA over the plane: 1 / cos(beta h / 2) of a mode with itself, 0
/// between different modes of one frequency.
modes::Complex ModeOverlap(const domain::Lattice& lattice, const modes::WaveguideMode& a,
                           const modes::WaveguideMode& b);

}  // namespace symwave::solvers::fdtd
