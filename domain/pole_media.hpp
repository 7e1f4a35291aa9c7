// Media of the time domain: built-in fits, constant indices, and poles made fit for a time step.
// Frequencies in 1/um (c = 1): w = 2 pi / wavelength; an energy of 1 eV is 5.067731 / um.
#pragma once

#include <array>
#include <complex>
#include <string>
#include <vector>

#include "domain/medium.hpp"

namespace symwave::domain {

/// A built-in medium, its source and the vacuum wavelengths for which it holds.
struct PoleFit {
  std::string name;
  std::string source;
  std::array<double, 2> range_um;
};

/// Si, SiO2, Si3N4 (the fits of materials.hpp), Au, Ag (Lorentz-Drude).
const std::vector<PoleFit>& BuiltInMedia();

/// A built-in medium for the vacuum wavelengths band_um = {low, high}. SiO2 and Si3N4 are their
/// Sellmeier terms, each a Lorentz pole, exact to rounding. The term a / wavelength^2 of Si is no
/// pole (no passive medium has it); it becomes a pole at 0.32 um and a constant that agree with it
/// at the two Chebyshev points of the band: 1e-5 off in index from 1.5 to 1.6 um, 1e-3 over the
/// whole range. A pole further in the ultraviolet would need eps_inf < 1 for the same slope.
/// UserError for unknown names (with the nearest one), and for bands that are empty or leave the
/// fit's range.
Medium BuiltInMedium(const std::string& name, std::array<double, 2> band_um);

/// Index n' + i n'' at one wavelength [um], exact there and passive at all others: n'' > 0 becomes
/// a conductivity, whose loss grows with the wavelength, and Re eps <= 0 becomes free charges (a
/// Drude pole). UserError for gain (n'' < 0).
Medium MediumFromIndex(const std::string& name, std::complex<double> index, double wavelength_um);

/// UserError unless the medium can be integrated in time: eps_inf > 0, conductivity, strengths,
/// frequencies and dampings >= 0, all finite.
void CheckMedium(const Medium& medium);

/// UserError with frequency and value where the medium amplifies anywhere from 0 to infinite
/// frequency (Im eps < 0 beyond rounding), whatever its poles look like one by one; what
/// CheckMedium refuses is refused, too. For fits whose poles come from elsewhere.
void RequirePassive(const Medium& medium);

/// The medium with cheaper or slower poles, of which eps within omega_band = {low, high} differs by
/// no more than `tolerance` times |eps| (or 1 if larger), its loss by no more than 0.1 % of itself
/// unless a pole must be slowed. Every pole that hardly changes in the
/// band becomes a constant of eps_inf, and several lossless poles become one above the band where
/// one does (the Sellmeier terms of SiO2 from 1.5 to 1.6 um: 2e-5 off in index), since every pole
/// costs memory and time at every point. A pole whose frequency is above 1 / dt, too fast for the
/// time step, moves to 1 / dt with strength and a part of eps_inf such that it agrees with the old
/// one at the two Chebyshev points of the band. UserError where a pole too fast for dt cannot be
/// replaced within `tolerance`.
Medium SimplifyPoles(const Medium& medium, std::array<double, 2> omega_band, double dt,
                     double tolerance = 1e-4);

}  // namespace symwave::domain
