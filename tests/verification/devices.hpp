// Small devices that several verification tests share.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "domain/regions.hpp"
#include "domain/uniform_lattice.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::verification {

using domain::Boundary;
using domain::Complex;
using domain::Direction;
using domain::Polarization;

inline domain::FrequencyMedia MediaOf(const std::vector<domain::Shape>& shapes,
                                      const domain::PermittivityTable& materials,
                                      const std::string& background = "clad") {
  domain::FrequencyMedia media;
  domain::StructureLayer layer;
  layer.base = background;
  layer.regions = domain::ComposeRegions(shapes);
  media.structure = std::make_shared<const domain::Structure>(std::move(layer));
  media.materials = materials;
  media.background = background;
  return media;
}

inline domain::Shape BoxShape(double x0, double x1, double y0, double y1,
                              const std::string& material = "core") {
  return {domain::Box{{0.5 * (x0 + x1), 0.5 * (y0 + y1)}, {x1 - x0, y1 - y0}}, material, "test"};
}

inline domain::PlanePort PortAt(const std::string& name, double x, double y, Direction faces,
                                double span) {
  domain::PlanePort port;
  port.name = name;
  port.at = {x, y, 0};
  port.faces = faces;
  port.span = {span, span};
  return port;
}

inline domain::UniformLatticeOptions GridOf(Polarization polarization, double cell, double size_x,
                                            double size_y, double pml = 1.0) {
  domain::UniformLatticeOptions options;
  options.polarization = polarization;
  options.cell = cell;
  options.size = {size_x, size_y};
  options.pml = pml;
  return options;
}

/// A guide between two walls along y, filled layer by layer along x: the exact one-dimensional
/// problem of stratified media, at normal incidence (mode 0 between "magnetic" walls of no flux) or
/// oblique (mode m: two plane waves at sin(theta) = m pi / (W k)).
struct Layered {
  domain::UniformLatticeOptions grid;
  domain::FrequencyMedia media;
  std::vector<domain::PlanePort> ports;
};

/// Layer boundaries at x; index left of the first boundary is n_first.
inline Layered MakeLayered(Polarization polarization, double cell, double height, double n_first,
                           const std::vector<std::pair<double, double>>& x_and_index,
                           double half_length, int mode) {
  Layered device;
  device.grid = GridOf(polarization, cell, 2 * half_length, height, 2.0);
  // No flux through the walls: PMC for Ez, PEC for Hz.
  device.grid.boundary[1] = polarization == Polarization::Ez ? Boundary::Pmc : Boundary::Pec;
  std::vector<domain::Shape> shapes;
  domain::PermittivityTable materials{{"clad", n_first * n_first}};
  for (const auto& [x, index] : x_and_index) {
    const std::string name = "layer" + std::to_string(shapes.size());
    materials[name] = index * index;
    shapes.push_back(BoxShape(x, half_length + 10, -height, height, name));
  }
  device.media = MediaOf(shapes, materials);
  const double place = half_length - 4 * cell;
  device.ports = {PortAt("left", -place, 0, Direction::PlusX, height),
                  PortAt("right", place, 0, Direction::MinusX, height)};
  for (auto& port : device.ports) port.modes = {mode};
  return device;
}

inline solvers::fdfd::Scattering SolveDevice(MPI_Comm comm,
                                             const domain::UniformLatticeOptions& options,
                                             const domain::FrequencyMedia& media,
                                             const std::vector<domain::PlanePort>& ports,
                                             double wavelength) {
  const domain::Lattice lattice = domain::UniformLattice(options);
  solvers::fdfd::Simulation simulation(comm, lattice, {});
  return simulation.Solve(wavelength, domain::MakePermittivityMap(lattice, media), ports);
}

}  // namespace symwave::verification
