// The section layout of a deck, and files of stacks.
#include <array>
#include <charconv>

#include "jobs/deck/layout.hpp"
#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

/// "1/0", or "1" for "1/0".
bool ParseLayer(const std::string& text, GdsLayer& layer) {
  const char* at = text.data();
  const char* end = at + text.size();
  auto read = std::from_chars(at, end, layer.layer);
  if (read.ec != std::errc() || layer.layer < 0 || layer.layer > 32767) return false;
  layer.datatype = 0;
  if (read.ptr == end) return true;
  if (*read.ptr != '/') return false;
  read = std::from_chars(read.ptr + 1, end, layer.datatype);
  return read.ec == std::errc() && read.ptr == end && layer.datatype >= 0 &&
         layer.datatype <= 32767;
}

[[noreturn]] void FailLayer(const DeckNode& node, const Context& context, const std::string& text) {
  FailAt(node, context,
         fmt::format("\"{}\" is not a layer of a GDSII file; write layer/datatype, such as 1/0",
                     text));
}

}  // namespace

Type<std::optional<GdsLayer>> LayerNumber() {
  const LazySchema schema([] { return Json{{"type", Json::array({"string", "integer"})}}; });
  return {
      {"layer/datatype", "", "", schema, nullptr},
      [](const DeckNode& node, const Context& context, std::optional<GdsLayer>& layer) {
        RequireScalar(node, context, "layer/datatype, such as 1/0");
        if (!ParseLayer(node.text, layer.emplace())) FailLayer(node, context, node.text);
      },
      [](const std::optional<GdsLayer>& layer) { return layer ? Json(layer->Text()) : Json(); }};
}

