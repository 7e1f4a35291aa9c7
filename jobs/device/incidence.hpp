// Plane waves of a deck on its lattice: the angle and the power of what falls in.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs::device {

/// The field of unit amplitude: along `polarization`, in 2D out of the plane (Ez) or in it, across
/// `direction` (Hz).
std::array<solvers::fdtd::Complex, 3> UnitField(const std::vector<double>& polarization,
                                                const std::array<double, 3>& direction,
                                                const domain::Lattice& lattice,
                                                solvers::fdtd::Complex amplitude);

/// The medium of the background, in which plane waves come.
domain::Medium BackgroundOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// The wave of a source. UserError where it is evanescent at a wavelength of the deck.
solvers::fdtd::PlaneWave PlaneWaveOf(const deck::SimulateOptions& options,
                                     const TimeDomainProblem& problem,
                                     const deck::SourceOptions& source,
                                     const deck::PlaneWaveOptions& given);

/// The time [um] by which all pulses of a deck start later, so that plane waves have the phase of
/// their waveform at the centre of their source. Not collective. UserError as PlaneWaveOf.
double PlaneWaveDelay(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// A plane wave at the wavelengths of the deck. The wave vector across its axis is that of
/// grid.bloch at all of them, so that the angle grows with the wavelength:
/// sin(angle) = |k| wavelength / (2 pi n), n of the background.
struct Incidence {
  std::vector<double> angle;  ///< from the axis of the wave, degrees
  /// Through one period of the grid, over |waveform|^2 and for the deck's amplitude, as flux
  /// monitors measure it (per um of depth in 2D); empty for a wave in a box.
  std::vector<double> power;
  /// Of a wave in a box: power per area across its axis, over |waveform|^2, as flux monitors
  /// measure it; the power scattered over it is a cross-section.
  std::vector<double> intensity;
};

/// Of the first source; of a beam that is the only source, the power through its plane; nothing for
/// other sources.
std::optional<Incidence> IncidenceOf(const deck::SimulateOptions& options,
                                     const TimeDomainProblem& problem);

/// "17.5 deg at 0.6 um to ..." where the first source is an oblique plane wave, empty otherwise.
std::string AngleText(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// Collective, the same on every rank: sentences with the places of sources and monitors on plane
/// waves whose box ends in another medium than the background, on pulses that hold grazing light,
/// and on flux and far-field monitors that do not enclose the box of the wave but lie on it, across
/// it or in it. UserError as PlaneWaveOf.
std::vector<std::string> PlaneWaveWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                           const TimeDomainProblem& problem);

}  // namespace symwave::jobs::device
