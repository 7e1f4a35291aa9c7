// A device cut across its guides into fixed parts, each on a lattice of its own.
//
// Across a cut only the guided modes of its guides travel, and parts that lie side by side have no
// light in common: what is radiated from one part into another, and what decays from one into
// another, is left out. Elements lie at the cuts.
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "domain/plane_port.hpp"
#include "solvers/fdfd/programmable_device.hpp"

namespace symwave::training::chip {

/// A plane across guides along x. Between two nodes, each part ends at its own one: a plane in the
/// middle of the lattice leaves mirrored parts.
struct Cut {
  double x = 0;                           ///< um
  std::vector<domain::PlanePort> guides;  ///< there, facing +x, of one mode each
  bool elements = true;                   ///< whether elements lie there
};

/// What lies between two cuts, or a cut and an end of the device, within a range of y.
struct Part {
  size_t column = 0;  ///< between cut `column` - 1 and cut `column`
  /// um; infinite: as far as the device.
  std::array<double, 2> y{-std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::infinity()};
  std::vector<int> ports;        ///< numbers of the device's ports
  std::vector<int> left, right;  ///< guides of its cuts

  size_t Ports() const { return ports.size() + left.size() + right.size(); }
};

struct Composition {
  std::vector<Cut> cuts;    ///< by x
  std::vector<Part> parts;  ///< by column
};

/// Every column whole.
Composition WholeColumns(const std::vector<domain::PlanePort>& ports, std::vector<Cut> cuts);

/// Behind a cut, and beyond its range of y, the media of the part's last cells go on through a PML
/// as thick as that of the device. Ports: those of the device, then the guides of the left cut,
/// then those of the right one, into the part. UserError where it has no cells.
solvers::fdfd::DeviceDescription PartOf(const solvers::fdfd::DeviceDescription& device,
                                        const std::vector<Cut>& cuts, const Part& part);

/// The lattice of a part alone.
domain::Lattice LatticeOfPart(const domain::Lattice& device, const std::vector<Cut>& cuts,
                              const Part& part);

}  // namespace symwave::training::chip
