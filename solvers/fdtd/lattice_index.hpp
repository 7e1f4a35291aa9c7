// The refractive index that a medium has in time steps.
#pragma once

#include "domain/medium.hpp"

namespace symwave::solvers::fdtd {

/// Index n without losses: central differences replace w^2 of the poles by (2 sin(w dt / 2) /
/// dt)^2, so that kappa = n (2 sin(w dt / 2) / dt) holds exactly on the lattice. UserError for a
/// negative permittivity.
double LatticeIndex(const domain::Medium& medium, double dt, double omega);

}  // namespace symwave::solvers::fdtd
