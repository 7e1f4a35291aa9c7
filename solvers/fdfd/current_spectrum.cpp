#include "solvers/fdfd/current_spectrum.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdfd {

double SteppedTwin(double omega, double dt) {
  if (0.5 * omega * dt >= 1) {
    base::Fail("a time step of {:.4g} um does not resolve light of {:.4g} um: take smaller cells",
               dt, 2 * M_PI / omega);
  }
  return 2 / dt * std::asin(0.5 * omega * dt);
}

std::vector<PointCurrent> CurrentsAt(const fdtd::Current& current, const domain::Lattice& lattice,
                                     double dt, double omega, Complex spectrum) {
  const double stepped = SteppedTwin(omega, dt);
  std::vector<double> values(static_cast<size_t>(current.signals->Count()));
  std::vector<Complex> sums(values.size(), 0.0);
  for (long n = 0; n < current.signals->EndStep(); ++n) {
    current.signals->Evaluate(n, values.data());
    const Complex phase = dt * std::exp(Complex(0, stepped * static_cast<double>(n) * dt));
    for (size_t s = 0; s < sums.size(); ++s) sums[s] += values[s] * phase;
  }
  const Complex half = std::exp(Complex(0, 0.5 * stepped * dt));
  const auto scaled = [&](domain::Component component, Complex value) {
    return (domain::IsElectric(component) ? value * half : value) / spectrum;
  };
  std::vector<PointCurrent> currents;
  for (const fdtd::CurrentEntry& entry : current.entries) {
    const Complex value = entry.weight * sums[static_cast<size_t>(entry.signal)];
    currents.push_back({entry.component, entry.point, scaled(entry.component, value)});
  }
  for (const fdtd::CurrentSeries& series : current.series) {
    Complex value = 0;
    for (size_t m = 0; m < series.profile.size(); ++m) {
      const size_t s = static_cast<size_t>(series.signal) + 2 * m;
      const Complex p = series.profile[m];
      value += lattice.HasBlochPhase() ? p * sums[s] : p.real() * sums[s] - p.imag() * sums[s + 1];
    }
    currents.push_back({series.component, series.point, scaled(series.component, value)});
  }
  return currents;
}

}  // namespace symwave::solvers::fdfd
