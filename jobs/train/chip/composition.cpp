#include "jobs/train/chip/composition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "domain/base/error.hpp"
#include "training/chip/composed_chip.hpp"

namespace symwave::jobs::train::chip {

namespace {

using Interval = std::array<double, 2>;
using training::chip::Composition;
using training::chip::Cut;
using training::chip::Part;

constexpr double kSame = 1e-6;  // um
constexpr double kFar = std::numeric_limits<double>::infinity();
/// What the guides of one part leave of their field at those of another, beside which they run for
/// up to kWay; in proportion less beside longer ones, as what goes over grows with the way.
constexpr double kFieldBeside = 1e-3;
constexpr double kWay = 10;  // um
/// What guides that cross a cut leave of it at each other: more couples there.
constexpr double kFieldAtCut = 0.05;
/// Guides are straight for this long on both sides of a cut without elements.
constexpr double kStraight = 0.25;  // um

/// Height in the middle of what the elements change.
double HeightOf(const device::Device& device) {
  const auto& z = device.elements.front().z;
  return std::isfinite(z[0]) && std::isfinite(z[1]) ? 0.5 * (z[0] + z[1]) : 0;
}

/// The y intervals where a line of constant x meets contours.
void AddSections(const std::vector<domain::Polygon>& contours, double x,
                 std::vector<Interval>& sections) {
  std::vector<double> crossings;
  for (const domain::Polygon& contour : contours) {
    for (size_t k = 0; k < contour.size(); ++k) {
      const domain::Point p = contour[k], q = contour[(k + 1) % contour.size()];
      if ((p.x <= x) == (q.x <= x)) continue;
      crossings.push_back(p.y + (q.y - p.y) * (x - p.x) / (q.x - p.x));
    }
  }
  std::sort(crossings.begin(), crossings.end());
  for (size_t k = 0; k + 1 < crossings.size(); k += 2) {
    sections.push_back({crossings[k], crossings[k + 1]});
  }
}

/// Rising and disjoint; what comes closer than `gap` is one.
std::vector<Interval> Merged(std::vector<Interval> sections, double gap) {
  std::sort(sections.begin(), sections.end());
  std::vector<Interval> merged;
  for (const Interval& section : sections) {
    if (!merged.empty() && section[0] < merged.back()[1] + gap) {
      merged.back()[1] = std::max(merged.back()[1], section[1]);
    } else {
      merged.push_back(section);
    }
  }
  return merged;
}

/// What is denser than its layer, in the middle of the elements' height.
class GuideSections {
 public:
  GuideSections(const deck::DeviceOptions& options, const device::Device& device)
      : layer_(device.structure->LayerAt(HeightOf(device))) {
    const auto table = device::MaterialTable(options, options.wavelengths.front());
    for (const domain::Region& region : layer_.regions) {
      if (table.at(region.material).real() > table.at(layer_.base).real()) {
        dense_.push_back(&region);
      }
    }
  }

  /// The y intervals at an x, from low to high; touching ones are one.
  std::vector<Interval> At(double x) const {
    std::vector<Interval> sections;
    for (const domain::Region* region : dense_) AddSections(region->contours, x, sections);
    return Merged(std::move(sections), kSame);
  }

