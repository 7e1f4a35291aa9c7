// What a deck draws, as the layered structure of the time domain.
#pragma once

#include <vector>

#include "domain/structure.hpp"
#include "jobs/options.hpp"

namespace symwave::jobs {

/// The deck's shapes between their heights.
std::vector<domain::ExtrudedShape> ExtrudedShapes(const DeckOptions& options);

domain::Structure StructureOf(const DeckOptions& options);

/// Its image about the planes through the origin of the marked axes. The background stays.
domain::Structure MirroredStructure(const DeckOptions& options, const std::array<bool, 3>& about);

}  // namespace symwave::jobs
