#include "jobs/deck/material_options.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/pole_media.hpp"

namespace symwave::jobs::deck {

std::complex<double> PoleResidueMaterial::Permittivity(double omega) const {
  const std::complex<double> s(0, -omega);
  std::complex<double> eps = epsilon;
  for (const PoleResidue& pair : pairs) {
    eps += pair.residue / (s - pair.pole) + std::conj(pair.residue) / (s - std::conj(pair.pole));
  }
  return eps;
}

namespace {

constexpr double kInfinite = 1e10, kVanishing = 1e-12;  // |eps|

/// What may be wrong with pairs that amplify: most often one has its sign turned.
std::string AmplifyingPair(const PoleResidueMaterial& material, double omega) {
  const double whole = material.Permittivity(omega).imag();
  size_t worst = 0;
  double least = 0;
  for (size_t k = 0; k < material.pairs.size(); ++k) {
    const double own = PoleResidueMaterial{0, {material.pairs[k]}}.Permittivity(omega).imag();
    if (own < least) worst = k;
    least = std::min(least, own);
  }
  const std::complex<double> c = material.pairs[worst].residue;
  const std::string pair = fmt::format("pairs[{}] adds {:+.4g}i", worst, least);
  if (whole - 2 * least < 0) return pair + " of it; check its a and c";
  return fmt::format(
      "{} of it, and absorbs with the sign of c turned, c = [{:.6g}, {:.6g}] / um: c stands over "
      "s - a with s = -i w",
      pair, 0.0 - c.real(), 0.0 - c.imag());
}

}  // namespace

void RequireFinite(const std::string& name, const MaterialOptions& material, double wavelength,
                   std::complex<double> eps) {
  const std::string key = fmt::format("{}: materials.{}.{}", material.where, name,
                                      material.poles ? "poles" : "pole_residue");
  const double size = std::abs(eps);
  if (!(size <= kInfinite)) {
    base::Fail(
        "{}: the index diverges at {:.6g} um, the resonance of a pole without damping; give the "
        "pole {}, or leave this wavelength out",
        key, wavelength, material.poles ? "a damping" : "an a with a negative real part");
  }
  if (size >= kVanishing) return;
  base::Fail(
      "{}: the permittivity vanishes at {:.6g} um, where light in it has no wavelength; give a "
      "pole "
      "more damping, or leave this wavelength out",
      key, wavelength);
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
  const double omega = 2 * M_PI / wavelength;
  const auto eps = material.pole_residue->Permittivity(omega);
  RequireFinite(name, material, wavelength, eps);
  if (eps.imag() < -1e-9 * std::abs(eps)) {
    base::Fail(
        "{}: materials.{}.pole_residue amplifies at {:.6g} um: eps = {:.6g} {:+.6g}i, and the "
        "imaginary part of a passive medium is >= 0; {}",
        material.where, name, wavelength, eps.real(), eps.imag(),
        AmplifyingPair(*material.pole_residue, omega));
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

}  // namespace symwave::jobs::deck
