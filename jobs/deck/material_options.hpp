// What a deck says about its materials.
#pragma once

#include <array>
#include <complex>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/tabulated_index.hpp"
#include "jobs/deck/time_domain_options.hpp"

namespace symwave::jobs::deck {

/// Effective index of a guided mode of a layer stack: film between two half-spaces.
struct SlabMaterial {
  double thickness = 0.22;
  std::string film;  ///< built-in names or names of other materials of the deck
  std::string below;
  std::string above;
  bool magnetic = false;  ///< TM instead of TE
  int order = 0;
};

/// A complex-conjugate pole-residue pair, 1/um: residue / (s - pole) + conjugate, s = d/dt.
struct PoleResidue {
  std::complex<double> pole;
  std::complex<double> residue;
};

/// eps = epsilon + sum of the pairs, s = -i w for the time factor exp(-i w t).
struct PoleResidueMaterial {
  double epsilon = 1;
  std::vector<PoleResidue> pairs;

  std::complex<double> Permittivity(double omega) const;
};

/// A file of wavelength, n and k.
struct TableMaterial {
  std::string file;
  std::shared_ptr<const domain::TabulatedIndex> rows;  ///< once it is read
};

/// Exactly one of model, index, epsilon, slab, poles, table and pole_residue is given.
struct MaterialOptions {
  std::string model;                          ///< built-in: Si, SiO2, Si3N4, Au, Ag
  std::optional<std::complex<double>> index;  ///< n + i k
  std::optional<std::complex<double>> epsilon;
  /// eps along x, y and z of an anisotropic medium, whose largest index or epsilon stands above.
  std::optional<std::array<double, 3>> diagonal;
  std::optional<SlabMaterial> slab;
  std::optional<PoleMaterial> poles;
  TableMaterial table;  ///< given where its file is
  std::optional<PoleResidueMaterial> pole_residue;
  double fit_tolerance =
      0.01;  ///< largest error of n + i k of a medium made of table, pairs, constant
  std::optional<double> constant_within;  ///< relative change of the index that may be left out
  std::string where;                      ///< "deck.yaml:line"

  bool Fitted() const { return !table.file.empty() || pole_residue.has_value(); }
};

/// n + i k of a table or of pole-residue pairs. UserError with the place: outside the table, gain.
std::complex<double> GivenIndex(const std::string& name, const MaterialOptions& material,
                                double wavelength);

/// UserError with the place where poles without damping have no permittivity `eps` at a wavelength,
/// or it vanishes.
void RequireFinite(const std::string& name, const MaterialOptions& material, double wavelength,
                   std::complex<double> eps);

/// Wavelengths [um] for which the material is known; none where these are all.
std::optional<std::array<double, 2>> RangeOf(const MaterialOptions& material);

}  // namespace symwave::jobs::deck