namespace {

Section<StackLayer> StackSection() {
  return Section<StackLayer>("A layer of the stack.")
      .Key("layer", &StackLayer::layer, LayerNumber(),
           "Layer of the file, layer/datatype; left out: the whole plane.")
      .Key("material", &StackLayer::material, Text(), "Name of its material.", Need::Required)
      .Key("z", &StackLayer::z, Length(), "Height of its bottom.")
      .Key("thickness", &StackLayer::thickness, Length(Positive()), "Its thickness.")
      .Key("sidewall", &StackLayer::sidewall, Real(Unit::Degree, Between(45, 135)),
           "Angle between side wall and plane inside the material; below 90 it narrows towards the "
           "top. The drawn outline holds at half height.")
      .Key("order", &StackLayer::order, Integer<int>(-1000, 1000),
           "Layers are painted from the smallest number on, equal ones as they are listed.")
      .Where(&StackLayer::where);
}

/// Inline, or the path of a file that has the key stack.
Type<LayoutOptions> StackType() {
  const auto list = ListOf(StackSection().AsType(), 1);
  const auto path = Path();
  TypeInfo info = list.info;
  info.text = list.info.text + " or path";
  info.json = AnyOf({list.info.json, path.info.json});
  return {info,
          [list, path](const DeckNode& node, const Context& context, LayoutOptions& layout) {
            if (node.kind != DeckNode::Kind::Scalar) return list.read(node, context, layout.stack);
            path.read(node, context, layout.stack_file);
          },
          [list, path](const LayoutOptions& layout) {
            if (!layout.stack_file.empty()) return path.write(layout.stack_file);
            return layout.stack.empty() ? Json() : list.write(layout.stack);
          }};
}

/// {1/0: core, 2/0: rib}.
Type<std::vector<StackLayer>> LayerMap() {
  const LazySchema schema([] {
    return Json{{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  });
  return {{"materials by layer/datatype", "", "", schema, nullptr},
          [](const DeckNode& node, const Context& context, std::vector<StackLayer>& layers) {
            RequireSection(node, context);
            layers.clear();
            if (node.entries.empty()) FailAt(node, context, "names no layer; write {1/0: core}");
            for (const auto& [name, material] : node.entries) {
              StackLayer entry;
              if (!ParseLayer(name, entry.layer.emplace())) FailLayer(material, context, name);
              for (const StackLayer& other : layers) {
                if (!(*other.layer == *entry.layer)) continue;
                FailAt(material, context, fmt::format("names layer {} twice", entry.layer->Text()));
              }
              Text().read(material, context.At(name), entry.material);
              entry.where = material.where;
              layers.push_back(entry);
            }
          },
          [](const std::vector<StackLayer>& layers) {
            Json map = Json::object();
            for (const StackLayer& entry : layers) map[entry.layer->Text()] = entry.material;
            return map.empty() ? Json() : map;
          }};
}

/// "auto" or the section.
Type<LayoutPortOptions> PortsType() {
  const auto section =
      Section<LayoutPortOptions>("Ports where guides end in the file.")
          .Key("layer", &LayoutPortOptions::layer, LayerNumber(),
               "Layer of the labels that name them, such as 1/10; left out: ends of guides at the "
               "edge, o1, o2 ... clockwise from below on the left.")
          .Key("span", &LayoutPortOptions::span,
               OptionalList(OneOrListOf(Length(Positive()), 1, 2)),
               "As that of ports; left out: 1 um more than the guide on each side, up to half the "
               "way to the next port.")
          .Key("modes", &LayoutPortOptions::modes, ModeChoices(), kModesHelp)
          .Where(&LayoutPortOptions::where)
          .AsType();
  TypeInfo info = section.info;
  info.text = "auto or section";
  info.json = AnyOf({LazySchema([] {
                       return Json{{"enum", Json::array({"auto"})}};
                     }),
                     section.info.json});
  return {info,
          [section](const DeckNode& node, const Context& context, LayoutPortOptions& ports) {
            if (node.kind == DeckNode::Kind::Scalar) {
              ReadChoice(node, context, {"auto"});
              ports.automatic = true;
              ports.where = node.where;
              return;
            }
            section.read(node, context, ports);
            ports.automatic = !ports.layer;
          },
          section.write};
}

struct CentredWindow {
  std::array<double, 2> centre{0, 0};
  std::array<double, 2> size{0, 0};
};

/// Four numbers, the upper ones above the lower ones, or a centre and a size.
Type<std::vector<double>> Window() {
  auto list = ListOf(Length(), 4, 4);
  const auto section =
      Section<CentredWindow>("A part of the file by its centre.")
          .Key("centre", &CentredWindow::centre, ArrayOf<double, 2>(Length()), "Its centre.")
          .Key("size", &CentredWindow::size, ArrayOf<double, 2>(Length(Positive())),
               "Its extent along x and y.", Need::Required)
          .AsType();
  list.info.text += " or section";
  list.info.section = section.info.section;
  list.info.json = AnyOf({list.info.json, section.info.json});
  list.read = [section, read = list.read](const DeckNode& node, const Context& context,
                                          std::vector<double>& window) {
    if (node.kind == DeckNode::Kind::Section) {
      CentredWindow given;
      section.read(node, context, given);
      window.clear();
      for (const double side : {-0.5, 0.5}) {
        for (size_t axis : {0, 1}) window.push_back(given.centre[axis] + side * given.size[axis]);
      }
      return;
    }
    read(node, context, window);
    if (window[0] < window[2] && window[1] < window[3]) return;
    FailAt(node, context, "must be [xmin, ymin, xmax, ymax] with xmin < xmax and ymin < ymax");
  };
  return OptionalList(list);
}

}  // namespace

Section<LayoutOptions> LayoutSection() {
  return Section<LayoutOptions>("Shapes, and ports if asked for, from a GDSII file.")
      .Key("file", &LayoutOptions::file, Path(), "The file, also compressed (.gz).", Need::Required)
      .Key("cell", &LayoutOptions::cell, Text(), "Name of the cell; left out: the only top cell.")
      .Key("layers", &LayoutOptions::layers, LayerMap(),
           "2D: the material of each layer that is used, a later one covers an earlier one.")
      .Key("stack", kSelf, StackType(),
           "3D: material, height and thickness of each layer that is used, here or in a file with "
           "the key stack, relative to the deck.")
      .Key("window", &LayoutOptions::window, Window(),
           "[xmin, ymin, xmax, ymax] in the file of the part that is simulated, or {centre, size}; "
           "left out: all that is drawn, and the margin.")
      .Key("margin", &LayoutOptions::margin, Length({0, 1e4, true, false}),
           "From what is drawn to the PML; with a window, from its edge to ports: auto.")
      .Key(
          "origin", &LayoutOptions::origin, OptionalList(ListOf(Length(), 2, 3)),
          "The point of the file that is the origin of the deck, and its height in the stack; left "
          "out: the window's centre, the middle of the stack's layers.")
      .Key("ports", &LayoutOptions::ports, Maybe(PortsType()),
           "Ports from the file: auto, or from the labels of a layer. Their guides are continued "
           "through the PML.")
      .ExactlyOneOf({"layers", "stack"})
      .Where(&LayoutOptions::where);
}

std::vector<StackLayer> ReadStack(const DeckNode& root, const std::string& folder) {
  std::vector<StackLayer> stack;
  Section<std::vector<StackLayer>>("A stack of layers, for decks to share.")
      .Key("stack", kSelf, ListOf(StackSection().AsType(), 1), "The layers.", Need::Required)
      .Read(root, {"", folder, "the stack"}, stack);
  return stack;
}

}  // namespace symwave::jobs::deck
