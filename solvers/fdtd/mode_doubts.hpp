// What is doubtful about the modes that a port has chosen.
#pragma once

#include <string>
#include <vector>

#include "domain/plane_port.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

/// "deck.yaml:7: port 'in'".
std::string Who(const domain::PlanePort& port);

/// Sentences on modes whose kind is not clear, and on modes whose effective index another kind
/// almost shares. `places`: those of port.modes among `found`, all modes solved at one frequency.
std::vector<std::string> DoubtsOfChoice(const domain::PlanePort& port,
                                        const std::vector<modes::WaveguideMode>& found,
                                        const std::vector<int>& places, double omega);

/// Sentences on modes that were chosen by kind in the middle of a band and are of the other kind
/// elsewhere. `followed`: [frequency][mode of the port].
std::vector<std::string> DoubtsOfBand(
    const domain::PlanePort& port, const std::vector<double>& omegas,
    const std::vector<std::vector<modes::WaveguideMode>>& followed);

}  // namespace symwave::solvers::fdtd
