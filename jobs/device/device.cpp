#include "jobs/device/device.hpp"

#include <algorithm>
#include <memory>

#include "domain/base/error.hpp"
#include "domain/lattice.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/device/media.hpp"
#include "jobs/device/resolution.hpp"
#include "solvers/modes/slab.hpp"

namespace symwave::jobs::device {

namespace {

using domain::Complex;

constexpr int kDeepestDefinition = 16;  // slabs of slabs of ...

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
  std::array<double, 2> extent{device.grid.X().Faces().front(), device.grid.X().Faces().back()};
  const double margin = 2 * device.grid.X().Width(0);
  for (const domain::Port& port : device.ports) {
    if (port.faces == domain::Facing::PlusX) extent[0] = std::max(extent[0], port.at.x + margin);
    if (port.faces == domain::Facing::MinusX) extent[1] = std::min(extent[1], port.at.x - margin);
  }
  return extent;
}

domain::BlockLayout ChipLayout(const deck::DeviceOptions& options) {
  try {
    return domain::MakeBlockLayout(*options.chip, options.background);
  } catch (const base::UserError& error) {
    base::Fail("{}: chip: {}", options.chip_where, error.what());
  }
}

}  // namespace

Device BuildDevice(const deck::DeviceOptions& options) {
  domain::GridOptions grid = deck::FrequencyDomainGrid(options.grid);
  std::vector<domain::Shape> shapes(options.shapes.begin(), options.shapes.end());
  domain::BlockLayout chip;
  if (!options.chip) deck::RequireCellCount(options.grid, options.grid.size, false);
  const std::array<AxisPlacement, 3> placement = PlaceLattice(options);
  for (int axis = 0; axis < 2; ++axis) {
    if (!placement[axis].node) continue;
    // Ez has its nodes at the centres of the grid's cells.
    const bool centres = grid.polarization == domain::Polarization::Ez;
    grid.face[axis] = *placement[axis].node + (centres ? 0.5 * grid.cell : 0.0);
  }
  if (options.chip) {
    chip = ChipLayout(options);
    grid.size = chip.size;
    deck::RequireCellCount(options.grid, {chip.size[0], chip.size[1]}, false);
    shapes.insert(shapes.begin(), chip.shapes.begin(), chip.shapes.end());
  }
  Device device{domain::Grid(grid),
                domain::ComposeRegions(shapes),
                options.background,
                {},
                0,
                {},
                {},
                false,
                {}};
  for (const deck::PortOptions& port : options.ports) device.ports.push_back(deck::LinePort(port));
  if (options.chip) {
    device.ports = chip.inputs;
    device.ports.insert(device.ports.end(), chip.outputs.begin(), chip.outputs.end());
    for (domain::Port& port : device.ports) {
      port.where = options.chip_where;
      // The program places these, on centres of cells: nothing has to be carried to their planes.
      port.at.x = device.grid.X().Centre(domain::LocatePort(device.grid, port).plane);
    }
    device.inputs = static_cast<int>(chip.inputs.size());
    device.segments = chip.segments;
    device.strips = chip.strips;
    device.mirror_symmetric = options.shapes.empty();
  }
  device.resolution = ResolutionOf(options, domain::LatticeOf(device.grid), {LayerOf(device)});
  RequireResolution(options.grid.where, device.resolution);
  for (const domain::Port& port : device.ports) domain::LocatePort(device.grid, port);
  return device;
}

domain::StructureLayer LayerOf(const Device& device) {
  domain::StructureLayer layer;
  layer.base = device.background;
  layer.regions = device.regions;
  return layer;
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

domain::Layout MakeLayout(const Device& device, const deck::DeviceOptions& options,
                          double wavelength, const domain::FabricationErrors& given) {
  domain::FabricationErrors errors = given;
  errors.local_extent = BetweenPorts(device);
  domain::Layout layout;
  layout.regions = domain::Fabricate(device.regions, errors);
  layout.materials = MaterialTable(options, wavelength, errors.thickness_bias);
  layout.background = device.background;
  layout.mirror_symmetric =
      device.mirror_symmetric && errors.roughness == 0 && errors.index_sigma == 0;
  if (errors.index_sigma > 0) {
    const auto field = std::make_shared<domain::RandomField>(domain::IndexField(errors));
    layout.index_error = [field, errors](double x, double y) {
      const double share = errors.index_sigma * domain::LocalShare(errors, x);
      return share == 0 ? 0.0 : share * (*field)(x, y);
    };
  }
  return layout;
}

}  // namespace symwave::jobs::device
