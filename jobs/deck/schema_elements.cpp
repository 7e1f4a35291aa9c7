// The deck language of trainable elements.
#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

using namespace symwave::io;
using base::Unit;

Section<ElementOptions> ElementSection() {
  const auto point = PointOf<domain::Point>(Length());
  return Section<ElementOptions>(
             "A region whose index a command of the trainer changes: a box, a polygon, or each "
             "outline of a layer of the layout.")
      .Key("name", &ElementOptions::name, Text(),
           "Its name in the results; with a layer the names are this and 1, 2 ...", Need::Required)
      .Key("group", &ElementOptions::group, Text(),
           "Elements of one group, of one kind, share a command; left out: a command of its own, "
           "for each outline of a layer.")
      .Key("centre", &ElementOptions::centre, point, "Of a box, [x, y].")
      .Key("size", &ElementOptions::size, Maybe(ArrayOf<double, 2>(Length(Positive()))),
           "Of a box, along x and y.")
      .Key("points", &ElementOptions::points, OptionalList(ListOf(point, 3)),
           "Corners of a polygon that does not cross itself.")
      .Key("layer", &ElementOptions::layer, LayerNumber(),
           "Layer of the layout, layer/datatype, such as that of heaters.")
      .Key("z", &ElementOptions::z, Maybe(ArrayOf<double, 2>(Length())),
           "3D: [bottom, top] of what is changed, such as the film of the guides.")
      .Key("changes", &ElementOptions::attenuates, Choice<bool>({{"phase", false}, {"loss", true}}),
           "What a command does: a phase in radians, or a loss of the amplitude in nepers.")
      .Key("along", &ElementOptions::axis, Choice<int>({{"x", 0}, {"y", 1}}),
           "Axis of the guide that runs through it.")
      .Key("switching", &ElementOptions::switching, Length(AtLeast(0)),
           "Length over which the change rises and falls along the guide, at most half of it.")
      .Key("spread", &ElementOptions::spread, Length(AtLeast(0)),
           "Standard deviation of the Gaussian by which the change falls outside of the outline, "
           "as heat does; it reaches the neighbours.")
      .ExactlyOneOf({"size", "points", "layer"})
      .Where(&ElementOptions::where);
}

}  // namespace symwave::jobs::deck
