#include "domain/structure.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "domain/base/error.hpp"
#include "domain/polygon_union.hpp"

namespace symwave::domain {

namespace {

/// An upright part of a shape.
struct UprightPart {
  Region painted;
  double bottom;
  double top;
  bool highest = true;  ///< of its shape
};

void CheckHeights(double bottom, double top, const std::string& where, const std::string& what) {
  if (bottom < top) return;
  base::Fail("{}{} reaches from {:.6g} to {:.6g} um; its top must lie above its bottom",
             where.empty() ? "" : where + ": ", what, bottom, top);
}

std::vector<UprightPart> UprightParts(const ExtrudedShape& extruded, double step) {
  const Shape& shape = extruded.shape;
  CheckHeights(extruded.bottom, extruded.top, shape.where, "a shape of " + shape.material);
  const std::vector<Region> whole = ComposeRegions({shape});
  if (whole.empty()) return {};
  if (extruded.sidewall == 90) return {{whole[0], extruded.bottom, extruded.top}};

  const std::string who = shape.where.empty() ? "" : shape.where + ": ";
  if (!(extruded.sidewall >= 45 && extruded.sidewall <= 135)) {
    base::Fail("{}the side wall of a shape of {} stands at {} degrees; allowed are 45 to 135", who,
               shape.material, extruded.sidewall);
  }
  const double height = extruded.top - extruded.bottom;
  if (!std::isfinite(height)) {
    base::Fail("{}an inclined side wall needs a finite bottom and top", who);
  }
  const int count = std::max(1, static_cast<int>(std::ceil(height / step - 1e-9)));
  const double lean = 1 / std::tan(extruded.sidewall * M_PI / 180);
  std::vector<UprightPart> parts;
  for (int k = 0; k < count; ++k) {
    const double above_middle = ((k + 0.5) / count - 0.5) * height;
    const std::vector<Region> part =
        DisplaceOutlines(whole, 1e7, [=](double, double) { return -lean * above_middle; });
    if (part.empty()) continue;
    parts.push_back({part[0], extruded.bottom + height * k / count,
                     k + 1 == count ? extruded.top : extruded.bottom + height * (k + 1) / count,
                     k + 1 == count});
  }
  return parts;
}

/// The parts of all copies at their heights; those side by side are in the region already.
std::vector<UprightPart> AllUprightParts(const ExtrudedShape& extruded, double step) {
  std::vector<UprightPart> parts;
  const Repeat& repeat = extruded.shape.repeat;
  const std::vector<UprightPart> first = UprightParts(extruded, step);
  for (int k = 0; k < repeat.count[2]; ++k) {
    for (UprightPart part : first) {
      part.bottom += k * repeat.pitch[2];
      part.top += k * repeat.pitch[2];
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

/// Bodies whose walls stand upright on level faces, which layers hold exactly.
std::optional<ExtrudedShape> AsExtruded(const ExtrudedShape& body) {
  if (!body.whole_body) return std::nullopt;
  ExtrudedShape upright = body;
  upright.whole_body = false;
  const auto set = [&](ShapeGeometry geometry, double bottom, double top) {
    upright.shape.geometry = std::move(geometry);
    upright.bottom = bottom;
    upright.top = top;
    return std::optional<ExtrudedShape>(upright);
  };
  const ShapeGeometry& geometry = body.shape.geometry;
  if (const auto* b = std::get_if<Block>(&geometry); b && b->rotation.angle == 0) {
    return set(Box{{b->centre[0], b->centre[1]}, {b->size[0], b->size[1]}},
               b->centre[2] - b->size[2] / 2, b->centre[2] + b->size[2] / 2);
  }
  if (const auto* c = std::get_if<Cylinder>(&geometry); c && c->axis[0] == 0 && c->axis[1] == 0) {
    return set(Circle{{c->centre[0], c->centre[1]}, c->radius}, c->centre[2] - c->length / 2,
               c->centre[2] + c->length / 2);
  }
  if (const auto* p = std::get_if<Prism>(&geometry); p && p->axis == 2) {
    return set(FreePolygon{p->points}, p->extent[0], p->extent[1]);
  }
  return std::nullopt;
}

bool IsBody(const ExtrudedShape& shape) {
  return shape.whole_body && SolidOf(shape.shape.geometry) && !AsExtruded(shape);
}

/// All copies of a body. UserError with its place.
void AddBodies(const Shape& shape, std::vector<PaintedSolid>& painted) {
  const SolidGeometry body = *SolidOf(shape.geometry);
  try {
    CheckSolid(body);
    for (const Vector& shift : shape.repeat.Shifts()) {
      painted.push_back({shape.material, Solid(Shifted(body, shift)), true});
    }
  } catch (const base::UserError& error) {
    if (shape.where.empty()) throw;
    throw base::UserError(shape.where + ": " + error.what());
  }
}

/// Every height at which something begins or ends, from -infinity to +infinity.
std::vector<double> Heights(const std::vector<LayerSlab>& slabs,
                            const std::vector<UprightPart>& prisms) {
  std::vector<double> heights{-kInfiniteHeight, kInfiniteHeight};
  for (const LayerSlab& slab : slabs) heights.insert(heights.end(), {slab.bottom, slab.top});
  for (const UprightPart& prism : prisms) heights.insert(heights.end(), {prism.bottom, prism.top});
  std::sort(heights.begin(), heights.end());
  heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
  return heights;
}

template <class Part>
bool Covers(const Part& part, double bottom, double top) {
  return part.bottom <= bottom && part.top >= top;
}

std::vector<Region> ComposeLayer(const std::vector<UprightPart>& prisms,
                                 const std::vector<size_t>& present, const std::string& base) {
  std::vector<Region> painted;
  for (size_t k : present) painted.push_back(prisms[k].painted);
  std::vector<Region> regions = PaintRegions(painted);
  regions.erase(std::remove_if(regions.begin(), regions.end(),
                               [&](const Region& r) { return r.material == base; }),
                regions.end());
  return regions;
}

}  // namespace

Structure::Structure(std::string background, const std::vector<LayerSlab>& slabs,
                     const std::vector<ExtrudedShape>& shapes, double step)
    : background_(std::move(background)) {
  base::Require(step > 0, "step > 0");
  for (const LayerSlab& slab : slabs) {
    CheckHeights(slab.bottom, slab.top, slab.where, "a layer of " + slab.material);
  }
  const bool bodies = std::any_of(shapes.begin(), shapes.end(), IsBody);
  std::vector<UprightPart> prisms;
  for (const LayerSlab& slab : slabs) {
    if (bodies) painted_.push_back({slab.material, Solid::Slab(slab.bottom, slab.top), false});
  }
  for (const ExtrudedShape& shape : shapes) {
    if (IsBody(shape)) {
      AddBodies(shape.shape, painted_);
      continue;
    }
    for (UprightPart& part : AllUprightParts(AsExtruded(shape).value_or(shape), step)) {
      if (bodies) {
        painted_.push_back({part.painted.material,
                            Solid::Column(part.painted.contours, part.bottom, part.top), false});
      }
      prisms.push_back(std::move(part));
    }
  }
  const std::vector<double> heights = Heights(slabs, prisms);
  std::vector<size_t> last_present;
  for (size_t h = 0; h + 1 < heights.size(); ++h) {
    std::string base = background_;
    for (const LayerSlab& slab : slabs) {
      if (Covers(slab, heights[h], heights[h + 1])) base = slab.material;
    }
    std::vector<size_t> present;
    for (size_t k = 0; k < prisms.size(); ++k) {
      if (Covers(prisms[k], heights[h], heights[h + 1])) present.push_back(k);
    }
    if (!layers_.empty() && layers_.back().base == base && present == last_present) {
      layers_.back().top = heights[h + 1];
      continue;
    }
    layers_.push_back({heights[h], heights[h + 1], base, ComposeLayer(prisms, present, base)});
    last_present = present;
  }
  for (StructureLayer& layer : layers_) {
    layer.ends_shapes = std::any_of(prisms.begin(), prisms.end(), [&](const UprightPart& part) {
      return part.highest && part.top == layer.top;
    });
  }
}

Structure::Structure(StructureLayer layer) : background_(layer.base), layers_{std::move(layer)} {
  layers_.front().bottom = -kInfiniteHeight;
  layers_.front().top = kInfiniteHeight;
}

Structure Structure::WithRegions(
    const std::function<std::vector<Region>(const std::vector<Region>&)>& change) const {
  base::Require(painted_.empty(), "a structure without bodies");
  Structure changed = *this;
  for (StructureLayer& layer : changed.layers_) layer.regions = change(layer.regions);
  return changed;
}

Structure Structure::WithTopsMoved(MovedTops moved) const {
  base::Require(painted_.empty(), "a structure without bodies");
  Structure changed = *this;
  changed.moved_ = std::move(moved);
  return changed;
}

const StructureLayer& Structure::LayerAt(double z) const {
  for (const StructureLayer& layer : layers_) {
    if (z < layer.top) return layer;
  }
  return layers_.back();
}

std::vector<std::string> Structure::Materials() const {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const StructureLayer& layer : layers_) {
    add(layer.base);
    for (const Region& region : layer.regions) add(region.material);
  }
  for (const PaintedSolid& painted : painted_) {
    if (painted.body) add(painted.material);
  }
  return names;
}

const std::string& Structure::MaterialAt(double x, double y, double z) const {
  for (size_t k = painted_.size(); k-- > 0;) {
    // A prism ends below its top, as a layer does.
    if (painted_[k].solid.Distance({x, y, z}, 0) < 0) return painted_[k].material;
  }
  if (!painted_.empty()) return background_;
  const StructureLayer& layer = LayerAt(z);
  for (const Region& region : layer.regions) {
    if (IsInside(region.contours, {x, y})) return region.material;
  }
  return layer.base;
}

}  // namespace symwave::domain
