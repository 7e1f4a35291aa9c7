// The ports that a layout has: where guides carry labels, end at its edge, or cross that of a
// window.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "jobs/deck/layout_ports.hpp"

namespace symwave::jobs::deck {

/// A guide at the plane of a port.
struct GuideAtPort {
  std::string label;                    ///< in the file; "o1" where it has none
  std::string name;                     ///< of the port
  int axis = 0;                         ///< of the guide
  bool outward = true;                  ///< out of the device is towards larger coordinates
  double at = 0;                        ///< of the plane
  std::array<double, 2> section{0, 0};  ///< across
  bool ends = true;                     ///< at the plane
  size_t layer = 0;                     ///< in which it was found

  double Middle() const { return 0.5 * (section[0] + section[1]); }
  double Width() const { return section[1] - section[0]; }
};

/// Of the middle of a guide at its plane; `origin`: that of the deck, in the file.
domain::Point PlaceInFile(const GuideAtPort& guide, domain::Point origin);

/// At the labels of layout.ports.layer, or all that layout.ports: auto finds; without names. See
/// PortsOfLayout. Notes and warnings go to `layout`.
std::vector<GuideAtPort> GuidesOfPorts(const io::FlatLayout& flat, domain::Point origin,
                                       const GridOptions& grid, LayoutOptions& layout,
                                       const std::vector<DrawnLayer>& layers);

}  // namespace symwave::jobs::deck
