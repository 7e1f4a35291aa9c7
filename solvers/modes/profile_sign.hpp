// Sign of a mode's profile.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

namespace symwave::solvers::modes {

/// +1 or -1, to make the real part positive at the first entry of at least half of the largest
/// modulus: the first lobe. The largest entry would not do: the lobes of an odd mode are equally
/// large, and rounding would choose one of them at every wavelength anew.
inline double SignOfProfile(const std::vector<std::complex<double>>& profile) {
  double largest = 0;
  for (const auto& value : profile) largest = std::max(largest, std::abs(value));
  const auto first = std::find_if(profile.begin(), profile.end(), [largest](const auto& value) {
    return std::abs(value) >= 0.5 * largest;
  });
  return first != profile.end() && first->real() < 0 ? -1 : 1;
}

}  // namespace symwave::solvers::modes