 private:
  const domain::StructureLayer& layer_;
  std::vector<const domain::Region*> dense_;
};

bool Equal(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  const auto same = [](const Interval& p, const Interval& q) {
    return std::abs(p[0] - q[0]) < kSame && std::abs(p[1] - q[1]) < kSame;
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

/// Where a cut is wanted, why, and along what its guides have to be straight.
struct CutPlace {
  double x = 0;
  Interval strip{0, 0};
  std::string where;  ///< of the deck
  std::string reason;
  bool elements = true;
};

std::vector<CutPlace> PlacesOf(const deck::DeviceOptions& options, const device::Device& device) {
  std::vector<CutPlace> places;
  for (const Interval& strip : domain::StripsOf(device.elements)) {
    places.push_back({0.5 * (strip[0] + strip[1]), strip, device.elements.front().where,
                      fmt::format("in the middle of elements that reach from {:.6g} to {:.6g} um",
                                  strip[0], strip[1]),
                      true});
  }
  const size_t strips = places.size();
  for (const double x : options.solver.cuts) {
    places.push_back(
        {x, {x - kStraight, x + kStraight}, options.solver.where, "as solver.cuts says", false});
    for (size_t s = 0; s < strips; ++s) {
      if (x + kStraight < places[s].strip[0] || x - kStraight > places[s].strip[1]) continue;
      base::Fail(
          "{}: solver.cuts: x = {:.6g} um lies where elements change the guides, from {:.6g} "
          "to {:.6g} um, which are cut in their middle anyhow",
          options.solver.where, x, places[s].strip[0], places[s].strip[1]);
    }
  }
  std::sort(places.begin(), places.end(),
            [](const CutPlace& a, const CutPlace& b) { return a.x < b.x; });
  for (size_t k = 1; k < places.size(); ++k) {
    if (places[k].strip[0] > places[k - 1].strip[1]) continue;
    base::Fail("{}: solver.cuts: x = {:.6g} and {:.6g} um lie too close to each other",
               options.solver.where, places[k - 1].x, places[k].x);
  }
  return places;
}

/// The guides of a place, which are the same at the ends of its strip and in the middle.
std::vector<Interval> GuidesOf(const GuideSections& sections, const CutPlace& place) {
  std::vector<Interval> guides = sections.At(place.x);
  const bool uniform =
      Equal(guides, sections.At(place.strip[0])) && Equal(guides, sections.At(place.strip[1]));
  if (!guides.empty() && uniform) return guides;
  base::Fail("{}: solver.compose cuts the device at x = {:.6g} um, {}, where {}; {}", place.where,
             place.x, place.reason,
             guides.empty() ? "no guide runs" : "guides change their width or place",
             place.elements ? "move the elements to straight guides along x, or leave compose out"
                            : "give a place where all guides run straight along x");
}

void RequireNoPort(const device::Device& device, const CutPlace& place) {
  for (const domain::PlanePort& port : device.ports) {
    if (port.at[0] < place.strip[0] || port.at[0] > place.strip[1]) continue;
    base::Fail("{}: solver.compose cuts the device at x = {:.6g} um, {}, where the port {} stands",
               place.where, place.x, place.reason, port.name);
  }
}

Cut CutAt(const device::Device& device, const CutPlace& place,
          const std::vector<Interval>& guides) {
  const auto middle = [&](size_t g) { return 0.5 * (guides[g][0] + guides[g][1]); };
  Cut cut;
  cut.x = place.x;
  cut.elements = place.elements;
  for (size_t g = 0; g < guides.size(); ++g) {
    domain::PlanePort port = device.ports.front();
    port.name = fmt::format("guide{}", g + 1);
    port.faces = domain::Direction::PlusX;
    port.at[0] = place.x;
    port.at[1] = middle(g);
    port.modes = {port.modes.front()};
    port.bend = {};
    if (g > 0) port.span[0] = std::min(port.span[0], middle(g) - middle(g - 1));
    if (g + 1 < guides.size()) port.span[0] = std::min(port.span[0], middle(g + 1) - middle(g));
    cut.guides.push_back(std::move(port));
  }
  return cut;
}

/// Without errors.
solvers::FixedOptics DesignAt(MPI_Comm comm, const deck::DeviceOptions& options,
                              const device::Device& device, double wavelength) {
  solvers::FixedOptics optics;
  optics.comm = comm;
  optics.lattice = device.lattice;
  optics.media = device::MediaAt(device, options, wavelength, {});
  optics.omega = 2 * M_PI / wavelength;
  optics.ports = device.ports;
  optics.known = device.known_modes;
  return optics;
}

/// 1/um by which the field beside the guides falls, where it falls most slowly: at the longest
/// wavelength, beside one of the guides of different widths at the cuts.
double SlowestDecay(MPI_Comm comm, const deck::DeviceOptions& options, const device::Device& device,
                    const std::vector<Cut>& cuts,
                    const std::vector<std::vector<Interval>>& guides) {
  const solvers::FixedOptics optics =
      DesignAt(comm, options, device,
               *std::max_element(options.wavelengths.begin(), options.wavelengths.end()));
  std::map<long, double> of_width;  // in nm
  double slowest = kFar;
  for (size_t c = 0; c < cuts.size(); ++c) {
    for (size_t g = 0; g < guides[c].size(); ++g) {
      const long width = std::lround(1e3 * (guides[c][g][1] - guides[c][g][0]));
      const auto [known, fresh] = of_width.emplace(width, 0.0);
      if (fresh) known->second = training::chip::DecayBeside(optics, cuts[c].guides[g]);
      slowest = std::min(slowest, known->second);
    }
  }
  return slowest;
}

/// Guides that couple where they are cut are no guides of one mode each.
void RequireApart(const std::vector<CutPlace>& places,
                  const std::vector<std::vector<Interval>>& guides, double decay) {
  const double least = decay > 0 ? std::log(1 / kFieldAtCut) / decay : kFar;
  for (size_t c = 0; c < places.size(); ++c) {
    for (size_t g = 1; g < guides[c].size(); ++g) {
      const double gap = guides[c][g][0] - guides[c][g - 1][1];
      if (gap >= least) continue;
      base::Fail(
          "{}: solver.compose cuts the device at x = {:.6g} um, {}, where the guides at y = {:.4g} "
          "and {:.4g} um have a gap of {:.4g} um and couple: {:.2g} of a mode's field reaches "
          "across; "
          "cut where they are {:.2g} um apart",
          places[c].where, places[c].x, places[c].reason,
          0.5 * (guides[c][g - 1][0] + guides[c][g - 1][1]),
          0.5 * (guides[c][g][0] + guides[c][g][1]), gap, std::exp(-decay * gap), least);
    }
  }
}

/// Ranges of y of what is dense between two places; what comes closer than `gap` is one.
std::vector<Interval> RangesBetween(const GuideSections& sections, const domain::Lattice& lattice,
                                    const Interval& x, double gap) {
  std::vector<Interval> all;
  for (int i = 0; i < lattice.Cells(0); ++i) {
    const double at = lattice.HalfNode(0, i);
    if (at < x[0] || at > x[1]) continue;
    const std::vector<Interval> here = sections.At(at);
    all.insert(all.end(), here.begin(), here.end());
  }
  return Merged(std::move(all), gap);
}

/// A column in parts that lie side by side, each up to the middle of the gaps to the others.
void AddParts(const Part& column, const std::vector<domain::PlanePort>& ports,
              const std::vector<Interval>& ranges, Composition& composition) {
  for (size_t r = 0; r < ranges.size(); ++r) {
    Part part;
    part.column = column.column;
    part.y = {r == 0 ? -kFar : 0.5 * (ranges[r - 1][1] + ranges[r][0]),
              r + 1 == ranges.size() ? kFar : 0.5 * (ranges[r][1] + ranges[r + 1][0])};
    const auto take = [&](const std::vector<int>& from, const auto& of, std::vector<int>& to) {
      for (const int number : from) {
        const double y = of[static_cast<size_t>(number)].at[1];
        if (y > part.y[0] && y <= part.y[1]) to.push_back(number);
      }
    };
    take(column.ports, ports, part.ports);
    if (!column.left.empty()) {
      take(column.left, composition.cuts[column.column - 1].guides, part.left);
    }
    if (!column.right.empty()) {
      take(column.right, composition.cuts[column.column].guides, part.right);
    }
    if (part.Ports() > 0) composition.parts.push_back(std::move(part));
  }
}

}  // namespace

Composition CompositionOf(MPI_Comm comm, const deck::DeviceOptions& options,
                          const device::Device& device) {
  if (!options.solver.compose) return {};
  const GuideSections sections(options, device);
  std::vector<Cut> cuts;
  std::vector<std::vector<Interval>> guides;
  const std::vector<CutPlace> places = PlacesOf(options, device);
  for (const CutPlace& place : places) {
    RequireNoPort(device, place);
    guides.push_back(GuidesOf(sections, place));
    cuts.push_back(CutAt(device, place, guides.back()));
  }
  const double decay = SlowestDecay(comm, options, device, cuts, guides);
  RequireApart(places, guides, decay);
  const Composition columns = training::chip::WholeColumns(device.ports, std::move(cuts));
  Composition composition{columns.cuts, {}};
  for (const Part& column : columns.parts) {
    const Interval x{column.column > 0 ? columns.cuts[column.column - 1].x : -kFar,
                     column.column < columns.cuts.size() ? columns.cuts[column.column].x : kFar};
    const double way = std::min(x[1], device.lattice->Node(0, device.lattice->Cells(0))) -
                       std::max(x[0], device.lattice->Node(0, 0));
    const double gap =
        decay > 0 ? std::log(std::max(1.0, way / kWay) / kFieldBeside) / decay : kFar;
    AddParts(column, device.ports, RangesBetween(sections, *device.lattice, x, gap), composition);
  }
  return composition;
}

void RequireGuidedThrough(MPI_Comm comm, const deck::DeviceOptions& options,
                          const device::Device& device, const Composition& composition) {
  training::chip::RequireGuidedThrough(DesignAt(comm, options, device, options.wavelengths.front()),
                                       composition.cuts, device.elements);
}

long LaunchesOf(const Composition& composition) {
  long launches = 0;
  for (const Part& part : composition.parts) launches += static_cast<long>(part.Ports());
  return launches;
}

long LargestPart(const device::Device& device, const Composition& composition) {
  long cells = 0;
  for (const Part& part : composition.parts) {
    cells = std::max(
        cells, training::chip::LatticeOfPart(*device.lattice, composition.cuts, part).CellCount());
  }
  return cells;
}

}  // namespace symwave::jobs::train::chip
