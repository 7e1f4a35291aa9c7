// What a deck draws, as a layered structure.
#pragma once

#include <vector>

#include "domain/block_chip.hpp"
#include "domain/structure.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// The deck's shapes between their heights.
std::vector<domain::ExtrudedShape> ExtrudedShapes(const deck::DeviceOptions& options);

/// Of a chip its shapes, too, below those of the deck.
domain::Structure StructureOf(const deck::DeviceOptions& options);

/// What the generator makes of the deck's chip. UserError with the chip's place.
domain::BlockLayout ChipLayout(const deck::DeviceOptions& options);

/// In 3D, with fabrication errors: tops of shapes, side walls and outlines. UserError for bodies.
domain::Structure FabricatedStructureOf(const deck::DeviceOptions& options,
                                        const domain::FabricationErrors& errors);

/// Whether outlines are not those of the deck's shapes: a chip, fabrication errors, elements in 3D.
/// They are laid out as for the frequency domain, at one wavelength.
bool NeedsLayout(const deck::DeviceOptions& options);

/// The structure, which is all that stands on the lattice. UserError where a layout does.
domain::Structure WholeStructureOf(const deck::DeviceOptions& options);

/// Its image about the planes through the origin of the marked axes. The background stays.
domain::Structure MirroredStructure(const deck::DeviceOptions& options,
                                    const std::array<bool, 3>& about);

}  // namespace symwave::jobs::device
