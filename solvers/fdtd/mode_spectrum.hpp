// The modes of one port over a band of frequencies: solved at every frequency, or at a few
// Chebyshev points and interpolated where there are many. A mode is followed from the middle of the
// band by its overlap with itself at the next solved frequency, so that modes may cross, and keeps
// its sign.
#pragma once

#include <string>
#include <vector>

#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

class ModeSpectrum {
 public:
  struct Options {
    double dt = 0;            ///< time step of the engine [um]
    int most_solves = 9;      ///< odd; more frequencies than these are interpolated
    int spare_in_middle = 1;  ///< modes solved in the middle of the band beside those asked for
  };

  /// The modes as they were solved.
  struct Solution {
    bool interpolated = false;  ///< solved at other frequencies than asked for
    std::vector<double> at;     ///< angular frequencies, increasing
    /// [frequency][mode], of unit power; with fields on all ranks that hold points of the port, on
    /// others with the numbers alone.
    std::vector<std::vector<modes::WaveguideMode>> modes;
    /// Largest relative error of beta and of the transverse fields that interpolation from every
    /// other solved frequency makes at the rest: an upper bound of that of AtFrequency. 0 where all
    /// are solved.
    double interpolation_error = 0;
    /// Sentences on the modes that were chosen in the middle of the band, and on those that did not
    /// follow them smoothly from there.
    std::vector<std::string> chosen_doubts, followed_doubts;
  };

  /// See SolveSpectra.
  ModeSpectrum(Solution solution, std::vector<double> omegas);

  int Modes() const { return static_cast<int>(solution_.modes.front().size()); }
  const std::vector<double>& Omegas() const { return omegas_; }
  const modes::WaveguidePlane& Plane() const { return Solved(0, 0).plane; }
  /// Whether this rank has the fields of the modes; numbers are on all.
  bool HasFields() const;
  /// Mode `mode` of the port's list at omegas[w], unit power.
  modes::WaveguideMode At(int mode, size_t w) const { return AtFrequency(mode, omegas_[w]); }
  /// The same at any frequency of the band.
  modes::WaveguideMode AtFrequency(int mode, double omega) const;
  double InterpolationError() const { return solution_.interpolation_error; }
  /// The same from the fields, which this rank has.
  double MeasureInterpolationError() const;
  /// Increasing angular frequencies at which modes were solved, and a mode at the k-th of them.
  const std::vector<double>& SolvedAt() const { return solution_.at; }
  const modes::WaveguideMode& Solved(int mode, size_t k) const;
  const Solution& AsSolved() const { return solution_; }

 private:
  /// Weighted sum of the solved modes that the interpolation from every `stride`-th makes at omega.
  modes::WaveguideMode Interpolate(int mode, double omega, size_t stride) const;

  Solution solution_;
  std::vector<double> omegas_;
};

/// 1/2 sum orientation (a.e x b.h) dA over the plane: 1 / cos(beta h / 2) of a mode with itself, 0
/// between different modes of one frequency.
modes::Complex ModeOverlap(const domain::Lattice& lattice, const modes::WaveguideMode& a,
                           const modes::WaveguideMode& b);

}  // namespace symwave::solvers::fdtd
