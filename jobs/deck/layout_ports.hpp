// Ports of a layout: where they stand, which guides they are in, how these go on behind them.
#pragma once

#include <vector>

#include "io/gds/gds_flatten.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// A layer of the stack as drawn, united; coordinates of the deck.
struct DrawnLayer {
  StackLayer entry;
  std::vector<domain::Polygon> contours;
  bool continued = false;  ///< has outlines more that are not united with the rest
};

/// The ports that `layout.ports` asks for, facing into their guides. Guides that end at their port
/// are continued in all layers to beyond the PML: `layers` get their continuations as polygons
/// more, which are not united with the rest. `origin`: that of the deck, in the file. Notes go to
/// `layout.notes`, what may be a guide without a port to its warnings. `taken`: the deck's own
/// ports, whose names are not given again. UserError for labels without a guide, on guides at an
/// angle to the axes, or in the middle of a guide without a pin that points out of the device, and
/// for a layer without labels.
std::vector<PortOptions> PortsOfLayout(const io::FlatLayout& flat, domain::Point origin,
                                       const GridOptions& grid,
                                       const std::vector<PortOptions>& taken, LayoutOptions& layout,
                                       std::vector<DrawnLayer>& layers);

}  // namespace symwave::jobs::deck
