// The part of a record that lies in a band of frequencies, with few samples.
#pragma once

#include <complex>
#include <vector>

namespace symwave::solvers::fdtd {

/// A record moved by the centre of the band, f - centre, low-pass filtered and thinned. Where it is
/// too short for a filter so sharp, it is thinned alone (centre 0), and other frequencies remain.
struct BandRecord {
  std::vector<std::complex<double>> values;
  double time_step = 0;
  double centre = 0;      ///< 1/um
  bool isolated = false;  ///< outside of lowest to highest nothing is left
  /// The band [1/um], with what the end of a filter leaves beside it.
  double lowest = 0, highest = 0;
  std::vector<double> filter{1.0};  ///< taps, on the time step of the original record
  double filter_step = 0;

  /// What the filter makes of an oscillation exp(-rate t) of the moved record.
  std::complex<double> Gain(std::complex<double> rate) const;
};

/// Samples `time_step` [um] apart.
BandRecord CutBand(const std::vector<double>& record, double time_step, double lowest,
                   double highest);

}  // namespace symwave::solvers::fdtd
