#include "jobs/deck/options.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/base/random.hpp"
#include "domain/pole_media.hpp"
#include "jobs/deck/schema_sections.hpp"
#include "jobs/deck/training_check.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;

constexpr double kSamePlace = 1e-3;  // um

std::vector<std::string> MaterialNames(const DeckOptions& options) {
  std::vector<std::string> names;
  for (const auto& entry : options.materials) names.push_back(entry.first);
  return names;
}

std::vector<std::string> BuiltInNames() {
  std::vector<std::string> names;
  for (const auto& fit : domain::BuiltInMedia()) names.push_back(fit.name);
  return names;
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CheckName(const std::string& where, const std::string& user, const std::string& name,
               const std::vector<std::string>& names) {
  if (Holds(names, name)) return;
  const std::string nearest = base::Nearest(name, names);
  const std::string hint = Holds(BuiltInNames(), name)
                               ? fmt::format("; add {0}: {{model: {0}}} to materials", name)
                               : "";
  Fail("{}: {} names the material \"{}\", which the deck does not define{}; materials: {}{}", where,
       user, name, nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
       base::Joined(names), hint);
}

/// Every pole and the conductivity must take energy out of the field.
void CheckPoles(const MaterialOptions& material, const std::string& name) {
  const auto check = [&](const std::string& key, double value) {
    if (value >= 0) return;
    Fail("{}: materials.{}.poles: {} = {} amplifies; it must be >= 0", material.where, name, key,
         value);
  };
  check("conductivity", material.poles->conductivity);
  for (const LorentzOptions& pole : material.poles->lorentz) {
    check("lorentz strength", pole.strength);
    check("lorentz damping", pole.damping);
  }
  for (const DrudeOptions& pole : material.poles->drude) check("drude damping", pole.damping);
}

/// A pole in the right half of the plane of s grows whatever its residue.
void CheckPairs(const MaterialOptions& material, const std::string& name) {
  for (size_t k = 0; k < material.pole_residue->pairs.size(); ++k) {
    const std::complex<double> a = material.pole_residue->pairs[k].pole;
    if (a.real() <= 0 && std::abs(a) > 0) continue;
    Fail(
        "{}: materials.{}.pole_residue.pairs[{}]: a = {:.6g} {:+.6g}i / um, but its real part must "
        "be <= 0 "
        "(decay in time) and a not 0; with denominators j w + a at exp(+j w t), write -a here",
        material.where, name, k, a.real(), a.imag());
  }
}

void CheckPassive(const MaterialOptions& material, const std::string& name) {
  const std::complex<double> n = material.index     ? *material.index
                                 : material.epsilon ? std::sqrt(*material.epsilon)
                                                    : std::complex<double>(1.0);
  if (std::abs(n) == 0) {
    Fail("{}: materials.{} has the index 0; it must not vanish", material.where, name);
  }
  if (n.imag() * n.real() < 0) {
    Fail(
        "{}: materials.{} has n = {:.6g} {:+.6g}i, which amplifies; absorption has a positive "
        "imaginary "
        "part",
        material.where, name, n.real(), n.imag());
  }
}

/// Where light is known in closed form, or media are averaged as numbers, eps must be one.
void RequireIsotropic(const DeckOptions& options, const std::string& where, const std::string& user,
                      const std::string& name) {
  const auto found = options.materials.find(name);
  if (found == options.materials.end() || !found->second.diagonal) return;
  Fail("{}: {} is {}, which is anisotropic; only shapes, and layers without far fields, may be so",
       where, user, name);
}

/// Media with three indices, where their use is possible.
void CheckAnisotropic(const DeckOptions& options, const MaterialOptions& material,
                      const std::string& name) {
  const std::string who = fmt::format("{}: materials.{} is anisotropic", material.where, name);
  if (options.chip) Fail("{}; a chip takes one index, with which its segments are averaged", who);
  const domain::FabricationErrors& errors = options.fabrication;
  if (errors.etch_bias != 0 || errors.Local()) {
    Fail("{}; fabrication errors of outlines need media with one index", who);
  }
  const auto lit = std::find_if(
      options.sources.begin(), options.sources.end(),
      [](const SourceOptions& s) { return !std::holds_alternative<DipoleOptions>(s.what); });
  if (lit != options.sources.end()) {
    RequireIsotropic(options, lit->where, "the medium of the background", options.background);
  }
  for (const MonitorOptions& monitor : options.monitors) {
    const bool outside = std::holds_alternative<FarFieldOptions>(monitor.what) ||
                         std::holds_alternative<DiffractionOptions>(monitor.what);
    if (!outside) continue;
    RequireIsotropic(options, monitor.where, "the medium of the background", options.background);
    for (const LayerOptions& layer : options.layers) {
      RequireIsotropic(options, layer.where, "the medium of a layer", layer.material);
    }
  }
}

void CheckMaterials(const DeckOptions& options) {
  const std::vector<std::string> built_in = BuiltInNames();
  std::vector<std::string> layers = MaterialNames(options);
  for (const std::string& name : built_in) {
    if (!Holds(layers, name)) layers.push_back(name);
  }
  for (const auto& [name, material] : options.materials) {
    if (!material.model.empty() && !Holds(built_in, material.model)) {
      const std::string nearest = base::Nearest(material.model, built_in);
      Fail("{}: materials.{}.model = \"{}\" is not a built-in material{}; built in are {}",
           material.where, name, material.model,
           nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
           base::Joined(built_in));
    }
    CheckPassive(material, name);
    if (material.diagonal) CheckAnisotropic(options, material, name);
    if (material.poles) CheckPoles(material, name);
    if (material.pole_residue) CheckPairs(material, name);
    if (!material.slab) continue;
    const std::string slab = fmt::format("materials.{}.slab", name);
    CheckName(material.where, slab + ".film", material.slab->film, layers);
    CheckName(material.where, slab + ".below", material.slab->below, layers);
    CheckName(material.where, slab + ".above", material.slab->above, layers);
    RequireIsotropic(options, material.where, slab + ".film", material.slab->film);
    RequireIsotropic(options, material.where, slab + ".below", material.slab->below);
    RequireIsotropic(options, material.where, slab + ".above", material.slab->above);
  }
}

void CheckUses(const DeckOptions& options) {
  const std::vector<std::string> names = MaterialNames(options);
  CheckName(options.background_where, "background", options.background, names);
  for (size_t k = 0; k < options.shapes.size(); ++k) {
    const domain::Shape& shape = options.shapes[k];
    const std::string user = options.ShapeName(k);
    CheckName(shape.where, user == "layout" ? user : user + ".material", shape.material, names);
    if (options.grid.Dimensions() == 2 && shape.repeat.count[2] > 1) {
      Fail(
          "{}: {}.repeat has copies along z, but the deck is two-dimensional; give count and pitch "
          "two entries",
          shape.where, options.ShapeName(k));
    }
  }
  for (size_t k = 0; k < options.layers.size(); ++k) {
    const LayerOptions& layer = options.layers[k];
    const size_t slabs = options.layout ? options.layout->slabs : 0;
    const std::string name =
        k < slabs ? "layout.stack" : fmt::format("layers[{}].material", k - slabs);
    CheckName(layer.where, name, layer.material, names);
  }
  if (!options.chip) return;
  CheckName(options.chip_where, "chip.material", options.chip->material, names);
  if (!options.chip->hole_material.empty()) {
    CheckName(options.chip_where, "chip.hole_material", options.chip->hole_material, names);
  }
}

/// Names of results and files.
void CheckNewName(const std::string& where, const std::string& what, const std::string& name,
                  std::set<std::string>& names) {
  const char* allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";
  if (name.empty() || name.find_first_not_of(allowed) != std::string::npos) {
    Fail("{}: the {} name \"{}\" must be made of letters, digits and _ . + -", where, what, name);
  }
  if (!names.insert(name).second) {
    Fail("{0}: there is already a {1} named {2}; names of {1}s must differ", where, what, name);
  }
}

/// Ports of the same mode in one place count its light twice.
void CheckPortPlaces(const DeckOptions& options) {
  for (const PortOptions& port : options.ports) {
    for (const PortOptions& other : options.ports) {
      if (&other == &port) break;
      bool same = other.axis == port.axis && other.forward == port.forward &&
                  other.at.size() == port.at.size();
      for (size_t axis = 0; same && axis < port.at.size(); ++axis) {
        same = std::abs(port.at[axis] - other.at[axis]) <= kSamePlace;
      }
      const bool shared =
          std::any_of(port.modes.begin(), port.modes.end(), [&](const domain::ModeChoice& mode) {
            return std::find(other.modes.begin(), other.modes.end(), mode) != other.modes.end();
          });
      if (!same || !shared) continue;
      Fail("{}: port {} stands where port {} of {} does, and both take the same mode; remove one",
           port.where, port.name, other.name, other.where);
    }
  }
}

void CheckPorts(const DeckOptions& options) {
  CheckPortPlaces(options);
  std::set<std::string> names, monitors;
  for (const MonitorOptions& monitor : options.monitors) {
    CheckNewName(monitor.where, "monitor", monitor.name, monitors);
  }
  for (const PortOptions& port : options.ports) {
    CheckNewName(port.where, "port", port.name, names);
    const std::set<domain::ModeChoice> modes(port.modes.begin(), port.modes.end());
    if (modes.size() != port.modes.size()) {
      Fail("{}: port {} names a mode twice", port.where, port.name);
    }
  }
}

/// Walls guide light, too, through nothing but the background.
bool HasWalls(const GridOptions& grid) {
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    for (const Ending end : grid.EndingOf(axis).sides) {
      if (end == Ending::Pec || end == Ending::Pmc) return true;
    }
  }
  return false;
}

