// Passive poles through a permittivity that is known at some frequencies.
#pragma once

#include <array>
#include <complex>
#include <functional>
#include <limits>
#include <string>

#include "domain/medium.hpp"

namespace symwave::domain {

/// A medium through `permittivity` within the band of angular frequencies [1/um]:
///   eps = eps_inf + i conductivity / w + sum of Lorentz (frequency > 0) and Drude poles
/// with eps_inf >= 1 and every strength, damping and the conductivity >= 0: passive and stable at
/// all frequencies, whatever the samples are. It has the fewest of at most five poles with which
/// the index is right to 5e-5 and the loss, Im eps, to 0.1 % of itself, or as many as improve the
/// worse of the two by 30 % each, or by 65 % where they are right to 2e-4 and 0.4 % already. Loss
/// below 1e-4 dB per 100 um (at 1.55 um) or 1 % of the strongest in the band counts as that; where
/// no poles follow both, the index comes first. Poles above the band are taken alone where they are
/// right to 2e-4 and 0.4 %, because those below make eps negative somewhere at lower frequencies.
/// Lossless where all samples are. Resonances lie below eight times the middle of the band and
/// below `highest` [1/um], which a time step may ask for, as far as that lies above the band. Least
/// squares by Levenberg and Marquardt from several starts each.
Medium FitPassivePoles(const std::string& name,
                       const std::function<std::complex<double>(double omega)>& permittivity,
                       std::array<double, 2> omega_band,
                       double highest = std::numeric_limits<double>::infinity());

/// How far a medium is off within a band.
struct FitError {
  double index = 0;  ///< largest of n + i k
  double loss = 0;   ///< largest of Im eps, as a share of it
};

/// Loss below 1e-4 dB per 100 um (at 1.55 um) or 1 % of the strongest in the band counts as that.
FitError ErrorOfFit(const Medium& medium,
                    const std::function<std::complex<double>(double omega)>& permittivity,
                    std::array<double, 2> omega_band);

}  // namespace symwave::domain
