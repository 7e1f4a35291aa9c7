// Tables of the refractive index of a material.
#pragma once

#include <string>

#include "domain/tabulated_index.hpp"

namespace symwave::io {

/// Reads lines "wavelength, n, k" (k left out: 0) with any separator of io/csv_reader.hpp. A
/// header, also behind '#', '%' or '//', names columns and unit as io/index_header.hpp knows them;
/// without one the columns are in that order and in um. A second header "wl, k" begins a block of k
/// at the wavelengths of the first, as refractiveindex.info writes it. UserError with file:line:
/// headings and units that are not known, comments that speak of another unit without being a
/// header, decimal commas, cells that are not finite numbers, wrong number of columns, blocks with
/// different wavelengths, what domain::TabulatedIndex refuses, and wavelengths outside 1 nm to 100
/// um, which are in another unit.
domain::TabulatedIndex ParseIndexFile(const std::string& text, const std::string& path);

}  // namespace symwave::io
