// What a deck describes, as data for a picture.
#pragma once

#include <nlohmann/json.hpp>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::show {

/// Nodes of the lattice and its PMLs; outlines of the materials seen from above, at the height of
/// the ports in 3D; in 3D also what a cut through the ports or the centre along x and along y
/// meets; where there are bodies, materials on a mesh over these planes instead; ports, trainable
/// elements, sources and monitors. Lengths in um. Solves nothing. Not collective: the same on
/// every rank. UserError where the deck makes no device.
nlohmann::ordered_json DeviceSketch(const deck::DeckOptions& options);

}  // namespace symwave::jobs::show
