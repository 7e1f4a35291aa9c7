#include "jobs/deck/frame_names.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/lattice.hpp"

namespace symwave::jobs::deck {

namespace {

bool FlatEz(const DeckOptions& options) {
  return options.grid.polarization == domain::Polarization::Ez;
}

/// Of the lattice in time domain, electric ones and those out of the plane first.
std::vector<std::string> Components(const DeckOptions& options) {
  if (options.grid.Dimensions() == 3) return {"Ex", "Ey", "Ez", "Hx", "Hy", "Hz"};
  if (FlatEz(options)) return {"Ez", "Hx", "Hy"};
  return {"Hz", "Ex", "Ey"};
}

std::vector<std::string> AtAWavelength(const std::string& component) {
  return {component + "_re", component + "_im", component + "_abs"};
}

std::vector<std::string> TimeDomainNames(const DeckOptions& options) {
  std::vector<std::string> names = Components(options);
  for (const std::string& component : Components(options)) {
    for (const std::string& name : AtAWavelength(component)) names.push_back(name);
  }
  for (const char* name : {"abs", "index", "permittivity", "ports"}) names.emplace_back(name);
  return names;
}

void CheckNames(const std::string& where, const std::string& key,
                const std::vector<std::string>& names, const std::vector<std::string>& known) {
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string nearest = base::Nearest(name, known);
    base::Fail("{}: {} names the field \"{}\", which this job does not have{}; it has {}", where,
               key, name, nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
               base::Joined(known));
  }
}

void CheckCadence(const std::string& where, const std::string& key, const Cadence& every,
                  const std::string& unit) {
  if (every.unit.empty() || every.unit == unit) return;
  base::Fail(
      "{}: {} counts {}, but this job counts {}: write \"{} {}\", or a time such as \"30 s\"",
      where, key, every.unit, unit, every.count, unit);
}

// What a deck shows that names none. In time domain the fields of the moment, and at the end, when
// the light is gone, what `output.fields: true` writes.
std::vector<std::string> DefaultFields(const DeckOptions& options, bool at_end) {
  if (options.job != JobKind::Simulate || !options.InTimeDomain()) return FieldNames(options);
  std::vector<std::string> components = Components(options);
  const bool flat = options.grid.Dimensions() == 2;
  components.resize(flat ? 1 : 3);
  if (!at_end) {
    components.emplace_back("permittivity");
    return components;
  }
  std::vector<std::string> names;
  for (const std::string& component : components) {
    names.push_back(component + "_re");
    names.push_back(component + "_im");
  }
  names.push_back(flat && !FlatEz(options) ? "Hz_abs" : "abs");
  names.emplace_back("index");
  return names;
}

/// Where the points of frames may lie along an axis [um].
struct Reach {
  double low = 0, high = 0;
  bool half = false;  ///< of a mirrored grid, whose other half is not there
};

/// Nothing for a chip, whose size is found later.
std::optional<std::array<Reach, 3>> ReachOf(const DeckOptions& options) {
  if (options.chip) return std::nullopt;
  std::array<Reach, 3> reach;
  if (options.bench.present) {
    const training::bench::BenchGeometry& geometry = options.bench.geometry;
    for (const auto& [axis, pixels] :
         {std::pair{0, geometry.pixels_x}, std::pair{1, geometry.pixels_y}}) {
      reach[axis].high = 0.5 * pixels * geometry.pitch;
      reach[axis].low = -reach[axis].high;
    }
    return reach;
  }
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    reach[axis].half = options.grid.SymmetryOf(axis) != MirrorPlane::None;
    reach[axis].high = 0.5 * options.grid.size[axis];
    reach[axis].low = -reach[axis].high;
  }
  return reach;
}

/// Refuses what leaves the grid, and what lies in the half that is not there.
void RequireWithin(const Reach& reach, double low, double high, const std::string& where,
                   const std::string& key, int axis) {
  const double slack = 1e-6 * reach.high;
  const char name = "xyz"[axis];
  const std::string given = low < high
                                ? fmt::format("goes from {:g} to {:g} um along {}", low, high, name)
                                : fmt::format("is at {} = {:g} um", name, low);
  if (low < reach.low - slack || high > reach.high + slack) {
    base::Fail("{}: {} {}, beyond the fields, which go from {:g} to {:g} um", where, key, given,
               reach.low, reach.high);
  }
  if (reach.half && high < -slack) {
    base::Fail(
        "{}: {} {}, in the half that grid.symmetry leaves out; the fields go from 0 to {:g} "
        "um",
        where, key, given, reach.high);
  }
}

int DimensionsOf(const DeckOptions& options) {
  return options.bench.present ? 2 : options.grid.Dimensions();
}

