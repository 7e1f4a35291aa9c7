// The part of a record that lies in a band of frequencies, with few samples.
#pragma once

#include <complex>
#include <vector>

namespace symwave::solvers::fdtd {

/// A record moved by the centre of the band, f - centre, low-pass filtered and thinned; or as it
/// was (centre 0) where it is too short or too coarse for that.
struct BandRecord {
  std::vector<std::complex<double>> values;
  double time_step = 0;
  double centre = 0;  ///< 1/um
  /// Frequencies [1/um] outside which nothing is left; a little more than the band, as the filter
  /// ends gently.
  double lowest = 0, highest = 0;
  std::vector<double> filter{1.0};  ///< taps, on the time step of the original record
  double filter_step = 0;

  /// What the filter makes of an oscillation exp(-rate t) of the moved record.
  std::complex<double> Gain(std::complex<double> rate) const;
};

/// Samples `time_step` [um] apart. The filter takes an eighth of the record at most.
BandRecord CutBand(const std::vector<double>& record, double time_step, double lowest,
                   double highest);

}  // namespace symwave::solvers::fdtd
