// The deck language of what the outputs of a network mean.
#include <algorithm>

#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

using namespace symwave::io;
using base::Unit;

namespace {

/// Ports, or two detectors of them.
Type<DetectedClass> DetectedPortsOfClass() {
  const auto ports = OneOrListOf(Text());
  const auto pair =
      Section<DetectedClass>("Two detectors whose difference is taken.")
          .Key("plus", &DetectedClass::plus, ports, "Ports of the first one.", Need::Required)
          .Key("minus", &DetectedClass::minus, ports, "Ports of the one that is subtracted.",
               Need::Required)
          .AsType();
  TypeInfo info = pair.info;
  info.text = "port, list of ports, or section";
  info.json = AnyOf({ports.info.json, pair.info.json});
  return {info,
          [ports, pair](const DeckNode& node, const Context& context, DetectedClass& value) {
            if (node.kind == DeckNode::Kind::Section) {
              pair.read(node, context, value);
            } else {
              ports.read(node, context, value.plus);
            }
            value.where = node.where;
          },
          [ports, pair](const DetectedClass& value) {
            return value.minus.empty() ? ports.write(value.plus) : pair.write(value);
          }};
}

/// Written only where there are any.
Type<std::vector<DetectedClasses>> ClassesOfWavelengths() {
  const auto classes = OneOrListOf(MapOf(DetectedPortsOfClass()));
  return {classes.info, classes.read, [classes](const std::vector<DetectedClasses>& value) {
            const bool some = std::any_of(value.begin(), value.end(),
                                          [](const DetectedClasses& of) { return !of.empty(); });
            return some ? classes.write(value) : Json();
          }};
}

}  // namespace

Section<DeckOptions> DetectionKeys() {
  using training::Detection;
  return Section<DeckOptions>("What the outputs mean.")
      .Key("classes", &DeckOptions::classes, ClassesOfWavelengths(),
           "Output ports of every class by its name in the data: [out1, out2], with detection: "
           "difference {plus: [out1], minus: [out2]}; left out: outputs in groups, in turn. Also a "
           "list with an entry per wavelength.")
      .Key(
          "detection", [](auto& deck) -> auto& { return deck.detection.kind; },
          Choice<Detection>({{"intensity", Detection::Intensity},
                             {"difference", Detection::Difference},
                             {"coherent", Detection::Coherent}}),
          "Score of a class: its share of the light, the contrast of its two detectors, or the "
          "quadrature of the amplitude at its port.")
      .Key(
          "detection_phase", [](auto& deck) -> auto& { return deck.detection.phase; },
          Real(Unit::Radian), "Coherent: phase of the local oscillator.");
}

}  // namespace symwave::jobs::deck
