#include "jobs/train/chip/composition_check.hpp"

#include <random>

#include "domain/base/log.hpp"
#include "domain/base/random.hpp"

namespace symwave::jobs::train::chip {

namespace {

constexpr double kAllowed = 0.05;  // as postproc/verdicts.py has it

}  // namespace

double CompositionDefect(WholeBlock& block, const domain::PermittivityMap& media,
                         const Eigen::MatrixXcd& composed) {
  const Eigen::Index inputs = composed.cols(), outputs = composed.rows();
  std::mt19937_64 generator(1);
  Eigen::VectorXcd launched = Eigen::VectorXcd::Zero(inputs + outputs);
  for (Eigen::Index p = 0; p < inputs; ++p) {
    const double real = base::Gaussian(generator), imaginary = base::Gaussian(generator);
    launched[p] = domain::Complex(real, imaginary);
  }
  const Eigen::VectorXcd whole = block.Launch(media, launched).tail(outputs);
  return (composed * launched.head(inputs) - whole).norm() / whole.norm();
}

void WarnOfComposition(double defect, const char* when) {
  if (defect <= kAllowed) return;
  base::Warn(
      "solver.compose: {}, the light of the whole device differs by {:.2g} of its amplitude from "
      "that of its parts, which leave out what does not go through guides of one mode: commands "
      "that "
      "the parts learn are not those of the device; give it couplers that radiate less, bring "
      "long guides that couple between parts further apart, move solver.cuts away from bends, or "
      "leave compose out",
      when, defect);
}

}  // namespace symwave::jobs::train::chip
