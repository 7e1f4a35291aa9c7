#include "jobs/decay_error.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::jobs {

DecayError DecayErrorOf(double decibel, const solvers::fdtd::Waveform& waveform,
                        const std::vector<double>& wavelengths, double dt) {
  DecayError error;
  error.amplitude = error.weakest = std::pow(10, std::min(0.0, decibel) / 20);
  error.wavelength = wavelengths[wavelengths.size() / 2];
  if (waveform.IsContinuous()) return error;
  const double peak = std::abs(waveform.Spectrum(waveform.Omega(), dt));
  for (const double wavelength : wavelengths) {
    const double level = std::abs(waveform.Spectrum(2 * M_PI / wavelength, dt));
    const double there = std::min(1.0, error.amplitude * peak / level);
    if (!(there > error.weakest)) continue;
    error.weakest = there;
    error.wavelength = wavelength;
  }
  return error;
}

nlohmann::ordered_json ToJson(const DecayError& error) {
  return {{"amplitude", error.amplitude},
          {"amplitude_at_weakest", error.weakest},
          {"weakest_wavelength_um", error.wavelength}};
}

}  // namespace symwave::jobs