void CheckDevice(const DeckOptions& options, const io::DeckNode& root) {
  if (options.chip) {
    if (!options.ports.empty()) {
      Fail("{}: a chip makes its own ports; remove ports", options.ports.front().where);
    }
    if (const io::DeckNode* size = root.Find("grid")->Find("size")) {
      Fail("{}: grid.size follows from the chip; remove it", size->where);
    }
    if (options.layout) {
      Fail("{}: a chip draws its own shapes; remove layout", options.layout->where);
    }
    return;
  }
  const io::DeckNode* grid = root.Find("grid");
  if (!grid->Find("size") && !options.layout) {
    Fail("{}: grid.size is missing: the extent along x and y without the PML", grid->where);
  }
  if (!options.sources.empty()) return;
  if (options.shapes.empty() && options.layers.empty() && !HasWalls(options.grid)) {
    Fail(
        "{}: the deck has neither shapes nor a chip, layers or walls in grid.boundary: nothing "
        "would guide the light of its ports",
        root.where);
  }
  if (options.ports.empty()) {
    Fail("{}: the deck has no ports{}; nothing would be launched or measured", root.where,
         options.InTimeDomain() ? " and no sources" : "");
  }
}

bool HasPml(const DeckOptions& options) {
  if (options.chip) return true;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    const auto sides = options.grid.EndingOf(axis).sides;
    if (std::count(sides.begin(), sides.end(), Ending::Pml) > 0) return true;
  }
  return false;
}

