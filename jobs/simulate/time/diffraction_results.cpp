#include "jobs/simulate/time/diffraction_results.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/log.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using Complex = std::complex<double>;
using solvers::fdtd::DiffractionOrders;
using solvers::fdtd::OrderWaves;

constexpr double kDegrees = 180 / M_PI;
/// Sum of the orders and flux differ by the power that evanescent orders carry between bodies that
/// stand too close, and by rounding.
constexpr double kSumError = 0.01;

std::string OrderName(const std::array<int, 2>& order, bool flat) {
  return flat ? fmt::format("{}", order[0]) : fmt::format("{},{}", order[0], order[1]);
}

void PrintOrders(const std::string& name, const DiffractionOrders& orders, bool flat,
                 const std::vector<OrderWaves>& middle, const std::vector<double>& over,
                 const std::string& unit) {
  base::Info("orders of {}, {}:", name, unit);
  base::Info("  {:>8} {:>10} {:>14} {:>14}", "order", "angle deg", "to smaller", "to larger");
  for (size_t n = 0; n < middle.size(); ++n) {
    if (std::isnan(middle[n].angle)) continue;
    base::Info("  {:>8} {:>10.3f} {:>14.6f} {:>14.6f}", OrderName(orders.Orders()[n], flat),
               middle[n].angle * kDegrees, over[2 * n], over[2 * n + 1]);
  }
}

void JudgeSum(const std::string& name, const std::vector<double>& power,
              const std::vector<double>& flux, size_t count) {
  double worst = 0;
  for (size_t w = 0; w < flux.size(); ++w) {
    double sum = 0, all = 0;
    for (size_t n = 0; n < count; ++n) {
      const double* of = &power[2 * (w * count + n)];
      sum += of[1] - of[0];
      all += of[1] + of[0];
    }
    if (all > 0) worst = std::max(worst, std::abs(sum - flux[w]) / all);
  }
  if (worst <= kSumError) return;
  base::Warn(
      "the orders of diffraction {} differ from the flux through its plane by {:.2g} of their "
      "power: "
      "fields that do not propagate carry power there; move the plane half a wavelength away from "
      "the structure",
      name, worst);
}

}  // namespace

void WriteDiffraction(io::Hdf5File& file, const std::string& group, const std::string& name,
                      const DiffractionOrders& orders, bool flat,
                      const std::function<Complex(double omega)>& spectrum,
                      const device::Incidence& incidence, nlohmann::ordered_json& summary) {
  const std::vector<OrderWaves> waves = orders.Waves();
  std::vector<double> flux = orders.Flux();
  const size_t count = orders.Orders().size(), wavelengths = flux.size();
  std::vector<double> angle, azimuth, power, efficiency;
  std::vector<Complex> s, p;
  for (size_t k = 0; k < waves.size(); ++k) {
    const size_t w = k / count;
    const Complex over = spectrum(orders.Omegas()[w]);
    // In 2D the sign of an angle is that of the wave vector across.
    const double sign = flat && std::abs(waves[k].azimuth) > 1 ? -1 : 1;
    angle.push_back(sign * waves[k].angle * kDegrees);
    azimuth.push_back(waves[k].azimuth * kDegrees);
    for (int towards = 0; towards < 2; ++towards) {
      s.push_back(waves[k].s[towards] / over);
      p.push_back(waves[k].p[towards] / over);
      power.push_back(waves[k].power[towards] / std::norm(over));
      if (incidence.power.empty()) continue;
      efficiency.push_back(power.back() / incidence.power[w]);
    }
  }
  for (size_t w = 0; w < wavelengths; ++w) flux[w] /= std::norm(spectrum(orders.Omegas()[w]));
  std::vector<int> numbers;
  for (const auto& order : orders.Orders()) {
    for (int d = 0; d < (flat ? 1 : 2); ++d) numbers.push_back(order[d]);
  }
  const io::Shape shape{wavelengths, count}, both{wavelengths, count, 2};
  const std::string senses = ", [wavelength][order][to smaller, to larger coordinates]";
  file.Write(group + "/order", numbers, {count, flat ? size_t{1} : size_t{2}},
             {"1", "numbers along the axes across"});
  file.Write(group + "/angle", angle, shape,
             {"deg", "to the normal, in the medium of the plane; not a number where evanescent"});
  if (!flat) file.Write(group + "/azimuth", azimuth, shape, {"deg", "from the first axis across"});
  file.Write(group + "/amplitude_s", s, both,
             {"1",
              "E along s = normal x wave vector across (2D: z), at the plane with the phase of "
              "coordinates 0 across" +
                  senses});
  file.Write(group + "/amplitude_p", p, both, {"1", "E along s x k / |k|, likewise"});
  file.Write(group + "/power", power, both, {"1", "through one period" + senses});
  if (!efficiency.empty()) {
    file.Write(group + "/efficiency", efficiency, both, {"1", "over /source/power" + senses});
  }
  file.Write(group + "/flux", flux, {}, {"1", "through the plane to larger coordinates"});
  file.WriteAttribute(group, "plane", orders.Plane());
  JudgeSum(name, power, flux, count);

  const size_t middle = wavelengths / 2;
  const std::vector<double>& shown = efficiency.empty() ? power : efficiency;
  const std::vector<double> over(shown.begin() + static_cast<long>(2 * middle * count),
                                 shown.begin() + static_cast<long>(2 * (middle + 1) * count));
  const std::vector<OrderWaves> of(waves.begin() + static_cast<long>(middle * count),
                                   waves.begin() + static_cast<long>((middle + 1) * count));
  PrintOrders(name, orders, flat, of, over,
              efficiency.empty() ? "power" : "share of the incident power");
  for (size_t n = 0; n < count; ++n) {
    if (std::isnan(of[n].angle)) continue;
    summary[OrderName(orders.Orders()[n], flat)] = {over[2 * n], over[2 * n + 1]};
  }
}

}  // namespace symwave::jobs::simulate::time
