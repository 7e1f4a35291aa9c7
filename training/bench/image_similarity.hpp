// How alike two images are.
#pragma once

#include <Eigen/Dense>

namespace symwave::training::bench {

/// Side of the windows over which images are compared, and the standard deviation of their Gaussian
/// weights in pixels; 0: even weights.
struct SimilarityWindow {
  int pixels = 11;
  double sigma = 1.5;
};
constexpr SimilarityWindow kGaussianWindow{11, 1.5};
constexpr SimilarityWindow kEvenWindow{7, 0};

/// Mean structural similarity of two images [row][column] (Wang, Bovik, Sheikh and Simoncelli, IEEE
/// Trans. Image Process. 13, 600 (2004), eqs. 13-17): mean over all windows that lie wholly in the
/// image of
///   (2 mu_a mu_b + C1) (2 s_ab + C2) / ((mu_a^2 + mu_b^2 + C1) (s_a^2 + s_b^2 + C2)),
/// C1 = (0.01 range)^2, C2 = (0.03 range)^2, with weighted means, variances and covariance. Where
/// the image is smaller the window is (a Gaussian one with an odd side). 1 for equal images.
/// `range`: of the values, positive.
double StructuralSimilarity(const Eigen::ArrayXXd& a, const Eigen::ArrayXXd& b, double range,
                            const SimilarityWindow& window = kGaussianWindow);

/// The same of two intensities, each over its mean, the range being the largest value of `ideal`.
double IntensitySimilarity(const Eigen::ArrayXXd& measured, const Eigen::ArrayXXd& ideal);

/// 10 log10(1 / mean (a - b)^2) of images with values in 0 ... 1 [dB]; infinite for equal ones.
double PeakSignalToNoise(const Eigen::ArrayXXd& a, const Eigen::ArrayXXd& b);

/// (image - smallest) / (largest - smallest); zero for an even one.
Eigen::ArrayXXd Stretched(const Eigen::ArrayXXd& image);

}  // namespace symwave::training::bench
