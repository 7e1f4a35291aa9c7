#include "jobs/material_options.hpp"

#include <cmath>

#include "domain/base/error.hpp"
#include "domain/pole_media.hpp"

namespace symwave::jobs {

std::complex<double> PoleResidueMaterial::Permittivity(double omega) const {
  const std::complex<double> s(0, -omega);
  std::complex<double> eps = epsilon;
  for (const PoleResidue& pair : pairs) {
    eps += pair.residue / (s - pair.pole) + std::conj(pair.residue) / (s - std::conj(pair.pole));
  }
  return eps;
}

std::complex<double> GivenIndex(const std::string& name, const MaterialOptions& material,
                                double wavelength) {
  if (material.table.rows) {
    try {
      return material.table.rows->Index(wavelength);
    } catch (const base::UserError& error) {
      base::Fail("{}: materials.{}.table {}: {}; narrow wavelength, or take a table that goes on",
                 material.where, name, material.table.file, error.what());
    }
  }
  const auto eps = material.pole_residue->Permittivity(2 * M_PI / wavelength);
  if (eps.imag() < -1e-9 * std::abs(eps)) {
    base::Fail(
        "{}: materials.{}.pole_residue amplifies at {:.6g} um: eps = {:.6g} {:+.6g}i, and the "
        "imaginary part of a passive medium is >= 0; with denominators j w + a at exp(+j w t), "
        "write -a here",
        material.where, name, wavelength, eps.real(), eps.imag());
  }
  return std::sqrt(std::complex<double>(eps.real(), std::max(0.0, eps.imag())));
}

std::optional<std::array<double, 2>> RangeOf(const MaterialOptions& material) {
  if (material.table.rows) return material.table.rows->Range();
  for (const domain::PoleFit& fit : domain::BuiltInMedia()) {
    if (fit.name == material.model) return fit.range_um;
  }
  return std::nullopt;
}

}  // namespace symwave::jobs
