// The modes of many ports over a band, dealt to the ranks.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/medium.hpp"
#include "domain/plane_port.hpp"
#include "solvers/fdtd/mode_spectrum.hpp"
#include "solvers/fdtd/mode_store.hpp"

namespace symwave::solvers::fdtd {

/// A port, and whether this rank wants the fields of its modes.
struct SpectrumRequest {
  domain::PlanePort port;
  domain::PortPlane plane;
  bool fields = true;
};

/// Collective on `comm`; requests are the same on every rank but for `fields`. Modes `port.modes`
/// (0: largest effective index in the middle of the band) on the planes at `omegas` [1/um, any
/// order]; of the guide at a port's centre alone where its window holds several, see PortGuides.
///
/// Pairs of port and frequency are dealt to groups of ranks, one rank each unless a plane has more
/// unknowns than LargestPairs gives to one; of planes that are equal to 12 digits the first is
/// solved for all. Every pair is solved in the same way whoever solves it, so that modes do not
/// depend on the number of ranks to the last bit. The fields of a mode, 96 bytes per point of its
/// plane and solved frequency, go to one rank, which follows the modes through the band, and from
/// there to those that want them.
///
/// UserError on all ranks, that of the first port which has one, where a mode is not guided at one
/// of the frequencies solved for. Pairs that `known` holds on any rank are not solved again, and
/// those that are solved are added to it.
std::vector<ModeSpectrum> SolveSpectra(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<SpectrumRequest>& requests,
                                       const std::vector<double>& omegas,
                                       const ModeSpectrum::Options& options, ModeStore& known);
/// The same, without knowing any.
std::vector<ModeSpectrum> SolveSpectra(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<SpectrumRequest>& requests,
                                       const std::vector<double>& omegas,
                                       const ModeSpectrum::Options& options);

/// `spectrum` with fields on all ranks, of those that have them; collective on `comm`.
ModeSpectrum WithFieldsEverywhere(MPI_Comm comm, const ModeSpectrum& spectrum);

}  // namespace symwave::solvers::fdtd
