// What all shapes of a deck have in common.
#pragma once

#include <string>

#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

/// Degrees; not written while there are none.
io::Type<double> TurnType();
/// Copies at equal distances along the axes.
io::Type<domain::Repeat> RepeatType();

/// A variant of `shapes` that is drawn from above, with the keys of `own`.
template <class G>
void AddShape(io::Variants<ShapeOptions>& shapes, const std::string& name,
              const io::Section<G>& own) {
  using namespace io;
  auto section =
      Section<ShapeOptions>(own.Info()->sentence)
          .Key("material", &ShapeOptions::material, Text(), "Name of its material.", Need::Required)
          .Embed(
              [](auto& shape) -> auto& { return std::get<G>(shape.geometry); }, own)
          .Key("z", &ShapeOptions::z, Maybe(ArrayOf<double, 2>(Length())),
               "3D: [bottom, top] of its extent along z.")
          .Key("layer", &ShapeOptions::layer, Text(), "3D: the layer whose extent it has.")
          .Key("sidewall", &ShapeOptions::sidewall, Real(base::Unit::Degree, Between(45, 135)),
               "3D: angle between side wall and plane inside the material; below 90 it narrows "
               "towards the top. The outline holds at half height.")
          .Key("rotate", &ShapeOptions::rotate, TurnType(),
               "Turn to the left about the centre of the box around the shape.")
          .Key("repeat", &ShapeOptions::repeat, RepeatType(),
               "Copies: {count: [nx, ny], pitch: [px, py]}, the drawn one being the first.")
          .Where(&ShapeOptions::where);
  shapes.Add(
      name, section, [](ShapeOptions& shape) { shape.geometry = G{}; },
      [](const ShapeOptions& shape) { return std::holds_alternative<G>(shape.geometry); });
}

/// Racetrack, Euler bend, grating.
void AddCurvedGuides(io::Variants<ShapeOptions>& shapes);
/// Sphere, ellipsoid, block, cylinder, cone, prism.
void AddBodies(io::Variants<ShapeOptions>& shapes);

}  // namespace symwave::jobs::deck
