// Power out of a box by what its port modes do not carry: the radiation of a device from fields of
// its own, not as the rest that closes the balance.
#pragma once

#include <vector>

#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/mode_monitor.hpp"

namespace symwave::solvers::fdtd {

/// The modes of one port in the fields, as measured at a node plane.
struct GuidedWaves {
  const ModeSpectrum* modes = nullptr;
  ModeAmplitudes amplitudes;
  modes::WaveguidePlane measured;  ///< where the amplitudes are stated
  bool forward = true;             ///< the device lies at larger coordinates
};

/// Collective; the same on every rank. As FluxMonitor::Spectrum, with the modes of every port taken
/// out of the fields on the faces of its side: port by port, carried from where they were measured
/// by exp(i beta x). Modes are complete in what they carry only as far as their window holds them.
std::vector<double> UnguidedFlux(MPI_Comm comm, const domain::Lattice& lattice,
                                 const FluxMonitor& flux, const std::vector<GuidedWaves>& waves);

}  // namespace symwave::solvers::fdtd
