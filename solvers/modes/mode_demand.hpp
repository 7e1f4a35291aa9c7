// How many of a plane's modes must be solved until those that a port means are among them.
#pragma once

#include <string>
#include <vector>

#include "domain/mode_choice.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::modes {

/// Modes in the order of falling effective index, as SolveWaveguide gives them.
struct ModeDemand {
  int count = 1;       ///< at least so many
  int te = 0, tm = 0;  ///< of them so many of each kind
  int spare = 0;       ///< and so many more behind the last that the kinds need

  /// What `choices` need, and `spare` modes more.
  static ModeDemand Of(const std::vector<domain::ModeChoice>& choices, int spare);

  /// Modes to begin with.
  int First() const;
  /// The smallest number of leading modes that hold what is asked for; 0 where these do not.
  int Leading(const std::vector<WaveguideMode>& modes) const;
  /// Nothing is gained by solving more than these, which are all of `solved` that were asked for:
  /// they suffice, or end in modes that are not guided, or are very many.
  bool MetBy(const std::vector<WaveguideMode>& modes, int solved) const;
};

/// Place among `modes` of the one that is meant; -1 where they do not hold it.
int PlaceOf(const domain::ModeChoice& choice, const std::vector<WaveguideMode>& modes);

/// SolveWaveguide with as many modes as the demand needs; collective.
std::vector<WaveguideMode> SolveDemand(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media, const WaveguidePlane& plane,
                                       double omega, double dt, const ModeDemand& demand);

/// "0: n_eff 2.4455, TE fraction 0.98; ...": the guided ones and the first that is not.
std::string TableOf(const std::vector<WaveguideMode>& modes);

}  // namespace symwave::solvers::modes
