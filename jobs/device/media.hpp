// Materials of a deck as media of the time domain.
#pragma once

#include <array>
#include <complex>
#include <string>
#include <vector>

#include "domain/medium.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

domain::Medium PoleMedium(const std::string& name, const deck::PoleMaterial& material);

/// n + i k of a built-in material at one wavelength [um]; of Au and Ag from their poles.
std::complex<double> BuiltInIndexAt(const std::string& name, double wavelength);

/// {shortest, longest} of the deck's wavelengths, not narrower than one percent.
std::array<double, 2> WavelengthBand(const std::vector<double>& wavelengths);

/// What the media are stepped by, unless one of them needs a smaller step.
struct TimeStepping {
  const domain::Lattice& lattice;
  double time_step;  ///< um
};

/// Every material of the deck, valid over the deck's wavelengths: built-in ones with their poles;
/// slabs with poles fitted to their effective index; tables, pole-residue pairs and constant
/// indices with loss by passive poles that keep the time step where such follow them; constants
/// without loss, and with loss at one wavelength, as they are. UserError with the material's place
/// for what the time domain cannot represent.
std::vector<domain::Medium> TimeDomainMedia(const deck::DeviceOptions& options,
                                            const TimeStepping& stepping);

/// What sources and monitors in frequency domain, which solves with the materials themselves, see
/// of them: as TimeDomainMedia, but a material that no medium has over the band is that of the
/// middle wavelength. UserError where it is the background, in which light comes and goes.
std::vector<domain::Medium> MediaToLookAt(const deck::DeviceOptions& options,
                                          const TimeStepping& stepping);

/// eps(w) = A + B w0^2 / (w0^2 - w^2) - C / w^2 through real permittivities that fall with the
/// wavelength, by least squares over A >= 1, B >= 0, C >= 0 and the resonance between a twentieth
/// and six tenths of the shortest wavelength: curved either way, lossless. A constant for one
/// wavelength.
domain::Medium FitPoles(const std::string& name, const std::vector<double>& wavelengths,
                        const std::vector<double>& epsilon);

}  // namespace symwave::jobs::device
