// Many wavelengths of one device, dealt to groups of ranks.
#pragma once

#include <functional>
#include <vector>

#include "domain/base/rank_groups.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::solvers::fdfd {

/// A direct solver gains little from more ranks than its memory asks for, wavelengths share
/// nothing: as many groups of ranks as possible solve one each. All members are collective on
/// groups.World().
class Sweep {
 public:
  using MediaAt = std::function<domain::PermittivityMap(double wavelength)>;
  /// Wavelengths number first, first + 1 ... of the list, in order; the same on every rank. False
  /// ends the sweep. Called on all ranks, so that it may communicate and write.
  using Solved = std::function<bool(size_t first, const std::vector<Scattering>& points)>;

  /// The groups must outlive the object. `known` and UserError as Simulation.
  Sweep(const base::RankGroups& groups, const domain::Lattice& lattice,
        const DirectSolverOptions& options,
        std::shared_ptr<KnownLines> known = std::make_shared<KnownLines>());

  /// As many wavelengths at a time as there are groups; `solved` is called after each time. With
  /// Keep::Fields OfGroup() has the fields of its wavelength until then. UserError on all ranks,
  /// that of the first wavelength which has one.
  void Solve(const std::vector<double>& wavelengths, const MediaAt& media_at,
             const std::vector<domain::PlanePort>& ports, const Solved& solved,
             Keep keep = Keep::Nothing);
  /// The last solution of this rank's group: wavelength groups.GroupOf(k) of the present ones.
  const Simulation& OfGroup() const { return simulation_; }

  /// Of all groups so far.
  SolverStatistics Statistics() const;

 private:
  const base::RankGroups& groups_;
  Simulation simulation_;
};

}  // namespace symwave::solvers::fdfd
