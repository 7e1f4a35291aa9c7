// Pre-flight test: whether the leapfrog can integrate a medium with this time step, before the
// first step is taken (von Neumann).
//
// For a field that repeats in space with the eigenvalue k^2 of the discrete curl curl (0 to 4 sum
// 1/width^2) one step of E, H and the polarisation currents J = dP/dt of the engine,
//
//   H' = H - dt k E
//   (J' - J)/dt + damping (J' + J)/2 + frequency^2 P = strength E,      P' = P + dt J'
//   eps_inf (E' - E)/dt + conductivity (E' + E)/2 = k H' - sum J',
//
// is a small matrix. Its eigenvalues z are the roots of the amplification polynomial; the medium is
// stable when |z| <= 1 for every k (Taflove and Hagness, Computational Electrodynamics, 3rd ed.,
// sections 4.7 and 9.4).
#pragma once

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// Largest |z| over all k with the time step `dt` [um]. Infinite where eps_inf <= 0.
double LargestAmplification(const domain::Lattice& lattice, const domain::Medium& medium,
                            double dt);

/// Largest dt [um] with which the medium is stable; 0 where none is (gain, eps_inf <= 0).
double LargestStableTimeStep(const domain::Lattice& lattice, const domain::Medium& medium);

/// UserError with a sentence that names the medium, what is wrong (eps_inf, gain by a negative
/// conductivity, strength or damping, frequency * dt of a pole, the Courant number), its value, the
/// limit and the remedy. Not collective, the same on every rank.
void RequireStable(const domain::Lattice& lattice, const std::vector<domain::Medium>& media,
                   double dt);

/// Whether limited couplings (domain/node_coupling.hpp) cannot grow: up to a Courant number of 0.95
/// where a medium has eps_inf = 1. Not collective.
bool StableCouplings(const std::vector<domain::Medium>& media, double courant);

/// UserError for a Courant number with which limited couplings (domain/node_coupling.hpp) might
/// grow: above 0.95 where a medium has eps_inf = 1. Not collective.
void RequireStableCouplings(const std::vector<domain::Medium>& media, double courant);

/// UserError for a grading of the PML that amplifies: reflection outside 0..1, kappa_max < 1,
/// alpha_max < 0, order < 0, index <= 0.
void RequirePml(const PmlOptions& options);

/// Sentences on media that work badly with a PML, one for all ends of which the same is said, none
/// when all is well: a medium of negative permittivity within
/// `band` (lowest and highest omega [1/um]) that reaches the end of the PML, where its poles are
/// damped (pml_media.hpp); media there whose index is off the index of the grading by more than a
/// factor of 2. Collective on `comm`, the same on every rank: each rank samples its share of the
/// outermost points.
std::vector<std::string> PmlWarnings(MPI_Comm comm, const domain::Lattice& lattice,
                                     const domain::MediumMap& media, const PmlOptions& options,
                                     const std::array<double, 2>& band);

}  // namespace symwave::solvers::fdtd
