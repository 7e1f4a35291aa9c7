// Solved modes as messages between ranks.
#pragma once

#include "domain/base/packing.hpp"
#include "solvers/fdtd/mode_spectrum.hpp"

namespace symwave::solvers::fdtd {

/// Fields may be left out: numbers alone.
void Pack(const modes::WaveguideMode& mode, bool fields, base::Packer& packer);
void Pack(const ModeSpectrum::Solution& solution, bool fields, base::Packer& packer);
modes::WaveguideMode UnpackMode(base::Unpacker& packed);
ModeSpectrum::Solution UnpackSolution(base::Unpacker& packed);

}  // namespace symwave::solvers::fdtd
