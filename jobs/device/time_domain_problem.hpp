// From a deck to what the time domain integrates: lattice, media, ports, engine options.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "domain/plane_port.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/media_fit.hpp"
#include "jobs/device/resolution.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/mode_store.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::jobs::device {

struct TimeDomainProblem {
  domain::Lattice lattice;
  domain::MediumMap media;
  std::vector<domain::PlanePort> ports;
  solvers::fdtd::EngineOptions engine;
  double time_step = 0;  ///< um
  std::array<double, 2>
      wavelengths;              ///< shortest and longest of the deck, a percent apart at least
  double mirror_copies = 1;     ///< halves to the power of the mirror planes: 1, 2, 4 or 8
  bool lossless = true;         ///< no medium of the deck absorbs
  std::vector<MediumFit> fits;  ///< how well the media follow the deck
  std::vector<MaterialResolution> resolution;  ///< of what stands on the lattice, coarsest first
  /// um by which all pulses start later, since beams and plane waves start before their focus or
  /// centre has them.
  double launch_delay = 0;
  double middle_omega =
      0;  ///< of the one wavelength of a deck, or in the middle of the band [1/um]
  /// Modes of the ports that checks and runs have found so far.
  std::shared_ptr<solvers::fdtd::ModeStore> known_modes =
      std::make_shared<solvers::fdtd::ModeStore>();

  std::array<double, 2> OmegaBand() const;
};

/// Not collective: the same on every rank. Media are made stable for the time step. UserError with
/// file:line for what cannot be integrated, resolved or placed.
TimeDomainProblem BuildTimeDomain(const deck::SimulateOptions& options);
/// The same on what BuildDevice has made of the options.
TimeDomainProblem BuildTimeDomain(const deck::SimulateOptions& options, const Device& device);

/// Largest refractive index of the media, at the upper end of the band.
double DensestIndex(const TimeDomainProblem& problem);

/// Two ways of light through the longest axis in the densest material [um].
double TransitTime(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// The deck's stop section.
solvers::fdtd::RunControl RunControlOf(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem);

/// Bytes of one cell without PML and monitors: six components (three in 2D) of the chosen
/// precision, twice as many under Bloch walls, and three (one) 32-bit material numbers or
/// coefficients.
double PlainBytesPerCell(const deck::SimulateOptions& options);

}  // namespace symwave::jobs::device
