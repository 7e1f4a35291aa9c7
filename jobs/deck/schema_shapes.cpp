#include "jobs/deck/schema_shapes.hpp"

#include <algorithm>

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

/// [a, b] or [a, b, c]; a third that is not given is `rest`.
template <class V>
Type<std::array<V, 3>> TwoOrThree(Type<V> entry, V rest) {
  const auto list = ListOf(entry, 2, 3);
  return {list.info,
          [list, rest](const DeckNode& node, const Context& context, std::array<V, 3>& values) {
            std::vector<V> given;
            list.read(node, context, given);
            values = {given[0], given[1], given.size() > 2 ? given[2] : rest};
          },
          [list, rest](const std::array<V, 3>& values) {
            std::vector<V> given(values.begin(), values.end());
            if (values[2] == rest) given.pop_back();
            return list.write(given);
          }};
}

/// A section that is not written where it says nothing.
template <class V>
Type<V> UnlessPlain(Type<V> type, bool (*plain)(const V&)) {
  return {type.info, type.read,
          [type, plain](const V& value) { return plain(value) ? Json() : type.write(value); }};
}

Type<domain::Vector> BodyCentre() {
  return ArrayOf<double, 3>(Length());
}

/// x, y, z, or the three components of a direction.
Type<domain::Vector> BodyAxis() {
  const std::vector<std::string> names{"x", "y", "z"};
  const auto list = ArrayOf<double, 3>(Real(Unit::One));
  TypeInfo info = list.info;
  info.text = "x, y, z or a direction [x, y, z]";
  info.json = AnyOf({ChoiceInfo(names).json, list.info.json});
  return {info,
          [names, list](const DeckNode& node, const Context& context, domain::Vector& axis) {
            if (node.kind == DeckNode::Kind::List) return list.read(node, context, axis);
            axis = {0, 0, 0};
            axis[ReadChoice(node, context, names)] = 1;
          },
          [names, list](const domain::Vector& axis) {
            for (size_t d = 0; d < 3; ++d) {
              domain::Vector unit{0, 0, 0};
              unit[d] = 1;
              if (axis == unit) return Json(names[d]);
            }
            return list.write(axis);
          }};
}

Type<domain::Rotation> RotationType() {
  using domain::Rotation;
  const auto section = Section<Rotation>("Turn about the centre of the body.")
                           .Key("axis", &Rotation::axis, BodyAxis(), "Axis of the turn.")
                           .Key("angle", &Rotation::angle, Real(Unit::Degree, Between(-360, 360)),
                                "To the left when one looks against the axis.", Need::Required);
  return UnlessPlain<Rotation>(section.AsType(), [](const Rotation& r) { return r.angle == 0; });
}

template <class G>
void AddBody(Variants<ShapeOptions>& shapes, const std::string& name, const Section<G>& own) {
  auto section =
      Section<ShapeOptions>(own.Info()->sentence + " In two dimensions its section at z = 0.")
          .Key("material", &ShapeOptions::material, Text(), "Name of its material.", Need::Required)
          .Embed(
              [](auto& shape) -> auto& { return std::get<G>(shape.geometry); }, own)
          .Key("repeat", &ShapeOptions::repeat, RepeatType(),
               "Copies: {count: [nx, ny, nz], pitch: [px, py, pz]}, the drawn one being the first.")
          .Where(&ShapeOptions::where);
  shapes.Add(
      name, section, [](ShapeOptions& shape) { shape.geometry = G{}; },
      [](const ShapeOptions& shape) { return std::holds_alternative<G>(shape.geometry); });
}

Type<int> PrismAxis() {
  return Choice<int>({{"x", 0}, {"y", 1}, {"z", 2}});
}

void AddRound(Variants<ShapeOptions>& shapes) {
  using domain::Ellipsoid;
  using domain::Sphere;
  const auto positive = Length(Positive());
  AddBody(shapes, "sphere",
          Section<Sphere>("Sphere.")
              .Key("centre", &Sphere::centre, BodyCentre(), "Centre, [x, y, z].", Need::Required)
              .Key("radius", &Sphere::radius, positive, "Radius.", Need::Required));
  AddBody(shapes, "ellipsoid",
          Section<Ellipsoid>("Ellipsoid.")
              .Key("centre", &Ellipsoid::centre, BodyCentre(), "Centre, [x, y, z].", Need::Required)
              .Key("radii", &Ellipsoid::radii, ArrayOf<double, 3>(positive),
                   "Half axes along x, y and z before it is turned.", Need::Required)
              .Key("rotation", &Ellipsoid::rotation, RotationType(), "How it is turned."));
}

}  // namespace

Type<double> TurnType() {
  return UnlessPlain<double>(Real(Unit::Degree, Between(-360, 360)),
                             [](const double& turn) { return turn == 0; });
}

Type<domain::Repeat> RepeatType() {
  using domain::Repeat;
  const auto section =
      Section<Repeat>("Copies at equal distances.")
          .Key("count", &Repeat::count, TwoOrThree<int>(Integer<int>(1, 1000000), 1),
               "How many along x, y and, in 3D, z.", Need::Required)
          .Key("pitch", &Repeat::pitch, TwoOrThree<double>(Length(), 0.0),
               "Distance from one to the next along x, y and z; negative: the other way.",
               Need::Required);
  return UnlessPlain<Repeat>(section.AsType(), [](const Repeat& r) {
    return r.count == std::array<int, 3>{1, 1, 1};
  });
}

