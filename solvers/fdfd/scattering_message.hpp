// Modes, port modes and S-matrices as messages between ranks.
#pragma once

#include "domain/base/packing.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::solvers::fdfd {

void Pack(const LineMode& mode, base::Packer& packer);
LineMode UnpackMode(base::Unpacker& packed);

void Pack(const PortMode& mode, base::Packer& packer);
PortMode UnpackPortMode(base::Unpacker& packed);

void Pack(const Scattering& scattering, base::Packer& packer);
Scattering UnpackScattering(base::Unpacker& packed);

}  // namespace symwave::solvers::fdfd
