// From a deck to the device that is solved, by either solver: lattice, structure, ports and
// trainable elements.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "domain/elements.hpp"
#include "domain/fabrication.hpp"
#include "domain/frequency_media.hpp"
#include "domain/lattice.hpp"
#include "domain/plane_port.hpp"
#include "domain/structure.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/resolution.hpp"
#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/line_mode.hpp"

namespace symwave::jobs::device {

/// The device as designed.
struct Device {
  std::shared_ptr<const domain::Lattice> lattice;
  std::shared_ptr<const domain::Structure> structure;
  std::string background;
  std::vector<domain::PlanePort> ports;  ///< of a network: all inputs, then all outputs
  int inputs = 0;                        ///< of a network: ports that are launched
  std::vector<domain::Element> elements;
  bool mirror_symmetric = false;               ///< what is drawn, about x = 0
  std::vector<MaterialResolution> resolution;  ///< of what stands on the grid, coarsest first
  /// The outlines that were fabricated last, with their errors.
  struct Fabricated {
    domain::FabricationErrors errors;
    std::shared_ptr<const domain::Structure> structure;
  };
  std::shared_ptr<Fabricated> fabricated = std::make_shared<Fabricated>();
  /// Modes of the ports that checks and runs have found so far on this rank.
  std::shared_ptr<solvers::fdfd::KnownLines> known_modes =
      std::make_shared<solvers::fdfd::KnownLines>();
};

/// UserError with file:line where the chip's measures or the shapes make no sense, where the cells
/// do not resolve the light in a material (jobs/device/resolution.hpp), and where a port has no
/// place.
Device BuildDevice(const deck::DeviceOptions& options);

/// eps of every material at one wavelength; `thickness_bias` is added to the film of slab
/// materials. UserError: outside a fit's range, a film that guides no such mode, circular
/// definitions.
domain::PermittivityTable MaterialTable(const deck::DeviceOptions& options, double wavelength,
                                        double thickness_bias = 0);

/// What stands on the lattice at one wavelength, with fabrication errors. It stays
/// mirror-symmetric to the last bit when the design is and no local error is switched on.
domain::PermittivityMap MediaAt(const Device& device, const deck::DeviceOptions& options,
                                double wavelength, const domain::FabricationErrors& errors = {});

/// The deck's solver section in the solver's own terms.
solvers::fdfd::DirectSolverOptions SolverOptionsOf(const deck::DeviceOptions& options);

}  // namespace symwave::jobs::device
