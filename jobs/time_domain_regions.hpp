// In which field the monitors of a deck stand: a plane wave in a box leaves the total field inside
// and the scattered field outside.
#pragma once

#include <string>
#include <vector>

#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs {

/// Sentences with the monitors' places on fluxes whose faces lie on a face of the wave's box or
/// reach from one field into the other, and on boxes in the total field alone.
std::vector<std::string> RegionWarnings(const DeckOptions& options, const domain::Lattice& lattice,
                                        const solvers::fdtd::PlaneWave& wave);

/// UserError for a far field whose box does not enclose that of the wave: its faces see light that
/// comes from outside.
void RequireScatteredField(const DeckOptions& options, const domain::Lattice& lattice,
                           const solvers::fdtd::PlaneWave& wave, const MonitorOptions& monitor);

}  // namespace symwave::jobs
