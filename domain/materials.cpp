#include "domain/materials.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

double Sellmeier(const std::vector<SellmeierTerm>& terms, double wavelength) {
  const double l2 = wavelength * wavelength;
  double epsilon = 1;
  for (const SellmeierTerm& t : terms) epsilon += t.b * l2 / (l2 - t.c_um * t.c_um);
  return std::sqrt(epsilon);
}

/// eps = eps_r + exp(-3 dL/L) a / lambda^2 at T = 293 K, where the thermal expansion dL vanishes.
double SiliconLi(double wavelength) {
  constexpr double t = 293;
  const double eps_r = 11.4445 + 2.7739e-4 * t + 1.7050e-6 * t * t - 8.1347e-10 * t * t * t;
  const double a = 0.8948 + 4.3977e-4 * t + 7.3835e-8 * t * t;
  return std::sqrt(eps_r + a / (wavelength * wavelength));
}

DispersionFit SellmeierFit(const std::string& name, const std::string& source,
                           std::array<double, 2> range_um,
                           const std::vector<SellmeierTerm>& terms) {
  return {name, source, range_um, [terms](double l) { return Sellmeier(terms, l); }, terms};
}

}  // namespace

const std::vector<DispersionFit>& BuiltInMaterials() {
  static const std::vector<DispersionFit> fits{
      {"Si", "H. H. Li, J. Phys. Chem. Ref. Data 9, 561 (1980), 293 K", {1.2, 14.0}, SiliconLi, {}},
      SellmeierFit("SiO2", "I. H. Malitson, J. Opt. Soc. Am. 55, 1205 (1965), fused silica, 293 K",
                   {0.21, 3.71},
                   {{0.6961663, 0.0684043}, {0.4079426, 0.1162414}, {0.8974794, 9.896161}}),
      SellmeierFit("Si3N4", "K. Luke et al., Opt. Lett. 40, 4823 (2015), LPCVD film", {0.31, 5.504},
                   {{3.0249, 0.1353406}, {40314, 1239.842}})};
  return fits;
}

std::complex<double> BuiltInIndex(const std::string& name, double wavelength_um) {
  std::vector<std::string> names;
  std::string list;
  for (const DispersionFit& fit : BuiltInMaterials()) {
    if (fit.name == name) {
      const auto [low, high] = fit.range_um;
      if (!(wavelength_um >= low && wavelength_um <= high)) {
        base::Fail("the fit of {} holds from {:.6g} to {:.6g} um, not at {:.6g} um ({})", name, low,
                   high, wavelength_um, fit.source);
      }
      return fit.index(wavelength_um);
    }
    names.push_back(fit.name);
    list += (list.empty() ? "" : ", ") + fit.name;
  }
  const std::string nearest = base::Nearest(name, names);
  base::Fail("{} is not a built-in material{}; built in are {}", name,
             nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), list);
}

}  // namespace symwave::domain
