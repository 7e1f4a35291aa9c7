#include "jobs/device/structure.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::jobs::device {

namespace {

using domain::Point;

std::vector<domain::LayerSlab> Slabs(const deck::DeviceOptions& options) {
  std::vector<domain::LayerSlab> slabs;
  for (const deck::LayerOptions& layer : options.layers) {
    slabs.push_back({layer.material, layer.z[0], layer.z[1], layer.where});
  }
  return slabs;
}

// Steps of an inclined wall are finer than the cells that average it.
double StepOf(const deck::DeviceOptions& options) {
  return 0.5 * options.grid.SmallestCell();
}

/// The image of a shape about x = 0 or y = 0, seen from above.
struct ImageOf {
  int axis;

  Point Of(Point p) const { return axis == 0 ? Point{-p.x, p.y} : Point{p.x, -p.y}; }
  double OfAngle(double degrees) const { return axis == 0 ? 180 - degrees : -degrees; }

  domain::ShapeGeometry operator()(domain::Box box) const {
    box.centre = Of(box.centre);
    return box;
  }
  domain::ShapeGeometry operator()(domain::FreePolygon polygon) const {
    for (Point& p : polygon.points) p = Of(p);
    std::reverse(polygon.points.begin(), polygon.points.end());
    return polygon;
  }
  domain::ShapeGeometry operator()(domain::PolygonSet set) const {
    for (domain::Polygon& contour : set.contours) {
      for (Point& p : contour) p = Of(p);
      std::reverse(contour.begin(), contour.end());
    }
    return set;
  }
  domain::ShapeGeometry operator()(domain::Circle circle) const {
    circle.centre = Of(circle.centre);
    return circle;
  }
  domain::ShapeGeometry operator()(domain::Ring ring) const {
    const double start = ring.start_angle;
    ring.centre = Of(ring.centre);
    ring.start_angle = OfAngle(ring.end_angle);
    ring.end_angle = OfAngle(start);
    return ring;
  }
  domain::ShapeGeometry operator()(domain::Straight guide) const {
    guide.from = Of(guide.from);
    guide.to = Of(guide.to);
    return guide;
  }
  domain::ShapeGeometry operator()(domain::Taper taper) const {
    taper.from = Of(taper.from);
    taper.to = Of(taper.to);
    return taper;
  }
  domain::ShapeGeometry operator()(const domain::SBend& bend) const {
    // Its centre line is the same from either end; it is drawn towards larger x.
    const bool turned = axis == 0;
    return domain::SBend{Of(turned ? bend.to : bend.from), Of(turned ? bend.from : bend.to),
                         bend.width};
  }
  domain::ShapeGeometry operator()(const domain::Bend& bend) const { return OfCurve(bend); }
  domain::ShapeGeometry operator()(domain::Racetrack track) const {
    track.centre = Of(track.centre);
    track.heading = OfAngle(track.heading);
    return track;
  }
  domain::ShapeGeometry operator()(const domain::EulerBend& bend) const { return OfCurve(bend); }
  domain::ShapeGeometry operator()(domain::Grating grating) const {
    grating.from = Of(grating.from);
    grating.heading = OfAngle(grating.heading);
    return grating;
  }
  template <class Body>
  domain::ShapeGeometry operator()(const Body& body) const {
    return GeometryOf(domain::MirrorImage(body, axis));
  }

  template <class Curve>
  domain::ShapeGeometry OfCurve(Curve bend) const {
    bend.from = Of(bend.from);
    bend.heading = OfAngle(bend.heading);
    bend.turn = -bend.turn;
    return bend;
  }
  static domain::ShapeGeometry GeometryOf(const domain::SolidGeometry& body) {
    return std::visit([](const auto& b) { return domain::ShapeGeometry(b); }, body);
  }
};

/// Turns and copies of an image about the plane across an axis.
void MirrorPlacement(domain::Shape& shape, size_t axis) {
  shape.repeat.pitch[axis] = -shape.repeat.pitch[axis];
  if (axis < 2) shape.rotate = -shape.rotate;
}

/// UserError where the film's thickness would carry a top past another interface.
void RequireRoomForTops(const deck::DeviceOptions& options,
                        const std::vector<domain::ExtrudedShape>& shapes, double sigma) {
  constexpr double kMost = 5;  // sigma
  const domain::Structure planes(options.background, Slabs(options), {});
  std::vector<double> interfaces;
  for (const domain::StructureLayer& layer : planes.Layers()) interfaces.push_back(layer.top);
  for (const domain::ExtrudedShape& shape : shapes) interfaces.push_back(shape.bottom);
  for (const domain::ExtrudedShape& shape : shapes) {
    for (const double z : interfaces) {
      const double apart = std::abs(shape.top - z);  // 0: what begins there moves along
      if (!(apart > 1e-9 && apart < kMost * sigma)) continue;
      base::Fail(
          "{}: fabrication.thickness_sigma is {:.6g} um, but the top of a shape of {} at z = "
          "{:.6g} um lies {:.6g} um from the interface at z = {:.6g} um; it wants {:g} sigma "
          "between them, or none",
          shape.shape.where, sigma, shape.shape.material, shape.top, apart, z, kMost);
    }
  }
}

}  // namespace

