// Whether the cells of a deck resolve the light in its materials: refused where they cannot carry
// it, a warning where they carry it with a large error.
#pragma once

#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/structure.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// Fewest cells per wavelength that are accepted, and at which no warning is given.
constexpr double kCoarsest = 4;
constexpr double kFineEnough = 8;

/// A material at the wavelength and along the axis where the fewest cells resolve it.
struct MaterialResolution {
  std::string material;
  double index = 1;  ///< Re n; of metals, Re eps < 0, |n|
  bool metal = false;
  double wavelength = 0;  ///< vacuum, um
  int axis = 0;
  double cell = 0;   ///< um
  double cells = 0;  ///< per wavelength / index

  bool Fine() const;  ///< kFineEnough cells or more
  /// Largest cell [um] that has `wanted` cells per wavelength, rounded down to three digits.
  double LargestCell(double wanted) const;
};

/// Of every material on the lattice, the coarsest first. UserError where a material has no index at
/// one of the deck's wavelengths.
std::vector<MaterialResolution> ResolutionOf(const deck::DeviceOptions& options,
                                             const domain::Lattice& lattice,
                                             const std::vector<domain::StructureLayer>& layers);

/// The dielectric with the fewest cells per wavelength; where there are metals only, the first.
MaterialResolution Coarsest(const std::vector<MaterialResolution>& resolution);

/// UserError with the grid's place `where` where a dielectric has fewer than kCoarsest cells per
/// wavelength.
void RequireResolution(const std::string& where, const std::vector<MaterialResolution>& resolution);

/// A sentence for each material with fewer than kFineEnough cells per wavelength; metals, in which
/// light does not travel, are warned about however coarse the cells are.
std::vector<std::string> ResolutionWarnings(const std::vector<MaterialResolution>& resolution);

}  // namespace symwave::jobs::device
