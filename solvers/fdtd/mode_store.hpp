// Modes of planes that have been solved.
#pragma once

#include <map>
#include <vector>

#include "solvers/modes/mode_demand.hpp"

namespace symwave::solvers::fdtd {

/// What checks and the run of one problem, that is of one lattice and its media, find of its ports
/// one after the other. Every rank has an object of its own, which holds what this rank has solved
/// for SolveSpectra.
class ModeStore {
 public:
  /// What decides on the modes, beside lattice and media.
  struct Request {
    modes::WaveguidePlane plane;
    double omega = 0;
    double dt = 0;
    modes::ModeDemand demand;
  };

  bool Has(const Request& request) const;
  /// As many as the demand needs, or all there are, as SolveWaveguide gives them.
  std::vector<modes::WaveguideMode> Of(const Request& request) const;
  /// Keeps them unless what is kept takes much memory already.
  void Add(const Request& request, const std::vector<modes::WaveguideMode>& modes);
  /// Planes that have been added, at one frequency each.
  long Solved() const { return solved_; }

 private:
  struct Known {
    int count = 0;  ///< solved for
    std::vector<modes::WaveguideMode> modes;
  };
  /// All of a request but the demand.
  using Key = std::vector<double>;
  static Key KeyOf(const Request& request);

  std::map<Key, Known> known_;
  double bytes_ = 0;
  long solved_ = 0;
};

}  // namespace symwave::solvers::fdtd
