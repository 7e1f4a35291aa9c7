// Straight walls between the materials of a deck, and which of them are walls of metals.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "domain/regions.hpp"
#include "domain/structure.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// Walls nearer than this are one [um].
constexpr double kSameWall = 1e-6;

struct Wall {
  double at = 0;      ///< um
  double length = 0;  ///< um; of a layer's face the number of layers and shapes that have it
  double metal = 0;   ///< the part of the length that has metal on one side
};

/// Materials with Re eps <= 0 at one of the deck's wavelengths.
std::set<std::string> MetalsOf(const deck::DeviceOptions& options);

/// Straight edges across `axis` (0: x, 1: y) of the outlines of a 2D deck, inside its size.
std::vector<Wall> StraightWalls(const deck::DeviceOptions& options, int axis,
                                const std::set<std::string>& metals);

/// Bottoms and tops of the layers and shapes of a 3D deck.
std::vector<Wall> LayerFaces(const deck::DeviceOptions& options,
                             const std::set<std::string>& metals);

/// Which parts of outlines at one height have metal on one side and none on the other.
class MetalSides {
 public:
  MetalSides(const domain::Structure& structure, const std::vector<domain::Region>& regions,
             const std::set<std::string>& metals, double z);

  /// Length of the part of an edge that lies within [-end, end] along both axes [um].
  double Along(const domain::Point& a, const domain::Point& b,
               const std::array<double, 2>& end) const;

 private:
  bool MetalAt(double x, double y) const;

  const domain::Structure& structure_;
  const std::set<std::string>& metals_;
  double z_;
  std::vector<domain::Point> corners_;
};

}  // namespace symwave::jobs::device
