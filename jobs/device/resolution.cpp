#include "jobs/device/resolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/widest_cells.hpp"
#include "jobs/device/device.hpp"

namespace symwave::jobs::device {

namespace {

constexpr double kRounding = 1e-9;  // relative, of counts of cells

MaterialResolution Resolve(const domain::MaterialCells& cells, std::complex<double> eps,
                           double wavelength) {
  const std::complex<double> n = std::sqrt(eps);
  MaterialResolution found;
  found.material = cells.material;
  found.metal = eps.real() < 0;
  found.index = found.metal ? std::abs(n) : n.real();
  found.wavelength = wavelength;
  const auto widest = std::max_element(cells.width.begin(), cells.width.end());
  found.axis = static_cast<int>(widest - cells.width.begin());
  found.cell = *widest;
  found.cells = wavelength / found.index / found.cell;
  return found;
}

std::string Count(const MaterialResolution& found) {
  return fmt::format(
      "{:.1f} cells of {:.4g} um along {} per wavelength in '{}' (index {:.4g} at {:.4f} um)",
      found.cells, found.cell, "xyz"[found.axis], found.material, found.index, found.wavelength);
}

}  // namespace

bool MaterialResolution::Fine() const {
  return cells >= kFineEnough * (1 - kRounding);
}

double MaterialResolution::LargestCell(double wanted) const {
  const double cell_size = wavelength / index / wanted;
  const double digit = std::pow(10, std::floor(std::log10(cell_size)) - 2);
  return std::floor(cell_size / digit * (1 + kRounding)) * digit;
}

std::vector<MaterialResolution> ResolutionOf(const deck::DeviceOptions& options,
                                             const domain::Lattice& lattice,
                                             const std::vector<domain::StructureLayer>& layers) {
  std::vector<MaterialResolution> all;
  const std::vector<domain::MaterialCells> present = domain::WidestCells(lattice, layers);
  for (const domain::MaterialCells& cells : present) {
    all.push_back({cells.material, 1, false, 0, 0, 0, std::numeric_limits<double>::infinity()});
  }
  for (const double wavelength : options.wavelengths) {
    const auto table = MaterialTable(options, wavelength, options.fabrication.thickness_bias);
    for (size_t m = 0; m < present.size(); ++m) {
      const auto here = Resolve(present[m], table.at(present[m].material), wavelength);
      if (here.cells < all[m].cells) all[m] = here;
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cells < b.cells; });
  return all;
}

MaterialResolution Coarsest(const std::vector<MaterialResolution>& resolution) {
  const auto dielectric = std::find_if(resolution.begin(), resolution.end(),
                                       [](const MaterialResolution& m) { return !m.metal; });
  return dielectric == resolution.end() ? resolution.front() : *dielectric;
}

void RequireResolution(const std::string& where,
                       const std::vector<MaterialResolution>& resolution) {
  for (const MaterialResolution& found : resolution) {
    if (found.metal || found.cells >= kCoarsest * (1 - kRounding)) continue;
    base::Fail(
        "{}: {}, fewer than {}: the lattice cannot carry this light; take grid.cell at most {:.3g} "
        "um, "
        "or {:.3g} um for the {} cells from which on errors are a few percent",
        where, Count(found), kCoarsest, found.LargestCell(kCoarsest),
        found.LargestCell(kFineEnough), kFineEnough);
  }
}

std::vector<std::string> ResolutionWarnings(const std::vector<MaterialResolution>& resolution) {
  std::vector<std::string> warnings;
  for (const MaterialResolution& found : resolution) {
    if (found.Fine()) continue;
    if (found.metal) {
      const double depth = found.wavelength / (2 * M_PI * found.index);
      warnings.push_back(fmt::format(
          "{:.4g} um cells along {} in '{}', where light decays within {:.2g} um (|n| {:.4g} at "
          "{:.4f} um): the loss and phase of its reflection depend on the mesh; cells of {:.3g} um "
          "there resolve it",
          found.cell, "xyz"[found.axis], found.material, depth, found.index, found.wavelength,
          found.LargestCell(kFineEnough)));
      continue;
    }
    warnings.push_back(fmt::format(
        "{}, fewer than {}: expect several percent of error; take a smaller grid.cell, at most "
        "{:.3g} um",
        Count(found), kFineEnough, found.LargestCell(kFineEnough)));
  }
  return warnings;
}

}  // namespace symwave::jobs::device
