#include "jobs/checks/plasmon_check.hpp"

#include <fmt/core.h>

#include <cmath>
#include <complex>
#include <optional>

#include "jobs/device/device.hpp"

namespace symwave::jobs::checks {

namespace {

constexpr double kWorstCorner = 3;  // (2 pi - angle) / angle of a corner of 90 degrees
constexpr double kLossless = 1e-2;  // |Im eps / Re eps| from which on resonances are damped

struct Pair {
  std::complex<double> metal, dielectric;
  double wavelength = 0;

  double Ratio() const { return metal.real() / dielectric.real(); }
};

bool Resonates(const Pair& pair) {
  if (pair.metal.real() >= 0 || pair.dielectric.real() <= 0) return false;
  if (std::abs(pair.metal.imag()) > kLossless * std::abs(pair.metal.real())) return false;
  const double ratio = -pair.Ratio();
  return ratio <= kWorstCorner && ratio >= 1 / kWorstCorner;
}

/// That of the ratio nearest to -1.
std::optional<Pair> WorstPair(const std::vector<domain::PermittivityTable>& tables,
                              const std::vector<double>& wavelengths, const std::string& metal,
                              const std::string& dielectric) {
  std::optional<Pair> worst;
  for (size_t w = 0; w < wavelengths.size(); ++w) {
    const Pair here{tables[w].at(metal), tables[w].at(dielectric), wavelengths[w]};
    if (!Resonates(here)) continue;
    const auto distance = [](const Pair& pair) { return std::abs(std::log(-pair.Ratio())); };
    if (!worst || distance(here) < distance(*worst)) worst = here;
  }
  return worst;
}

}  // namespace

std::vector<std::string> PlasmonWarnings(
    const deck::DeviceOptions& options, const std::vector<device::MaterialResolution>& resolution) {
  std::vector<std::string> warnings;
  const bool along_walls =
      options.grid.Dimensions() == 2 && options.grid.polarization == domain::Polarization::Ez;
  if (along_walls) return warnings;
  std::vector<domain::PermittivityTable> tables;
  for (const double wavelength : options.wavelengths) {
    tables.push_back(
        device::MaterialTable(options, wavelength, options.fabrication.thickness_bias));
  }
  for (const device::MaterialResolution& metal : resolution) {
    for (const device::MaterialResolution& other : resolution) {
      const auto pair = WorstPair(tables, options.wavelengths, metal.material, other.material);
      if (!pair) continue;
      warnings.push_back(fmt::format(
          "{}: materials.{} has no loss and a permittivity of {:.4g}, {:.3g} times that of '{}' "
          "(at "
          "{:.6g} um): where they meet, walls (at -1 times) and corners (from -3 to -1/3 times) "
          "hold "
          "plasmons of every wavelength, and no mesh leads to one result; give the metal its loss, "
          "such as epsilon: [{:.4g}, {:.2g}]",
          options.materials.at(metal.material).where, metal.material, pair->metal.real(),
          pair->Ratio(), other.material, pair->wavelength, pair->metal.real(),
          0.1 * std::abs(pair->metal.real())));
    }
  }
  return warnings;
}

}  // namespace symwave::jobs::checks