void CheckBox(const DeckOptions& options, const FieldFilesOptions& files) {
  if (!files.centre) return;
  const std::vector<double>&centre = *files.centre, &size = *files.size;
  const int dimensions = DimensionsOf(options);
  if (static_cast<int>(centre.size()) != dimensions || centre.size() != size.size()) {
    base::Fail("{}: output.fields.where: centre and size have {} and {} entries; give {} of each",
               files.where, centre.size(), size.size(), dimensions);
  }
  if (std::all_of(size.begin(), size.end(), [](double s) { return s == 0; })) {
    base::Fail("{}: output.fields.where is a point; give it a size along one axis at least",
               files.where);
  }
  const auto reach = ReachOf(options);
  for (int axis = 0; axis < dimensions && reach; ++axis) {
    RequireWithin((*reach)[axis], centre[axis] - 0.5 * size[axis], centre[axis] + 0.5 * size[axis],
                  files.where, "output.fields.where", axis);
  }
}

void CheckSlices(const DeckOptions& options, const InSituOptions& insitu) {
  if (!insitu.png) return;
  const auto reach = ReachOf(options);
  const std::array<const std::optional<double>*, 3> given{&insitu.png->x, &insitu.png->y,
                                                          &insitu.png->z};
  for (int axis = 0; axis < 3; ++axis) {
    if (!*given[axis]) continue;
    const std::string key = fmt::format("insitu.png.{}", "xyz"[axis]);
    if (DimensionsOf(options) == 2) {
      base::Fail(
          "{}: {} cuts volumes, and the fields of this deck lie in a plane, which pictures "
          "show whole; remove it",
          insitu.where, key);
    }
    RequireWithin((*reach)[axis], **given[axis], **given[axis], insitu.where, key, axis);
  }
}

Cadence DefaultCadence(const DeckOptions& options) {
  Cadence every;
  every.unit = FrameUnit(options);
  every.count = every.unit == "steps" ? 200 : 1;
  return every;
}

}  // namespace

std::string FrameUnit(const DeckOptions& options) {
  if (options.job == JobKind::Train) return "epochs";
  if (options.job != JobKind::Simulate) return "";
  return options.InTimeDomain() ? "steps" : "wavelengths";
}

std::vector<std::string> FieldNames(const DeckOptions& options) {
  if (options.bench.present) return {"intensity", "mask"};
  if (options.job == JobKind::Simulate && options.InTimeDomain()) return TimeDomainNames(options);
  std::vector<std::string> names = AtAWavelength(FlatEz(options) ? "Ez" : "Hz");
  names.insert(names.end(), {"index", "permittivity", "ports"});
  if (options.job == JobKind::Train) names.emplace_back("trainable");
  return names;
}

void CompleteFrames(DeckOptions& options) {
  const auto complete = [&](const std::string& where, const std::string& section,
                            const std::array<const char*, 2>& keys,
                            std::vector<std::string>& fields, const std::string& fields_where,
                            Cadence& every, bool at_end) {
    const std::string unit = FrameUnit(options);
    if (unit.empty()) {
      base::Fail("{}: job: {} shows no fields while it runs; remove {}", where,
                 JobName(options.job), section);
    }
    CheckNames(fields_where, section + keys[0], fields, FieldNames(options));
    CheckCadence(where, section + keys[1], every, unit);
    if (fields.empty()) fields = DefaultFields(options, at_end);
    if (every.count > 0) every.unit = unit;
  };
  if (options.output.chosen) {
    FieldFilesOptions& files = *options.output.chosen;
    complete(files.where, "output.fields", {".what", ".when"}, files.what, files.what_where,
             files.every, files.at_end);
    CheckBox(options, files);
  }
  if (!options.insitu) return;
  InSituOptions& insitu = *options.insitu;
  complete(insitu.where, "insitu", {".fields", ".every"}, insitu.fields, insitu.fields_where,
           insitu.every, false);
  CheckSlices(options, insitu);
  if (!insitu.every.Given()) insitu.every = DefaultCadence(options);
  if (insitu.script == "none" && !insitu.png) {
    base::Fail("{}: insitu has script: none and no png: nothing would be shown; add png: true",
               insitu.where);
  }
}

std::string ScriptWarning(const DeckOptions& options) {
  if (!options.insitu || !options.insitu->UsesParaView()) return "";
  const std::string& script = options.insitu->script;
  if (script.empty() || std::ifstream(script)) return "";
  return fmt::format(
      "{}: insitu.script {} cannot be read here; where a run does not find it either, it goes on "
      "without pictures of ParaView",
      options.insitu->where, script);
}

}  // namespace symwave::jobs::deck
