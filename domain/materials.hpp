// Optical materials: refractive index n' + i n'' (n'' > 0 absorbs, time factor exp(-i w t)).
#pragma once

#include <array>
#include <complex>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace symwave::domain {

/// One term b lambda^2 / (lambda^2 - c^2) of n^2 - 1 (Sellmeier).
struct SellmeierTerm {
  double b;
  double c_um;
};

/// Published Sellmeier-type fit of a built-in material, with its source and range of validity.
struct DispersionFit {
  std::string name;
  std::string source;
  std::array<double, 2> range_um;
  std::function<double(double wavelength_um)> index;
  std::vector<SellmeierTerm> terms;  ///< all of n^2 - 1; none where the fit has another form
};

/// Built-in fits: Si, SiO2, Si3N4.
const std::vector<DispersionFit>& BuiltInMaterials();

/// Index of a built-in material. UserError (unknown name with the nearest match; wavelength outside
/// the fit's range with the range).
std::complex<double> BuiltInIndex(const std::string& name, double wavelength_um);

/// Material names to relative permittivity at one wavelength.
using PermittivityTable = std::map<std::string, std::complex<double>>;

}  // namespace symwave::domain
