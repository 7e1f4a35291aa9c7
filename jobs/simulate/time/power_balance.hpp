// What becomes of a plane wave that falls on a periodic structure: reflected, transmitted, the
// rest.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::simulate::time {

/// Values per wavelength of monitors by name.
using NamedSpectra = std::vector<std::pair<std::string, std::vector<double>>>;

/// Collective. From the shares of the incident power through the outermost flux planes before and
/// behind the source, each across a whole period:
///   /source/{reflected, transmitted, absorbed}, absorbed = 1 - reflected - transmitted,
/// and the energy_balance_error of the summary: the largest |absorbed| in lossless media, else the
/// largest gain. Writes nothing where one of the planes is missing.
void WritePowerBalance(io::Hdf5File& file, const deck::SimulateOptions& options,
                       const device::TimeDomainProblem& problem, const NamedSpectra& shares,
                       nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::simulate::time
