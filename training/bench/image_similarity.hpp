// How alike two images are.
#pragma once

#include <Eigen/Dense>

namespace symwave::training::bench {

/// Structural similarity of two images with values in 0 ... 1: mean over all windows of `window` x
/// `window` pixels (or the whole image where it is smaller) of
///   (2 m_a m_b + 1e-4)(2 c_ab + 9e-4) / ((m_a^2 + m_b^2 + 1e-4)(v_a + v_b + 9e-4))
/// with means m, variances v and covariance c (Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image
/// Process. 13, 600 (2004), equation 13, even weights).
double StructuralSimilarity(const Eigen::ArrayXXd& a, const Eigen::ArrayXXd& b, int window = 7);

/// 10 log10(1 / mean (a - b)^2) of images with values in 0 ... 1 [dB]; infinite for equal ones.
double PeakSignalToNoise(const Eigen::ArrayXXd& a, const Eigen::ArrayXXd& b);

/// (image - smallest) / (largest - smallest); zero for an even one.
Eigen::ArrayXXd Stretched(const Eigen::ArrayXXd& image);

}  // namespace symwave::training::bench
