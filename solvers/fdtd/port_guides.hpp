// The guides of ports as the time domain sees them, for solvers/yee/port_guide.hpp.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/plane_port.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/yee/port_guide.hpp"

namespace symwave::solvers::fdtd {

/// Collective. One guide per port mode, at one frequency, with the modes of a leapfrog as
/// `options` say. The lattice and the media must outlive the result. UserError as ModeSpectrum.
std::vector<yee::PortGuide> PortGuides(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<domain::PlanePort>& ports, double omega,
                                       const ModeSpectrum::Options& options, const PmlOptions& pml,
                                       ModeStore& known);

/// Re eps of a component at a frequency on the points of a box, x fastest. Not collective.
std::vector<double> RealPermittivity(const domain::MediumMap& media, domain::Component component,
                                     const domain::IndexBox& box, double omega);

}  // namespace symwave::solvers::fdtd
