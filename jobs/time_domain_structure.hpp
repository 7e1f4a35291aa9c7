// What a deck draws, as the layered structure of the time domain.
#pragma once

#include <vector>

#include "domain/structure.hpp"
#include "jobs/options.hpp"

namespace symwave::jobs {

/// The deck's shapes between their heights.
std::vector<domain::ExtrudedShape> ExtrudedShapes(const DeckOptions& options);

domain::Structure StructureOf(const DeckOptions& options);

/// Whether outlines are not those of the deck's shapes: a chip, fabrication errors. They are laid
/// out as for the frequency domain, at one wavelength.
bool NeedsLayout(const DeckOptions& options);

/// The structure, which is all that stands on the lattice. UserError where a layout does.
domain::Structure WholeStructureOf(const DeckOptions& options);

/// Its image about the planes through the origin of the marked axes. The background stays.
domain::Structure MirroredStructure(const DeckOptions& options, const std::array<bool, 3>& about);

}  // namespace symwave::jobs
