#include <algorithm>

#include "jobs/schema_sections.hpp"

namespace symwave::jobs {

namespace {

using namespace symwave::io;
using base::Unit;

struct Band {
  double from = 1.5;
  double to = 1.6;
  int count = 11;
};

}  // namespace

Type<double> Wavelength() {
  return Real(Unit::Micrometre, Between(0.05, 100));
}

/// In ascending order, so that the one in the middle of the list is the middle one.
Type<std::vector<double>> Wavelengths() {
  const Type<double> one = Wavelength();
  const Type<std::vector<double>> list = ListOf(one, 1);
  const Section<Band> band =
      Section<Band>("Equally spaced wavelengths.")
          .Key("from", &Band::from, one, "First wavelength.", Need::Required)
          .Key("to", &Band::to, one, "Last wavelength.", Need::Required)
          .Key("count", &Band::count, Integer<int>(2, 100000), "How many.", Need::Required);
  TypeInfo info = one.info;
  info.text = "real, list of real, or {from, to, count}";
  info.section = band.Info();
  info.json = {{"anyOf", Json::array({one.info.json, list.info.json, band.AsType().info.json})}};
  return {
      info,
      [one, list, band](const DeckNode& node, const Context& context, std::vector<double>& values) {
        if (node.kind == DeckNode::Kind::List) {
          list.read(node, context, values);
        } else if (node.kind == DeckNode::Kind::Section) {
          Band b;
          band.Read(node, context, b);
          values.clear();
          for (int k = 0; k < b.count; ++k) {
            values.push_back(b.from + (b.to - b.from) * k / (b.count - 1));
          }
        } else {
          values.assign(1, 0);
          one.read(node, context, values[0]);
        }
        std::sort(values.begin(), values.end());
      },
      list.write};
}

}  // namespace symwave::jobs
