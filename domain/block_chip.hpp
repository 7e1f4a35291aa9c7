// The symmetric block as a parametrised chip: [core | mask | mirrored core], or a single-shot
// cascade [core | mask | core | mask | core ...] with more masks. Every core is mirror-symmetric
// about its own centre, the chip about x = 0.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/plane_port.hpp"
#include "domain/segments.hpp"
#include "domain/shapes.hpp"

namespace symwave::domain {

/// Lengths in um. Core = lead, taper, multimode section, taper, lead.
struct BlockChip {
  std::string material = "core";
  int ports = 8;
  int masks = 1;
  double guide_width = 0.45;
  double pitch = 1.5;
  double taper_length = 2;
  double taper_width = 1.3;  ///< at the multimode section
  double core_width = 12;
  double core_length = 12;
  /// Holes of the background material in every multimode section, which mix the up-down parities;
  /// each is repeated at its left-right mirror image. Centre relative to the section's centre.
  std::string hole_material;  ///< "" means the background
  std::vector<Circle> holes;
  double lead = 2;           ///< outer guides inside the grid, port to taper
  Segment segment;           ///< its centre is set per guide
  double segment_gap = 0.5;  ///< plain guide on both sides of a segment
  bool attenuators = false;  ///< each segment also an attenuator
};

/// What the generator makes of it. Ports stand 0.5 um inside the PML and span one pitch; the outer
/// guides run on 5 um through the PML. Every coordinate has its exact negative at the mirror image.
struct BlockLayout {
  std::vector<Shape> shapes;
  std::vector<PlanePort> inputs;  ///< from top (largest y) to bottom
  std::vector<PlanePort> outputs;
  std::vector<Segment> segments;  ///< mask by mask from the input, each from top to bottom
  /// x intervals that hold the segments of each mask, in which alone the chip changes.
  std::vector<std::array<double, 2>> strips;
  std::array<double, 2> size{0, 0};  ///< grid size inside the PML
};

/// `background` fills the holes unless `hole_material` does. UserError when guides overlap, tapers
/// are wider than the pitch, a hole leaves its section ...
BlockLayout MakeBlockLayout(const BlockChip& chip, const std::string& background);

}  // namespace symwave::domain
