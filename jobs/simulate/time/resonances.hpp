// The resonances of a probe in log, summary and results.h5.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/deck/options.hpp"
#include "solvers/fdtd/resonance.hpp"

namespace symwave::jobs::simulate::time {

/// A row per resonance. A quality that is not finite is null.
nlohmann::ordered_json ResonanceTable(const std::vector<solvers::fdtd::Resonance>& resonances);

/// Warns where the ringing after the sources is zero and of resonances that are not resolved.
void WarnOfResonances(const std::string& probe, const std::vector<double>& ringing,
                      const std::vector<solvers::fdtd::Resonance>& resonances);

/// Collective. Into `group` and, as a table, into the log.
void WriteResonances(io::Hdf5File& file, const std::string& group, const std::string& probe,
                     const std::vector<solvers::fdtd::Resonance>& resonances);

}  // namespace symwave::jobs::simulate::time
