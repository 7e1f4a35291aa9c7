// What a deck says about a layout file, and what was found in it. Lengths in um; places of the file
// and of the deck differ by the origin.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/mode_choice.hpp"
#include "io/gds/gds_library.hpp"

namespace symwave::jobs::deck {

/// Polygons of a layer, or without one the whole plane, as a material between two heights.
struct StackLayer {
  std::optional<io::GdsLayer> layer;
  std::string material;
  double z = 0;  ///< of the bottom
  double thickness = 0.22;
  double sidewall = 90;  ///< degrees, as ExtrudedShape
  int order = 0;         ///< painted from the smallest on, equal ones as the stack lists them
  std::string where;

  double Top() const { return z + thickness; }
};

/// Ports where the file has labels on the ends of guides, or at all guides that end at the edge.
struct LayoutPortOptions {
  bool automatic = false;
  std::optional<io::GdsLayer> layer;  ///< of the labels
  std::vector<double> span;           ///< across, as that of ports; empty: chosen by the guide
  std::vector<domain::ModeChoice> modes{0};
  std::string where;
};

struct LayoutOptions {
  std::string file;
  std::string cell;
  std::vector<StackLayer> layers;  ///< 2D: material by layer
  std::vector<StackLayer> stack;   ///< 3D
  std::string stack_file;          ///< instead of it
  std::vector<double> window;  ///< [xmin, ymin, xmax, ymax] of the file; empty: all that is drawn
  double margin = 1;           ///< around what is drawn; ports at a window's edge stand off so far
  /// Of the deck, in the file, and if given a third its height in the stack; empty: the middles.
  std::vector<double> origin;
  std::optional<LayoutPortOptions> ports;
  std::string where;

  // Found in the file.
  size_t shapes = 0;                  ///< the first ones of the deck's shapes
  size_t slabs = 0;                   ///< the first ones of the deck's layers
  size_t port_count = 0;              ///< the last ones of the deck's ports
  std::vector<std::string> notes;     ///< sentences for the log
  std::vector<std::string> warnings;  ///< sentences
};

}  // namespace symwave::jobs::deck
