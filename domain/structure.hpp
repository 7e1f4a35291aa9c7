// A layered chip in 3D: infinite slabs and extruded outlines, painted over each other, and cut
// along z into layers of disjoint regions.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "domain/regions.hpp"
#include "domain/shapes.hpp"
#include "domain/solid_distance.hpp"

namespace symwave::domain {

constexpr double kInfiniteHeight = std::numeric_limits<double>::infinity();

/// A layer without edges: substrate, box, cladding. Heights in um, may be infinite.
struct LayerSlab {
  std::string material;
  double bottom = -kInfiniteHeight;
  double top = kInfiniteHeight;
  std::string where;  ///< "file:line" of the deck, for messages
};

/// An outline between two heights [um], which may be infinite where the walls are upright.
struct ExtrudedShape {
  Shape shape;
  double bottom = -kInfiniteHeight;
  double top = kInfiniteHeight;
  /// Angle between the side wall and the plane inside the material, degrees, 45 to 135: below 90
  /// the shape narrows towards its top. The drawn outline holds at half height.
  double sidewall = 90;
  /// A body of the geometry stands as it is, without regard to the heights; else its section at
  /// z = 0 is extruded, which is what two dimensions see of it.
  bool whole_body = false;
};

/// Something painted, asked for by points.
struct PaintedSolid {
  std::string material;
  Solid solid;
  bool body = false;  ///< not part of the layers
};

/// Tops of shapes, and what begins at them, lie higher by `by` [um] at (x, y), which is nowhere
/// more than `most` up or down. Interfaces that a top passes are taken along.
struct MovedTops {
  std::function<double(double, double)> by;
  double most = 0;
};

/// Between two heights nothing changes along z. `base` fills what no region covers.
struct StructureLayer {
  double bottom = -kInfiniteHeight;
  double top = kInfiniteHeight;
  std::string base;
  std::vector<Region> regions;  ///< disjoint; none of the base material
  bool ends_shapes = false;     ///< the top of a shape is the layer's top
};

/// Painter's order: the background, the slabs, the shapes, each covering what came before. Copies
/// of a shape (Shape::repeat) are made here.
class Structure {
 public:
  /// Inclined walls become steps of at most `step` um, each as wide as the wall is at its middle.
  /// UserError, beginning with `where`, for empty or inverted height intervals, angles out of
  /// range, and shapes that Outlines rejects.
  Structure(std::string background, const std::vector<LayerSlab>& slabs,
            const std::vector<ExtrudedShape>& shapes, double step = 0.01);
  /// One layer over all heights: what 2D problems stand in.
  explicit Structure(StructureLayer layer);
  /// The same structure with other regions in its layers. It must be without bodies.
  Structure WithRegions(
      const std::function<std::vector<Region>(const std::vector<Region>&)>& change) const;

  /// The same structure, whose control volumes (MakeFillingMap) see moved tops of shapes; heights
  /// of Layers() and MaterialAt stay.
  Structure WithTopsMoved(MovedTops moved) const;
  /// `by` is empty where none are moved.
  const MovedTops& TopsMoved() const { return moved_; }

  /// All but the bodies: from below, without gaps, the first from -infinity, the last to +infinity;
  /// neighbours differ.
  const std::vector<StructureLayer>& Layers() const { return layers_; }
  /// The layer that holds height `z`; the upper one at an interface.
  const StructureLayer& LayerAt(double z) const;
  /// Everything in painter's order where there are bodies, to find what they cover and what covers
  /// them; else empty. The background is not in it.
  const std::vector<PaintedSolid>& Painted() const { return painted_; }
  const std::string& Background() const { return background_; }
  /// Names in use, each once.
  std::vector<std::string> Materials() const;
  /// Material at a point; slow, for checks and pictures.
  const std::string& MaterialAt(double x, double y, double z) const;

 private:
  std::string background_;
  std::vector<StructureLayer> layers_;
  std::vector<PaintedSolid> painted_;
  MovedTops moved_;
};

}  // namespace symwave::domain
