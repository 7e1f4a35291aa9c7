#include "jobs/device/device.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "domain/base/error.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/deck/network_ports.hpp"
#include "jobs/device/device_lattice.hpp"
#include "jobs/device/media.hpp"
#include "jobs/device/structure.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/modes/slab.hpp"

namespace symwave::jobs::device {

namespace {

using domain::Complex;

constexpr int kDeepestDefinition = 16;  // slabs of slabs of ...
constexpr double kSamePlace = 1e-9;     // um

Complex MaterialIndex(const deck::DeviceOptions& options, const std::string& name,
                      double wavelength, double thickness_bias, int depth);

double RealIndex(const deck::DeviceOptions& options, const std::string& name, double wavelength,
                 double thickness_bias, int depth, const std::string& where) {
  const Complex n = deck::AtPlace(
      where, [&] { return MaterialIndex(options, name, wavelength, thickness_bias, depth + 1); });
  if (n.imag() != 0) {
    base::Fail("{}: a slab needs lossless layers, but '{}' has n = {:.6g} {:+.6g}i", where, name,
               n.real(), n.imag());
  }
  return n.real();
}

Complex SlabIndex(const deck::DeviceOptions& options, const std::string& name, double wavelength,
                  double thickness_bias, int depth) {
  const deck::MaterialOptions& material = options.materials.at(name);
  const deck::SlabMaterial& slab = *material.slab;
  const auto index = [&](const std::string& layer) {
    return RealIndex(options, layer, wavelength, thickness_bias, depth, material.where);
  };
  const double thickness = slab.thickness + thickness_bias;
  if (!(thickness > 0)) {
    base::Fail(
        "{}: the film of '{}' is {:.6g} um thick with fabrication.thickness_bias {:.6g} um; it "
        "must "
        "stay positive",
        material.where, name, thickness, thickness_bias);
  }
  const auto kind =
      slab.magnetic ? solvers::modes::SlabPolarization::TM : solvers::modes::SlabPolarization::TE;
  const std::vector<double> modes = solvers::modes::SlabEffectiveIndices(
      wavelength, index(slab.below), {{index(slab.film), thickness}}, index(slab.above), kind);
  if (slab.order >= static_cast<int>(modes.size())) {
    base::Fail(
        "{}: the slab '{}' guides {} {} mode{} at {:.6g} um, {}{} is not among them: make the "
        "film thicker or ask for a lower mode",
        material.where, name, modes.size(), slab.magnetic ? "TM" : "TE",
        modes.size() == 1 ? "" : "s", wavelength, slab.magnetic ? "TM" : "TE", slab.order);
  }
  return modes[slab.order];
}

Complex MaterialIndex(const deck::DeviceOptions& options, const std::string& name,
                      double wavelength, double thickness_bias, int depth) {
  const auto found = options.materials.find(name);
  if (found == options.materials.end()) return BuiltInIndexAt(name, wavelength);
  const deck::MaterialOptions& material = found->second;
  if (depth > kDeepestDefinition) {
    base::Fail("{}: the material '{}' is defined by itself", material.where, name);
  }
  if (material.index) return *material.index;
  if (material.epsilon) return std::sqrt(*material.epsilon);
  if (material.Fitted()) return deck::GivenIndex(name, material, wavelength);
  if (material.slab) return SlabIndex(options, name, wavelength, thickness_bias, depth);
  if (material.poles) {
    const Complex eps = PoleMedium(name, *material.poles).Permittivity(2 * M_PI / wavelength);
    deck::RequireFinite(name, material, wavelength, eps);
    return std::sqrt(eps);
  }
  return deck::AtPlace(material.where, [&] { return BuiltInIndexAt(material.model, wavelength); });
}

/// x interval between the ports that face along x: the leads outside it stay uniform, so that a
/// port carries a well-defined mode.
std::array<double, 2> BetweenPorts(const Device& device) {
  const domain::Lattice& lattice = *device.lattice;
  std::array<double, 2> extent{lattice.Node(0, 0), lattice.Node(0, lattice.Cells(0))};
  const double margin = 2 * lattice.CellWidth(0, 0);
  for (const domain::PlanePort& port : device.ports) {
    if (port.faces == domain::Direction::PlusX) {
      extent[0] = std::max(extent[0], port.at[0] + margin);
    }
    if (port.faces == domain::Direction::MinusX) {
      extent[1] = std::min(extent[1], port.at[0] - margin);
    }
  }
  return extent;
}

domain::PlanePort PortOf(const deck::PortOptions& given, int dimensions) {
  if (dimensions == 2 && (given.at.size() != 2 || given.span.size() != 1 || given.axis == 2)) {
    base::Fail("{}: port {} is one of three dimensions; in 2D write at: [x, y] and one span",
               given.where, given.name);
  }
  domain::PlanePort port;
  port.name = given.name;
  std::copy(given.at.begin(), given.at.end(), port.at.begin());
  port.faces = domain::DirectionAlong(given.axis, given.forward);
  port.span = {given.span[0], given.span.back()};
  port.modes = given.modes;
  if (given.bend) {
    port.bend.radius = given.bend->radius;
    port.bend.towards = domain::DirectionAlong(given.bend->axis, given.bend->forward);
  }
  port.where = given.where;
  return port;
}

/// A body's box as a layer with nothing beside it.
domain::StructureLayer BoxAround(const domain::PaintedSolid& body) {
  const auto& [low, high] = body.solid.Bounds();
  const domain::Polygon seen{
      {low[0], low[1]}, {high[0], low[1]}, {high[0], high[1]}, {low[0], high[1]}};
  return {low[2], high[2], "", {{body.material, {seen}}}};
}

/// What stands on the lattice, as drawn: the layers of the structure, one in 2D, and the boxes
/// around bodies.
std::vector<domain::StructureLayer> LayersOf(const Device& device) {
  if (device.lattice->TwoDimensional()) return {device.structure->LayerAt(0)};
  std::vector<domain::StructureLayer> layers = device.structure->Layers();
  for (const domain::PaintedSolid& painted : device.structure->Painted()) {
    if (painted.body) layers.push_back(BoxAround(painted));
  }
  return layers;
}

domain::Element ElementOf(const deck::ElementOptions& given) {
  domain::Element element;
  element.name = given.name;
  element.outline = given.outlines;
  if (given.size) {
    const double x = 0.5 * (*given.size)[0], y = 0.5 * (*given.size)[1];
    const domain::Point& c = given.centre;
    element.outline = {
        {{c.x - x, c.y - y}, {c.x + x, c.y - y}, {c.x + x, c.y + y}, {c.x - x, c.y + y}}};
  }
  if (!given.points.empty()) element.outline = {given.points};
  if (given.z) element.z = *given.z;
  element.axis = given.axis;
  element.switching = given.switching;
  element.spread = given.spread;
  element.attenuates = given.attenuates;
  element.group = given.group;
  element.where = given.where;
  const auto [low, high] = element.Extent(given.axis);
  if (2 * given.switching > (high - low) * (1 + 1e-12)) {
    base::Fail(
        "{}: element {} of {:.6g} um along {} cannot switch on and off over {:.6g} um each; "
        "switching must be at most half its length",
        given.where, given.name, high - low, "xy"[given.axis], given.switching);
  }
  return element;
}

/// Whether what is drawn is its own image about x = 0, to 1e-9 um.
bool IsMirrorSymmetric(const domain::Structure& structure) {
  for (const domain::StructureLayer& layer : structure.Layers()) {
    for (const domain::Region& region : layer.regions) {
      std::vector<std::array<double, 2>> corners, images;
      for (const domain::Polygon& contour : region.contours) {
        for (const domain::Point& p : contour) {
          corners.push_back({p.x, p.y});
          images.push_back({-p.x, p.y});
        }
      }
      std::sort(corners.begin(), corners.end());
      std::sort(images.begin(), images.end());
      for (size_t k = 0; k < corners.size(); ++k) {
        for (size_t axis : {0, 1}) {
          if (std::abs(corners[k][axis] - images[k][axis]) > kSamePlace) return false;
        }
      }
    }
  }
  return structure.Painted().empty();
}

/// Inputs, then outputs; other ports are none.
void AddNetwork(const deck::DeviceOptions& options, Device& device) {
  const std::vector<domain::PlanePort> all = std::move(device.ports);
  device.ports.clear();
  const std::vector<size_t> inputs = deck::InputPorts(options);
  for (const size_t p : inputs) device.ports.push_back(all[p]);
  for (const size_t p : deck::OutputPorts(options)) device.ports.push_back(all[p]);
  device.inputs = static_cast<int>(inputs.size());
  for (const deck::ElementOptions& element : options.elements) {
    device.elements.push_back(ElementOf(element));
  }
  device.mirror_symmetric = IsMirrorSymmetric(*device.structure);
}

void AddChip(const deck::DeviceOptions& options, Device& device) {
  const domain::BlockLayout chip = ChipLayout(options);
  device.ports = chip.inputs;
  device.ports.insert(device.ports.end(), chip.outputs.begin(), chip.outputs.end());
  const solvers::fdfd::PlanePoints points(*device.lattice);
  for (domain::PlanePort& port : device.ports) {
    port.where = options.chip_where;
    // The program places these, on points of the field: nothing has to be carried to their planes.
    port.at[0] = points.Position(0, solvers::fdfd::LocateLine(points, port).plane);
  }
  device.inputs = static_cast<int>(chip.inputs.size());
  device.elements = domain::ElementsOf(chip.segments, options.chip->attenuators);
  device.mirror_symmetric = options.shapes.empty();
}

}  // namespace

Device BuildDevice(const deck::DeviceOptions& options) {
  Device device;
  device.lattice = std::make_shared<const domain::Lattice>(LatticeOf(options));
  device.structure = std::make_shared<const domain::Structure>(StructureOf(options));
  device.background = options.background;
  if (options.chip) {
    AddChip(options, device);
  } else {
    for (const deck::PortOptions& port : options.ports) {
      device.ports.push_back(PortOf(port, options.grid.Dimensions()));
    }
    if (!options.elements.empty()) AddNetwork(options, device);
  }
  device.resolution = ResolutionOf(options, *device.lattice, LayersOf(device));
  RequireResolution(options.grid.where, device.resolution);
  if (options.InTimeDomain()) return device;
  const solvers::fdfd::PlanePoints points(*device.lattice);
  for (const domain::PlanePort& port : device.ports) solvers::fdfd::LocateLine(points, port);
  return device;
}

solvers::fdfd::DirectSolverOptions SolverOptionsOf(const deck::DeviceOptions& options) {
  solvers::fdfd::DirectSolverOptions solver;
  solver.factorization = options.solver.factorization == deck::Factorization::Lu
                             ? solvers::fdfd::Factorization::Lu
                             : solvers::fdfd::Factorization::Ldlt;
  solver.workspace_percent = options.solver.workspace;
  return solver;
}

domain::PermittivityTable MaterialTable(const deck::DeviceOptions& options, double wavelength,
                                        double thickness_bias) {
  domain::PermittivityTable table;
  for (const auto& [name, material] : options.materials) {
    const Complex n = MaterialIndex(options, name, wavelength, thickness_bias, 0);
    table[name] = n * n;
  }
  return table;
}

namespace {

/// Made anew where the errors are others than last time: the wavelengths of a sweep share it.
std::shared_ptr<const domain::Structure> FabricatedStructure(
    const Device& device, const deck::DeviceOptions& options,
    const domain::FabricationErrors& errors) {
  Device::Fabricated& last = *device.fabricated;
  if (last.structure && last.errors == errors) return last.structure;
  if (!device.lattice->TwoDimensional()) {
    last = {errors,
            std::make_shared<const domain::Structure>(FabricatedStructureOf(options, errors))};
  } else {
    domain::StructureLayer layer = device.structure->LayerAt(0);
    layer.regions = domain::Fabricate(layer.regions, errors);
    last = {errors, std::make_shared<const domain::Structure>(std::move(layer))};
  }
  return last.structure;
}

/// d n_eff / d thickness [1/um] of the slab materials.
std::map<std::string, Complex> IndexPerFilm(const deck::DeviceOptions& options, double wavelength,
                                            double thickness_bias) {
  constexpr double kStep = 1e-4;  // um
  std::map<std::string, Complex> slopes;
  for (const auto& [name, material] : options.materials) {
    if (!material.slab) continue;
    slopes[name] = (MaterialIndex(options, name, wavelength, thickness_bias + kStep, 0) -
                    MaterialIndex(options, name, wavelength, thickness_bias - kStep, 0)) /
                   (2 * kStep);
  }
  return slopes;
}

}  // namespace

domain::PermittivityMap MediaAt(const Device& device, const deck::DeviceOptions& options,
                                double wavelength, const domain::FabricationErrors& given) {
  domain::FabricationErrors errors = given;
  errors.local_extent = BetweenPorts(device);
  domain::FrequencyMedia media;
  media.structure = FabricatedStructure(device, options, errors);
  media.materials = MaterialTable(options, wavelength, errors.thickness_bias);
  for (const auto& [name, material] : options.materials) {
    if (!material.diagonal) continue;
    const auto& eps = *material.diagonal;
    media.diagonal[name] = {eps[0], eps[1], eps[2]};
  }
  media.background = device.background;
  media.mirror_symmetric = device.mirror_symmetric && !errors.Local();
  if (errors.index_sigma > 0) {
    media.index_error = domain::LocalError(errors, errors.index_sigma, domain::IndexField(errors));
  }
  if (errors.thickness_sigma > 0 && device.lattice->TwoDimensional()) {
    media.film_error =
        domain::LocalError(errors, errors.thickness_sigma, domain::ThicknessField(errors));
    media.index_per_film = IndexPerFilm(options, wavelength, errors.thickness_bias);
  }
  return domain::MakePermittivityMap(*device.lattice, media);
}

}  // namespace symwave::jobs::device
