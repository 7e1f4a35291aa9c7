// Diffraction orders in results.h5.
#pragma once

#include <complex>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "io/hdf5.hpp"
#include "jobs/device/incidence.hpp"
#include "solvers/fdtd/diffraction_orders.hpp"

namespace symwave::jobs::simulate::time {

/// Collective. Writes into `group`
///   order [order][axis across], angle and azimuth [wavelength][order], amplitude_s, amplitude_p
///   and power [wavelength][order][sense], for a plane wave across the grid efficiency, likewise,
///   and plane, flux,
/// sense 0 towards smaller coordinates and 1 towards larger; amplitudes over `spectrum`, powers
/// over its square. The middle wavelength's powers go into `summary`. Warns where the orders do not
/// add up to the flux.
void WriteDiffraction(io::Hdf5File& file, const std::string& group, const std::string& name,
                      const solvers::fdtd::DiffractionOrders& orders, bool flat,
                      const std::function<std::complex<double>(double omega)>& spectrum,
                      const device::Incidence& incidence, nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::simulate::time
