// Resonances of a ring-down by harmonic inversion (filter diagonalisation; Mandelshtam and Taylor,
// J. Chem. Phys. 107, 6756 (1997), with libharminv), made exact by a least squares fit of all lines
// together (line_fit.hpp): alone, the quality of weak lines beside strong ones is off by percents.
#pragma once

#include <complex>
#include <vector>

namespace symwave::solvers::fdtd {

/// One decaying oscillation Re or part of amplitude * exp(-i 2 pi frequency t - decay t), t = 0 at
/// the first sample of the record.
struct Resonance {
  double frequency = 0;            ///< 1/um, = 1/wavelength
  double decay = 0;                ///< of the amplitude [1/um]; near 0 and of any sign without loss
  double quality = 0;              ///< pi frequency / decay; infinite where nothing decays
  std::complex<double> amplitude;  ///< of one of the two conjugate parts: half that of a cosine
  double error = 0;  ///< relative error of the frequency: one standard deviation of the fit
  /// Relative error of the quality: the change of the line from the first three quarters of the
  /// record to all of it, over its half width, or the fit's standard deviation if that is larger.
  double quality_error = 0;
  /// The error of the quality is a tenth at most. A decay that does not show in the record is not
  /// resolved.
  bool resolved = false;
  /// From three quarters of the record to all of it the frequency moved by less than a tenth of
  /// what the record can tell apart, 1 / duration: the mode is there, whatever its decay.
  bool steady = false;
};

struct ResonanceOptions {
  /// What is dropped: a larger error, a smaller quality, an amplitude below this share of the
  /// largest one.
  double error = 1e-3;
  double quality = 5;
  double amplitude = 1e-4;
};

/// Resonances between the two frequencies [1/um], by frequency. `record`: samples `time_step` [um]
/// apart, from after the end of the sources. A record sampled far above the band is filtered and
/// thinned first (the filter's gain is taken out of the amplitudes). UserError for an empty band,
/// one beyond half the sampling rate, or a record shorter than two periods of the lowest frequency.
/// Not collective.
std::vector<Resonance> FindResonances(const std::vector<double>& record, double time_step,
                                      double lowest, double highest,
                                      const ResonanceOptions& options = {});

}  // namespace symwave::solvers::fdtd
