// Where the monitors of a deck stand on the lattice: all of them but their fields.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/face.hpp"
#include "solvers/fdtd/near_to_far.hpp"

namespace symwave::jobs::simulate::time {

struct PlacedDft {
  std::string name;
  domain::IndexBox box;
  std::vector<domain::Component> components;
  /// What of it is recorded: the box and what its field files need around it; without these what
  /// the report shows of the first monitor, and nothing of the others.
  std::vector<domain::IndexBox> parts;
  std::vector<double> wavelengths;
};

struct PlacedFlux {
  std::string name;
  double mirror_copies = 1;  ///< power of the whole over that of the computed part
  bool box = false;
  std::vector<solvers::fdtd::Face> faces;
};

struct PlacedProbe {
  std::string name;
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  bool resonances = false;
};

struct PlacedFarField {
  std::string name;
  deck::FarFieldOptions options;
  std::vector<solvers::fdtd::Face> faces;
  solvers::fdtd::Outside outside;
};

struct PlacedDiffraction {
  std::string name;
  solvers::fdtd::Face face;
  double plane = 0;  ///< as given [um]
  domain::Medium medium;
};

using PlacedMonitor =
    std::variant<PlacedDft, PlacedFlux, PlacedProbe, PlacedFarField, PlacedDiffraction>;

/// In the order of the deck, from the lattice and the media alone: takes no more memory than planes
/// of media. UserError with file:line for a monitor that does not fit into the lattice. Not
/// collective.
std::vector<PlacedMonitor> PlaceMonitors(const deck::SimulateOptions& options,
                                         const device::TimeDomainProblem& problem);

/// The components that a lattice carries.
std::vector<domain::Component> AllComponents(const domain::Lattice& lattice);

/// The middle of a box of nodes [um].
std::array<double, 3> MiddleOf(const domain::Lattice& lattice, const domain::IndexBox& box);

}  // namespace symwave::jobs::simulate::time