void CheckGrid(const DeckOptions& options) {
  const GridOptions& grid = options.grid;
  for (int axis = 0; axis < grid.Dimensions() && !options.chip; ++axis) {
    if (grid.cell.size() != 1 && static_cast<int>(grid.cell.size()) != grid.Dimensions()) break;
    if (grid.Cell(axis) <= grid.size[axis]) continue;
    Fail("{}: grid.cell = {} um is larger than the grid, {} um along {}", grid.where,
         grid.Cell(axis), grid.size[axis], "xyz"[axis]);
  }
  const double cell = *std::max_element(grid.cell.begin(), grid.cell.end());
  if (HasPml(options) && grid.pml < cell) {
    Fail(
        "{}: grid.pml = {} um is thinner than a cell of {} um; half a wavelength or more absorbs "
        "well",
        grid.where, grid.pml, cell);
  }
}

/// A map of thicknesses is one of films, resolved by the cells and small.
void CheckThickness(const DeckOptions& options) {
  constexpr double kMost = 0.1;  // of a film, for a change of index in proportion
  const domain::FabricationErrors& errors = options.fabrication;
  const double cell = *std::max_element(options.grid.cell.begin(), options.grid.cell.end());
  if (errors.thickness_correlation < cell) {
    Fail("{}: fabrication.thickness_correlation is {:.6g} um, less than a cell of {:.6g} um",
         options.grid.where, errors.thickness_correlation, cell);
  }
  if (options.grid.Dimensions() == 3) return;
  bool films = false;
  for (const auto& [name, material] : options.materials) {
    if (!material.slab) continue;
    films = true;
    if (errors.thickness_sigma <= kMost * material.slab->thickness) continue;
    Fail(
        "{}: fabrication.thickness_sigma is {:.6g} um, more than {:g} of the film of {}, {:.6g} um",
        material.where, errors.thickness_sigma, kMost, name, material.slab->thickness);
  }
  if (films) return;
  Fail(
      "{}: fabrication.thickness_sigma changes the index of slab materials in two dimensions, and "
      "the deck has none; set it to 0",
      options.grid.where);
}

