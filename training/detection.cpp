#include "training/detection.hpp"

#include "domain/base/random.hpp"
#include "training/random.hpp"

namespace symwave::training {

void DetectionNoise::Add(const Pass& pass, const int* samples, const Amplitudes& launched,
                         Amplitudes& measured) const {
  if (Silent()) return;
  std::uint64_t seed = base::MixSeed(seed_, pass.step);
  seed = base::MixSeed(seed, static_cast<std::uint64_t>(pass.kind));
  seed = base::MixSeed(seed, static_cast<std::uint64_t>(pass.block));
  const auto ports = static_cast<std::uint64_t>(measured.Ports());
  const Eigen::ArrayXd rms =
      size_ *
      (launched.Planes().rowwise().squaredNorm() / static_cast<double>(ports)).array().sqrt();
  for (Eigen::Index p = 0; p < measured.Ports(); ++p) {
    for (Eigen::Index s = 0; s < measured.Samples(); ++s) {
      const GaussianPair noise = Gaussians(
          seed, static_cast<std::uint64_t>(samples[s]) * ports + static_cast<std::uint64_t>(p));
      measured.Re(p)[s] += rms(s) * noise.a;
      measured.Im(p)[s] += rms(s) * noise.b;
    }
  }
}

}  // namespace symwave::training
