#include <algorithm>

#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

/// A limit of a band as it was written: as a wavelength, or as a frequency or an energy.
struct BandEnd {
  double wavelength = 1.55;
  bool frequency = false;
};

struct Band {
  BandEnd from;
  BandEnd to;
  int count = 11;
};

Type<BandEnd> EndOfBand() {
  const Type<double> one = Wavelength();
  return {one.info,
          [one](const DeckNode& node, const Context& context, BandEnd& end) {
            one.read(node, context, end.wavelength);
            end.frequency = base::IsFrequency(node.text);
          },
          [one](const BandEnd& end) { return one.write(end.wavelength); }};
}

/// Equally spaced in what the limits are given in.
std::vector<double> Spread(const Band& band) {
  std::vector<double> values;
  const double from = band.from.wavelength, to = band.to.wavelength;
  for (int k = 0; k < band.count; ++k) {
    const double part = k / (band.count - 1.0);
    const bool inner = k > 0 && k + 1 < band.count;
    const double value = band.from.frequency ? 1 / (1 / from + (1 / to - 1 / from) * part)
                                             : from + (to - from) * part;
    values.push_back(inner ? value : k == 0 ? from : to);
  }
  return values;
}

void RefuseMixedBand(const DeckNode& node, const Context& context, const Band& band) {
  if (band.from.frequency == band.to.frequency) return;
  FailAt(node, context,
         "from and to must both be wavelengths or both be frequencies, because what they are given "
         "in is what the steps are equal in");
}

void RefuseRepetition(const DeckNode& node, const Context& context, std::vector<double> sorted) {
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice == sorted.end()) return;
  FailAt(node, context, fmt::format("names {:.6g} um twice; remove one", *twice));
}

}  // namespace

Type<double> Wavelength() {
  return Real(Unit::Wavelength, Between(0.05, 100));
}

Type<std::vector<double>> WavelengthsAsListed() {
  const Type<double> one = Wavelength();
  const Type<std::vector<double>> list = ListOf(one, 1);
  const Section<Band> band =
      Section<Band>("Equally spaced wavelengths, or frequencies where from and to are such.")
          .Key("from", &Band::from, EndOfBand(), "First wavelength or frequency.", Need::Required)
          .Key("to", &Band::to, EndOfBand(), "Last wavelength or frequency.", Need::Required)
          .Key("count", &Band::count, Integer<int>(2, 100000), "How many.", Need::Required);
  TypeInfo info = one.info;
  info.text = "real, list of real, or {from, to, count}";
  info.section = band.Info();
  info.json = AnyOf({one.info.json, list.info.json, band.AsType().info.json});
  return {
      info,
      [one, list, band](const DeckNode& node, const Context& context, std::vector<double>& values) {
        if (node.kind == DeckNode::Kind::List) {
          list.read(node, context, values);
        } else if (node.kind == DeckNode::Kind::Section) {
          Band b;
          band.Read(node, context, b);
          RefuseMixedBand(node, context, b);
          values = Spread(b);
        } else {
          values.assign(1, 0);
          one.read(node, context, values[0]);
        }
        RefuseRepetition(node, context, values);
      },
      list.write};
}

/// So that the one in the middle of the list is the middle one.
Type<std::vector<double>> Wavelengths() {
  const Type<std::vector<double>> listed = WavelengthsAsListed();
  return {listed.info,
          [listed](const DeckNode& node, const Context& context, std::vector<double>& values) {
            listed.read(node, context, values);
            std::sort(values.begin(), values.end());
          },
          listed.write};
}

std::string FrequencyComment(const std::vector<double>& wavelengths) {
  std::string text = "# wavelength as frequency: [";
  for (const double wavelength : wavelengths) {
    text +=
        fmt::format("{}{:.10g} THz", text.back() == '[' ? "" : ", ", base::Terahertz(wavelength));
  }
  return text + "]\n";
}

}  // namespace symwave::jobs::deck
