// The same deck on wider cells: what geometry and guides show does not need all of a large grid.
#pragma once

#include <optional>

#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::device {

/// The deck with all its cells `factor` times as wide.
template <class Options>
Options WithCells(Options options, double factor) {
  for (double& cell : options.grid.cell) cell *= factor;
  for (deck::Refinement& part : options.grid.refine) part.cell *= factor;
  return options;
}

/// Such a deck, and what it builds.
struct CoarseTwin {
  double factor = 1;
  deck::SimulateOptions options;  ///< with its cells: what is built anew of them has as few
  TimeDomainProblem problem;
};

/// For checks that look at the media of every cell, where there are more than a few million.
/// Nothing hides between wider cells: their media are averages over all that they hold. Not
/// collective, the same on every rank. None where the deck's own grid is small enough, or where no
/// such twin can be built.
std::optional<CoarseTwin> TwinForScans(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem);

/// Whether the window of a port has more than twenty thousand points. Not collective.
bool HasLargePorts(const TimeDomainProblem& problem);

/// For checks that solve the modes of ports, where HasLargePorts.
std::optional<CoarseTwin> TwinForPorts(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem);

}  // namespace symwave::jobs::device
