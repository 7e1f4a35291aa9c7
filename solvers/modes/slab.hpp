// Guided modes of a stack of lossless layers between two half-spaces: the vertical half of the
// effective-index picture of a chip.
#pragma once

#include <vector>

namespace symwave::solvers::modes {

/// TE: the electric field lies in the layers; TM: the magnetic field does.
enum class SlabPolarization { TE, TM };

struct SlabLayer {
  double index = 1;
  double thickness = 0;  ///< um
};

/// Effective indices of all guided modes, largest first (entry m has m nodes), to 1e-13; empty when
/// nothing is guided. `layers` from bottom to top, lengths in um.
///
/// With u = E (TE, q = 1) or H (TM, q = n^2) and v = u' / (k q), the phase theta = arg(v + i u) of
/// the solution that decays downwards is followed through the stack (Pruefer transformation). Its
/// distance to the solution that decays upwards falls monotonically with n_eff and equals m pi at
/// mode m, so that no mode is missed, however close two of them are.
///
/// UserError for a wavelength, an index or a thickness that is not positive and finite.
std::vector<double> SlabEffectiveIndices(double wavelength, double n_below,
                                         const std::vector<SlabLayer>& layers, double n_above,
                                         SlabPolarization polarization);

}  // namespace symwave::solvers::modes