/// In three dimensions only trainings take errors of outlines, whose films and walls are layers.
void CheckFabrication(const DeckOptions& options) {
  const domain::FabricationErrors& errors = options.fabrication;
  const bool moved = errors.etch_bias != 0 || errors.Local();
  if (errors.thickness_sigma > 0) CheckThickness(options);
  if (options.grid.Dimensions() == 2) {
    if (errors.sidewall_bias == 0) return;
    Fail("{}: fabrication.sidewall_bias is of three dimensions; set it to 0", options.grid.where);
  }
  if (options.job == JobKind::Train) return;
  if (!moved && errors.sidewall_bias == 0) return;
  Fail(
      "{}: fabrication: etch_bias, sidewall_bias, roughness, thickness_sigma and index_sigma are "
      "those of job: train in three dimensions; set them to 0",
      options.grid.where);
}

}  // namespace

void CheckOptions(const DeckOptions& options, const io::DeckNode& root) {
  CheckMaterials(options);
  CheckUses(options);
  CheckPorts(options);
  CheckTimeDomainOptions(options);
  CheckFabrication(options);
  CheckGrid(options);
  CheckDevice(options, root);
  if (options.job == JobKind::Train) CheckTraining(options, root);
}

std::string DeviceOptions::ShapeName(size_t number) const {
  const size_t of_layout = layout ? layout->shapes : 0;
  if (number < of_layout) return "layout";
  return fmt::format("shapes[{}]", number - of_layout);
}

ChipTrainingOptions ChipTrainingOptions::At(size_t wavelength) const {
  ChipTrainingOptions one = *this;
  one.wavelengths = {wavelengths[wavelength]};
  const auto keep = [wavelength](auto& list) {
    if (list.size() > 1) list = {list[wavelength]};
  };
  keep(one.data);
  keep(one.classes);
  if (wavelength > 0) one.drive.noise_seed = base::MixSeed(drive.noise_seed, wavelength);
  return one;
}

std::string JobName(JobKind job) {
  switch (job) {
    case JobKind::Simulate:
      return "simulate";
    case JobKind::Train:
      return "train";
    case JobKind::Focus:
      return "focus";
    case JobKind::HiddenObject:
      return "hidden_object";
  }
  return "";
}

}  // namespace symwave::jobs::deck
