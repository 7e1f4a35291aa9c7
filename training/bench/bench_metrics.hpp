// Numbers that say how well a bench does what it should.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>

namespace symwave::training::bench {

/// Energy of the detected light per operation [J]: photons h c / wavelength over the complex
/// multiply-accumulate operations that the same layers take as dense matrices, layers * pixels^2
/// per sample. `wavelength` in um.
double JoulesPerOperation(double photons, double wavelength, long samples, int layers, long pixels);

/// Collective on `comm`: cosine of the angle between two vectors spread over its ranks; 0 when one
/// vanishes.
double CosineOver(MPI_Comm comm, const Eigen::VectorXd& a, const Eigen::VectorXd& b);

}  // namespace symwave::training::bench
