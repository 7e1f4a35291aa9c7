// In which field the monitors of a deck stand: a plane wave in a box leaves the total field inside
// and the scattered field outside.
#pragma once

#include <string>
#include <vector>

#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs::device {

/// Sentences with the monitors' places on fluxes whose faces lie on a face of the wave's box or
/// reach from one field into the other, and on boxes in the total field alone.
std::vector<std::string> RegionWarnings(const deck::SimulateOptions& options,
                                        const domain::Lattice& lattice,
                                        const solvers::fdtd::PlaneWave& wave);

/// UserError for a far field whose box does not enclose that of the wave: its faces see light that
/// comes from outside.
void RequireScatteredField(const deck::SimulateOptions& options, const domain::Lattice& lattice,
                           const solvers::fdtd::PlaneWave& wave,
                           const deck::MonitorOptions& monitor);

}  // namespace symwave::jobs::device
