// The far field of a near_to_far monitor in results.h5, judged by the flux out of its box.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "io/hdf5.hpp"
#include "jobs/deck/time_domain_options.hpp"
#include "solvers/fdtd/near_to_far.hpp"

namespace symwave::jobs::simulate::time {

/// Collective. Writes into `group`
///   theta, phi, intensity, amplitude_theta, amplitude_phi, index (per wavelength and half-space),
///   power, power_below, power_above, flux, and for layers: interfaces,
/// amplitudes over `spectrum`, powers over its square; and the middle wavelength's numbers into
/// `summary`. Warns where power far away and flux out of the box contradict each other and no
/// guided or absorbed light explains it.
void WriteFarField(io::Hdf5File& file, const std::string& group, const std::string& name,
                   const deck::FarFieldOptions& options, const solvers::fdtd::NearToFar& transform,
                   const domain::Lattice& lattice,
                   const std::function<std::complex<double>(double omega)>& spectrum,
                   nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::simulate::time
