// Numbers that say how well a bench does what it should.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>

namespace symwave::training::bench {

/// Mean structural similarity of two pictures [row][column] (Wang, Bovik, Sheikh and Simoncelli,
/// IEEE Trans. Image Process. 13, 600 (2004), eqs. 13-17): mean over all windows that lie wholly in
/// the picture of
///   (2 mu_a mu_b + C1) (2 s_ab + C2) / ((mu_a^2 + mu_b^2 + C1) (s_a^2 + s_b^2 + C2)),
/// C1 = (0.01 range)^2, C2 = (0.03 range)^2, with means, variances and covariance weighted by a
/// Gaussian of 1.5 pixels on 11 x 11 pixels (fewer where the picture is smaller, an even number
/// rounded down to an odd one). 1 for equal pictures. `range`: of the values, positive.
double StructuralSimilarity(const Eigen::ArrayXXd& a, const Eigen::ArrayXXd& b, double range);

/// The same of two intensities, each over its mean, the range being the largest value of `ideal`.
double IntensitySimilarity(const Eigen::ArrayXXd& measured, const Eigen::ArrayXXd& ideal);

/// Energy of the detected light per operation [J]: photons h c / wavelength over the complex
/// multiply-accumulate operations that the same layers take as dense matrices, layers * pixels^2
/// per sample. `wavelength` in um.
double JoulesPerOperation(double photons, double wavelength, long samples, int layers, long pixels);

/// Collective on `comm`: cosine of the angle between two vectors spread over its ranks; 0 when one
/// vanishes.
double CosineOver(MPI_Comm comm, const Eigen::VectorXd& a, const Eigen::VectorXd& b);

}  // namespace symwave::training::bench
