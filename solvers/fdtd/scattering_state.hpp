// What the finished runs of a calculation of S-parameters leave behind, in an archive.
#pragma once

#include <string>

#include "domain/base/state_archive.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::solvers::fdtd {

/// Saves, or puts into `spectrum`, the run of one input: its column of every matrix, its power, its
/// end and its work, and `fields`, whose boxes, components and frequencies are set. Collective.
void SaveOrRestoreInput(base::StateArchive& archive, const std::string& name, int input,
                        ScatteringSpectrum& spectrum, ScatteringRun& run,
                        std::vector<DftBlock>& fields);

}  // namespace symwave::solvers::fdtd
