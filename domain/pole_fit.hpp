// Passive poles through a permittivity that is known at some frequencies.
#pragma once

#include <array>
#include <complex>
#include <functional>
#include <string>

#include "domain/medium.hpp"

namespace symwave::domain {

/// A medium through `permittivity` within the band of angular frequencies [1/um]:
///   eps = eps_inf + i conductivity / w + sum of Lorentz (frequency > 0) and Drude poles
/// with eps_inf >= 1 and every strength, damping and the conductivity >= 0: passive and stable at
/// all frequencies, whatever the samples are. It has the fewest of at most five poles with which
/// the index is right to 5e-5, or as many as improve it by 30 % each. Poles above the band are
/// taken alone where they are right to 2e-4, because those below make eps negative somewhere at
/// lower frequencies. Lossless where all samples are. Least squares over n + i k by Levenberg and
/// Marquardt from several starts each.
Medium FitPassivePoles(const std::string& name,
                       const std::function<std::complex<double>(double omega)>& permittivity,
                       std::array<double, 2> omega_band);

}  // namespace symwave::domain