void AddCurvedGuides(Variants<ShapeOptions>& shapes) {
  using domain::EulerBend;
  using domain::Grating;
  using domain::Racetrack;
  const auto positive = Length(Positive());
  const auto angle = Real(Unit::Degree);
  const auto point = PointOf<domain::Point>(Length());
  AddShape(
      shapes, "racetrack",
      Section<Racetrack>("Two half rings joined by two straight guides.")
          .Key("centre", &Racetrack::centre, point, "Centre, [x, y].", Need::Required)
          .Key("radius", &Racetrack::radius, positive, "Radius of the centre line.", Need::Required)
          .Key("straight", &Racetrack::straight, Length(AtLeast(0)),
               "Length of the straight guides.", Need::Required)
          .Key("width", &Racetrack::width, positive, "Width of the guide.", Need::Required)
          .Key("heading", &Racetrack::heading, angle,
               "Direction of the straight guides, from the x axis."));
  AddShape(
      shapes, "euler_bend",
      Section<EulerBend>("Bend whose curvature rises from zero and falls to it again.")
          .Key("from", &EulerBend::from, point, "Start, [x, y].", Need::Required)
          .Key("heading", &EulerBend::heading, angle, "Direction at the start, from the x axis.")
          .Key("turn", &EulerBend::turn, Real(Unit::Degree, Between(-180, 180)),
               "Angle of the turn, to the left when positive.")
          .Key("radius", &EulerBend::radius, positive,
               "Radius of the circular bend that ends at the same place (gdsfactory's bend_euler); "
               "the tightest one is smaller.",
               Need::Required)
          .Key("p", &EulerBend::p, Real(Unit::One, Between(0, 1)),
               "Part of the turn over which the curvature changes; 0 is a circular bend.")
          .Key("width", &EulerBend::width, positive, "Width of the guide.", Need::Required));
  AddShape(
      shapes, "grating",
      Section<Grating>("Teeth of a grating.")
          .Key("from", &Grating::from, point,
               "Where the first tooth begins, in the middle of its width, [x, y].", Need::Required)
          .Key("heading", &Grating::heading, angle,
               "Direction from tooth to tooth, from the x axis.")
          .Key("period", &Grating::period, positive, "From tooth to tooth.", Need::Required)
          .Key("duty", &Grating::duty, Real(Unit::One, {0, 1, true, true}),
               "Part of a period that is tooth.")
          .Key("count", &Grating::count, Integer<int>(1, 1000000), "Number of teeth.",
               Need::Required)
          .Key("width", &Grating::width, positive, "Extent of the teeth across.", Need::Required));
}

void AddBodies(Variants<ShapeOptions>& shapes) {
  using domain::Block;
  using domain::Cone;
  using domain::Cylinder;
  using domain::Prism;
  const auto positive = Length(Positive());
  AddRound(shapes);
  AddBody(shapes, "block",
          Section<Block>("Box in three dimensions.")
              .Key("centre", &Block::centre, BodyCentre(), "Centre, [x, y, z].", Need::Required)
              .Key("size", &Block::size, ArrayOf<double, 3>(positive),
                   "Extent along x, y and z before it is turned.", Need::Required)
              .Key("rotation", &Block::rotation, RotationType(), "How it is turned."));
  AddBody(shapes, "cylinder",
          Section<Cylinder>("Cylinder along any direction.")
              .Key("centre", &Cylinder::centre, BodyCentre(), "Middle of its axis, [x, y, z].",
                   Need::Required)
              .Key("radius", &Cylinder::radius, positive, "Radius.", Need::Required)
              .Key("length", &Cylinder::length, positive, "Length along the axis.", Need::Required)
              .Key("axis", &Cylinder::axis, BodyAxis(), "Direction of the axis."));
  AddBody(shapes, "cone",
          Section<Cone>("Cone or frustum along any direction.")
              .Key("centre", &Cone::centre, BodyCentre(), "Middle of its axis, [x, y, z].",
                   Need::Required)
              .Key("start_radius", &Cone::start_radius, Length(AtLeast(0)),
                   "Radius at the end that the axis comes from.", Need::Required)
              .Key("end_radius", &Cone::end_radius, Length(AtLeast(0)),
                   "Radius at the end that the axis points to; 0 is a tip.")
              .Key("length", &Cone::length, positive, "Length along the axis.", Need::Required)
              .Key("axis", &Cone::axis, BodyAxis(), "Direction of the axis."));
  AddBody(shapes, "prism",
          Section<Prism>("Polygon extruded along any axis.")
              .Key("points", &Prism::points, ListOf(PointOf<domain::Point>(Length()), 3),
                   "Corners in order, of the two other coordinates: [y, z], [x, z] or [x, y].",
                   Need::Required)
              .Key("axis", &Prism::axis, PrismAxis(), "Axis along which it is extruded.")
              .Key("extent", &Prism::extent, ArrayOf<double, 2>(Length()),
                   "[start, end] along the axis.", Need::Required));
}

}  // namespace symwave::jobs::deck
