#include "jobs/show/expand_deck.hpp"

#include "domain/base/error.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::show {

namespace {

deck::PortOptions PortOf(const domain::PlanePort& port) {
  deck::PortOptions options;
  options.name = port.name;
  options.at = {port.at[0], port.at[1]};
  options.axis = domain::AxisOf(port.faces);
  options.forward = domain::IsForward(port.faces);
  options.span = {port.span[0]};
  options.modes = port.modes;
  return options;
}

deck::ElementOptions ElementOf(const domain::Element& element) {
  const auto x = element.Extent(0), y = element.Extent(1);
  deck::ElementOptions options;
  options.name = element.name;
  options.centre = {0.5 * (x[0] + x[1]), 0.5 * (y[0] + y[1])};
  options.size = {{x[1] - x[0], y[1] - y[0]}};
  options.attenuates = element.attenuates;
  options.switching = element.switching;
  return options;
}

}  // namespace

std::string ExpandedDeck(const deck::Deck& deck) {
  deck::DeckOptions options = deck.options;
  if (!options.chip) base::Fail("{}: has no section chip to expand", deck.path);
  const device::Device device = device::BuildDevice(options);
  const domain::BlockLayout layout = device::ChipLayout(options);
  std::vector<deck::ShapeOptions> shapes;
  for (const domain::Shape& shape : layout.shapes) {
    deck::ShapeOptions drawn;
    static_cast<domain::Shape&>(drawn) = shape;
    shapes.push_back(std::move(drawn));
  }
  shapes.insert(shapes.end(), options.shapes.begin(), options.shapes.end());
  options.shapes = std::move(shapes);
  const auto inputs = static_cast<size_t>(device.inputs);
  for (size_t p = 0; p < device.ports.size(); ++p) {
    options.ports.push_back(PortOf(device.ports[p]));
    (p < inputs ? options.inputs : options.outputs).push_back(device.ports[p].name);
  }
  for (const domain::Element& element : device.elements) {
    options.elements.push_back(ElementOf(element));
  }
  options.grid.size = {layout.size[0], layout.size[1]};
  options.grid.align = false;
  options.chip.reset();
  return deck::DeckText(options);
}

}  // namespace symwave::jobs::show
