#include "jobs/checks/decay_error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "jobs/deck/time_domain_options.hpp"
#include "solvers/yee/scattering_judgement.hpp"

namespace symwave::jobs::checks {

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

std::string DecayWarning(const DecayError& error, double decay, const std::string& figures) {
  if (error.weakest <= solvers::yee::kLargestLeft) return "";
  return fmt::format(
      "solver.stop.decay: {:.2g} ended the run while {:.2g} of the highest amplitude was still "
      "inside, so that {} may be off by up to {:.2g} at {:.4g} um, where the pulse has least "
      "light, "
      "powers by twice as much; leave solver.stop.decay out for {:.0g}, or take a smaller one",
      decay, error.amplitude, figures, error.weakest, error.wavelength, deck::kDefaultDecay);
}

nlohmann::ordered_json ToJson(const DecayError& error) {
  return {{"amplitude", error.amplitude},
          {"amplitude_at_weakest", error.weakest},
          {"weakest_wavelength_um", error.wavelength}};
}

}  // namespace symwave::jobs::checks
