#include "domain/medium.hpp"

namespace symwave::domain {

std::complex<double> Medium::Permittivity(double omega) const {
  return Permittivity(SteppedFrequency(omega, 0));
}

std::complex<double> Medium::Permittivity(const SteppedFrequency& f) const {
  const std::complex<double> i(0, 1);
  std::complex<double> eps = eps_inf + i * conductivity * f.mean / f.w;
  for (const Pole& pole : poles) {
    eps += pole.strength / (pole.frequency * pole.frequency - f.w * f.w - i * pole.damping * f.v);
  }
  return eps;
}

MediumMap UniformMedium(const Medium& medium) {
  MediumMap map;
  map.media = {medium};
  map.sample = [medium](Component c, const IndexBox& box) {
    const auto count = static_cast<size_t>(box.Count());
    MediumBlock block;
    block.box = box;
    block.eps.assign(count, medium.eps_inf * medium.anisotropy[static_cast<size_t>(c)]);
    if (medium.conductivity != 0) block.conductivity.assign(count, medium.conductivity);
    if (!medium.poles.empty()) block.dispersive.push_back({0, std::vector<double>(count, 1.0)});
    return block;
  };
  return map;
}

}  // namespace symwave::domain
