#include "solvers/fdfd/sweep.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/packing.hpp"
#include "solvers/fdfd/scattering_message.hpp"
#include "solvers/fdfd/solver_statistics.hpp"

namespace symwave::solvers::fdfd {

Sweep::Sweep(const base::RankGroups& groups, const domain::Lattice& lattice,
             const DirectSolverOptions& options, std::shared_ptr<KnownLines> known)
    : groups_(groups), simulation_(groups.Group(), lattice, options, std::move(known)) {}

void Sweep::Solve(const std::vector<double>& wavelengths, const MediaAt& media_at,
                  const std::vector<domain::PlanePort>& ports, const Solved& solved, Keep keep) {
  const auto at_once = static_cast<size_t>(groups_.Count());
  for (size_t first = 0; first < wavelengths.size(); first += at_once) {
    const size_t count = std::min(at_once, wavelengths.size() - first);
    const auto packed =
        groups_.Work(static_cast<long>(count), [&](long item, base::Packer& packer) {
          const double wavelength = wavelengths[first + static_cast<size_t>(item)];
          Pack(simulation_.Solve(wavelength, media_at(wavelength), ports, keep), packer);
        });
    std::vector<Scattering> points;
    for (const auto& bytes : packed) {
      base::Unpacker point(bytes);
      points.push_back(UnpackScattering(point));
    }
    if (!solved(first, points)) return;
  }
}

SolverStatistics Sweep::Statistics() const {
  return OfAllGroups(groups_, simulation_.Statistics());
}

}  // namespace symwave::solvers::fdfd
