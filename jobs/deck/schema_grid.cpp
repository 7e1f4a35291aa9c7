#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;

Type<AxisEnding> EndingType() {
  const Type<Ending> one = Choice<Ending>({{"pml", Ending::Pml},
                                           {"pec", Ending::Pec},
                                           {"pmc", Ending::Pmc},
                                           {"periodic", Ending::Periodic}});
  const Type<std::array<Ending, 2>> pair = ArrayOf<Ending, 2>(one);
  TypeInfo info = one.info;
  info.text = "pml, pec, pmc, periodic or [low, high]";
  info.json = AnyOf({one.info.json, pair.info.json});
  return {info,
          [one, pair](const DeckNode& node, const Context& context, AxisEnding& value) {
            if (node.kind == DeckNode::Kind::List) return pair.read(node, context, value.sides);
            one.read(node, context, value.sides[0]);
            value.sides[1] = value.sides[0];
          },
          [one, pair](const AxisEnding& value) {
            return value.sides[0] == value.sides[1] ? one.write(value.sides[0])
                                                    : pair.write(value.sides);
          }};
}

Section<Refinement> RefinementSection() {
  return Section<Refinement>("Smaller cells between two coordinates of an axis.")
      .Key("axis", &Refinement::axis, Choice<int>({{"x", 0}, {"y", 1}, {"z", 2}}), "The axis.",
           Need::Required)
      .Key("from", &Refinement::from, Length(), "Where they begin.", Need::Required)
      .Key("to", &Refinement::to, Length(), "Where they end.", Need::Required)
      .Key("cell", &Refinement::cell, Length(Positive()), "Their size.", Need::Required)
      .Where(&Refinement::where);
}

}  // namespace

Section<GridOptions> GridSection() {
  using domain::Polarization;
  const auto symmetry = Choice<MirrorPlane>(
      {{"none", MirrorPlane::None}, {"pec", MirrorPlane::Pec}, {"pmc", MirrorPlane::Pmc}});
  return Section<GridOptions>("The lattice, centred on the origin; three sizes make it 3D.")
      .Key("cell", &GridOptions::cell, OneOrListOf(Length(Positive()), 2, 3),
           "Size of the cells, one for all axes or one per axis.", Need::Required)
      .Key("size", &GridOptions::size, ListOf(Length(Positive()), 2, 3),
           "Extent along x, y (and z) without the PML; follows from the chip where there is one.")
      .Key("pml", &GridOptions::pml, Length(Positive()), "Thickness of the absorbing layers.")
      .Key("polarization", &GridOptions::polarization,
           Choice<Polarization>({{"Ez", Polarization::Ez}, {"Hz", Polarization::Hz}}),
           "2D: the field component out of the plane.")
      .Key("boundary", &GridOptions::boundary, OptionalList(ListOf(EndingType(), 2, 3)),
           "What ends the grid along x, y (and z): absorbing layer, electric or magnetic wall, or "
           "its own other end; left out: pml.")
      .Key("bloch", &GridOptions::bloch,
           OptionalList(ListOf(Real(base::Unit::InverseMicrometre), 2, 3)),
           "Wave vector along x, y (and z): over one period of a periodic axis of length L the "
           "fields gain the phase k L; 0 along the other axes.")
      .Key("symmetry", &GridOptions::symmetry, OptionalList(ListOf(symmetry, 2, 3)),
           "Mirror planes through the origin of x, y (and z), of which one half is computed: "
           "pec where the tangential E field is odd, pmc where it is even.")
      .Key("refine", &GridOptions::refine, OptionalList(ListOf(RefinementSection().AsType())),
           "Intervals with smaller cells.")
      .Key("grading", &GridOptions::grading, Real(base::Unit::One, {1, 3, true, false}),
           "Largest ratio of neighbouring cells around them.")
      .Key("align", &GridOptions::align, Choice<bool>({{"auto", true}, {"off", false}}),
           "auto: where it is free to, the lattice is placed so that the faces of layers (3D) and "
           "long straight walls (2D) pass through points of the field, moved by less than a cell "
           "or, "
           "in time domain, with cells fitted between them; off: centred on the origin, and walls "
           "are averaged within their cells. Chips stay centred.")
      .Where(&GridOptions::where);
}

Section<LayerOptions> LayerSection() {
  return Section<LayerOptions>("A slab over the whole plane, below all shapes; 3D.")
      .Key("name", &LayerOptions::name, Text(), "Its name, for the key layer of shapes.")
      .Key("material", &LayerOptions::material, Text(), "Name of its material.", Need::Required)
      .Key("z", &LayerOptions::z, ArrayOf<double, 2>(Length()), "[bottom, top].", Need::Required)
      .Where(&LayerOptions::where);
}

}  // namespace symwave::jobs::deck
