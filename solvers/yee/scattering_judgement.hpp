// Judgement of an S-matrix by what its own data say, whichever solver it is from. S alone never
// contradicts itself; the light that comes in where nothing is launched, the flux of what the port
// modes do not carry, and Poynting's theorem do.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <string>
#include <vector>

namespace symwave::solvers::yee {

/// Amplitude still inside at the end of a run, over the highest, up to which it only widens the
/// limits; more is a cause of its own.
constexpr double kLargestLeft = 1e-2;

/// What is known of the light of one input at one wavelength, as shares of the launched power.
struct InputPower {
  double radiated = 0;       ///< flux out of the box between the ports of all but the port modes
  double absorbed = 0;       ///< in the box
  double balance_error = 0;  ///< of S, radiated and absorbed against 1
};

struct JudgedMode {
  std::string name;   ///< "in", or "in#1"
  std::string where;  ///< "file:line" of the port, may be empty
  int side = 0;       ///< of the device that the port stands on, the same number for the same side
  double launch_error = 0;  ///< relative, of the launched profile where it is not the mode's own
  bool named = false;       ///< a warning before the run has named the port with a cause
};

struct ScatteringEvidence {
  std::vector<double> wavelengths;  ///< um
  std::vector<JudgedMode> modes;
  std::vector<Eigen::MatrixXcd> s;  ///< per wavelength, S[out, in]
  /// Per wavelength: amplitude that travels into the device at every mode, per launched unit, for
  /// every input; 1 at the input itself and 0 at the others when nothing comes back.
  std::vector<Eigen::MatrixXcd> incoming;
  std::vector<std::vector<std::complex<double>>> n_eff;  ///< per wavelength and mode
  std::vector<std::vector<InputPower>> power;            ///< per wavelength and input
  bool passive = true;                                   ///< no medium amplifies
  double left = 0;  ///< amplitude still inside when a run ended, over the highest; 0: solved
  double rounding = 1e-12;  ///< relative, of S, or what a usual PML sends back where that is more
  /// What the run began with that may explain a contradiction and comes before all other causes, as
  /// a clause with its remedy: cells or a PML too coarse. Empty where nothing was wrong.
  std::string suspect;
};

/// What the figures of an S-matrix may be without a warning.
struct ScatteringLimits {
  /// 1e-3 of the power, what `left` leaves (up to kLargestLeft), and in absorbing guides, where
  /// |S|^2 is not power, what the phase between E and H makes: there light to and fro crosses a
  /// plane with the power 2 (Im n / Re n) |S| beside that of each.
  double balance = 1e-3;
  double reciprocity = 1e-12;  ///< rounding, `left` and launched profiles
};
ScatteringLimits LimitsOf(const ScatteringEvidence& evidence);

/// One sentence, with number, wavelength and remedy, for each kind of contradiction, of its worst
/// case; arrivals one per port. Not collective: the same on every rank that has the same evidence.
std::vector<std::string> JudgeScattering(const ScatteringEvidence& evidence);

}  // namespace symwave::solvers::yee
