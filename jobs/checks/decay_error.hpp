// What the light that is still inside when a run ends may change in its figures.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs::checks {

/// Bounds on relative errors of amplitudes: fields, S-parameters. Powers, fluxes and cross-sections
/// are off by up to twice as much.
struct DecayError {
  double amplitude = 0;   ///< left inside over the highest: square root of the energy's decay
  double weakest = 0;     ///< the same where the pulse has least light, whose spectrum divides
  double wavelength = 0;  ///< there [um]
};

/// `decibel`: energy at the end over its highest. A continuous wave has the same everywhere.
DecayError DecayErrorOf(double decibel, const solvers::fdtd::Waveform& waveform,
                        const std::vector<double>& wavelengths, double dt);

/// Sentence on a pulse that ended by the decay that the deck asks for, with too much light inside
/// for spectra; empty otherwise. `decay`: solver.stop.decay; `figures`: what is off by as much.
std::string DecayWarning(const DecayError& error, double decay, const std::string& figures);

/// {"amplitude", "amplitude_at_weakest", "weakest_wavelength_um"}, for summary.json.
nlohmann::ordered_json ToJson(const DecayError& error);

}  // namespace symwave::jobs::checks
