// Tables of the refractive index of a material.
#pragma once

#include <string>

#include "domain/tabulated_index.hpp"

namespace symwave::io {

/// Reads lines "wavelength, n, k" (k left out: 0) with any separator of io/csv_reader.hpp. Headers
/// name the columns ("wl", "wavelength [nm]", "lambda (um)", "frequency (THz)", "energy (eV)", "n",
/// "k") and the unit, um where they name none; without a header the columns are in that order. A
/// second block with a header "wl, k" holds k at the wavelengths of the first, as
/// refractiveindex.info writes it. Lines starting with '#', '%' or '//' are comments. UserError
/// with file:line: cells that are not finite numbers, wrong number of columns, header that names no
/// n, blocks with different wavelengths, what domain::TabulatedIndex refuses, and wavelengths that
/// look like nanometres without saying so.
domain::TabulatedIndex ParseIndexFile(const std::string& text, const std::string& path);

}  // namespace symwave::io
