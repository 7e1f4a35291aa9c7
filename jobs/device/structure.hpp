// What a deck draws, as the layered structure of the time domain.
#pragma once

#include <vector>

#include "domain/structure.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// The deck's shapes between their heights.
std::vector<domain::ExtrudedShape> ExtrudedShapes(const deck::DeviceOptions& options);

domain::Structure StructureOf(const deck::DeviceOptions& options);

/// Whether outlines are not those of the deck's shapes: a chip, fabrication errors. They are laid
/// out as for the frequency domain, at one wavelength.
bool NeedsLayout(const deck::DeviceOptions& options);

/// The structure, which is all that stands on the lattice. UserError where a layout does.
domain::Structure WholeStructureOf(const deck::DeviceOptions& options);

/// Its image about the planes through the origin of the marked axes. The background stays.
domain::Structure MirroredStructure(const deck::DeviceOptions& options,
                                    const std::array<bool, 3>& about);

}  // namespace symwave::jobs::device