std::vector<domain::ExtrudedShape> ExtrudedShapes(const deck::DeviceOptions& options) {
  std::vector<domain::ExtrudedShape> shapes;
  for (const deck::ShapeOptions& shape : options.shapes) {
    domain::ExtrudedShape extruded;
    extruded.shape = shape;
    extruded.sidewall = shape.sidewall;
    extruded.whole_body = options.grid.Dimensions() == 3;
    for (const deck::LayerOptions& layer : options.layers) {
      if (shape.layer.empty() || layer.name != shape.layer) continue;
      extruded.bottom = layer.z[0];
      extruded.top = layer.z[1];
    }
    if (shape.z) {
      extruded.bottom = (*shape.z)[0];
      extruded.top = (*shape.z)[1];
    }
    shapes.push_back(extruded);
  }
  return shapes;
}

domain::BlockLayout ChipLayout(const deck::DeviceOptions& options) {
  try {
    return domain::MakeBlockLayout(*options.chip, options.background);
  } catch (const base::UserError& error) {
    base::Fail("{}: chip: {}", options.chip_where, error.what());
  }
}

domain::Structure StructureOf(const deck::DeviceOptions& options) {
  std::vector<domain::ExtrudedShape> shapes = ExtrudedShapes(options);
  if (options.chip) {
    std::vector<domain::ExtrudedShape> chip;
    for (const domain::Shape& shape : ChipLayout(options).shapes) chip.push_back({shape});
    shapes.insert(shapes.begin(), chip.begin(), chip.end());
  }
  return domain::Structure(options.background, Slabs(options), shapes, StepOf(options));
}

domain::Structure FabricatedStructureOf(const deck::DeviceOptions& options,
                                        const domain::FabricationErrors& errors) {
  std::vector<domain::ExtrudedShape> shapes = ExtrudedShapes(options);
  for (domain::ExtrudedShape& shape : shapes) {
    shape.top += errors.thickness_bias;  // an infinite one stays so
    shape.sidewall += errors.sidewall_bias;
  }
  const domain::Structure drawn(options.background, Slabs(options), shapes, StepOf(options));
  if (!drawn.Painted().empty()) {
    base::Fail("{}: fabrication errors move outlines between heights, not the walls of bodies",
               options.grid.where);
  }
  const domain::Structure etched =
      drawn.WithRegions([&](const std::vector<domain::Region>& regions) {
        return domain::Fabricate(regions, errors);
      });
  if (errors.thickness_sigma == 0) return etched;
  RequireRoomForTops(options, shapes, errors.thickness_sigma);
  const domain::RandomField field = domain::ThicknessField(errors);
  return etched.WithTopsMoved({domain::LocalError(errors, errors.thickness_sigma, field),
                               errors.thickness_sigma * field.Bound()});
}

bool NeedsLayout(const deck::DeviceOptions& options) {
  const domain::FabricationErrors& errors = options.fabrication;
  return options.chip || errors.etch_bias != 0 || errors.Local() ||
         (options.grid.Dimensions() == 3 && !options.elements.empty());
}

domain::Structure WholeStructureOf(const deck::DeviceOptions& options) {
  if (NeedsLayout(options)) {
    base::Fail(
        "far fields and diffraction orders need shapes and materials, not a chip or fabrication "
        "errors");
  }
  return StructureOf(options);
}

domain::Structure MirroredStructure(const deck::DeviceOptions& options,
                                    const std::array<bool, 3>& about) {
  std::vector<domain::LayerSlab> slabs = Slabs(options);
  std::vector<domain::ExtrudedShape> shapes = ExtrudedShapes(options);
  for (domain::ExtrudedShape& extruded : shapes) {
    for (int axis = 0; axis < 2; ++axis) {
      if (!about[axis]) continue;
      extruded.shape.geometry = std::visit(ImageOf{axis}, extruded.shape.geometry);
      MirrorPlacement(extruded.shape, static_cast<size_t>(axis));
    }
    if (!about[2]) continue;
    MirrorPlacement(extruded.shape, 2);
    if (const auto body = domain::SolidOf(extruded.shape.geometry)) {
      extruded.shape.geometry = ImageOf::GeometryOf(domain::MirrorImage(*body, 2));
      continue;
    }
    extruded.bottom = -std::exchange(extruded.top, -extruded.bottom);
    extruded.sidewall = 180 - extruded.sidewall;
  }
  for (domain::LayerSlab& slab : slabs) {
    if (about[2]) slab.bottom = -std::exchange(slab.top, -slab.bottom);
  }
  return domain::Structure(options.background, slabs, shapes, StepOf(options));
}

}  // namespace symwave::jobs::device
