#include "solvers/fdtd/mode_chain.hpp"

#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/port_window.hpp"
#include "solvers/modes/leak.hpp"

namespace symwave::solvers::fdtd {

using modes::Complex;
using modes::WaveguideMode;

namespace {

void Scale(WaveguideMode& mode, Complex factor) {
  for (auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    for (Complex& value : *field) value *= factor;
  }
}

/// The modes of `found` that continue those of `before`, each another one, with the sign of its
/// predecessor.
std::vector<WaveguideMode> Continue(const domain::Lattice& lattice,
                                    const std::vector<WaveguideMode>& before,
                                    std::vector<WaveguideMode> found) {
  std::vector<WaveguideMode> continued;
  std::vector<bool> taken(found.size(), false);
  for (const WaveguideMode& mode : before) {
    Complex best = 0;
    size_t choice = found.size();
    for (size_t k = 0; k < found.size(); ++k) {
      const Complex overlap = ModeOverlap(lattice, mode, found[k]);
      if (taken[k] || std::abs(overlap) <= std::abs(best)) continue;
      best = overlap;
      choice = k;
    }
    if (choice == found.size()) break;
    taken[choice] = true;
    continued.push_back(found[choice]);
    if (best.real() < 0) Scale(continued.back(), -1.0);
  }
  return continued;
}

/// `why_none()` says why a window has no mode.
template <class Why>
void CheckGuided(const domain::PlanePort& port, const std::vector<WaveguideMode>& modes,
                 double omega, Why&& why_none) {
  for (size_t m = 0; m < port.modes.size(); ++m) {
    if (m < modes.size() && modes[m].guided) continue;
    std::string reason;
    if (m < modes.size()) {
      reason = modes::LeakReason(modes[m].n_eff.real(), modes[m].edge_index, modes[m].edge);
    }
    base::Fail("{}port '{}' has no guided mode {} at a wavelength of {:.4f} um: {}{}",
               port.where.empty() ? "" : port.where + ": ", port.name, port.modes[m],
               2 * M_PI / omega, reason, why_none());
  }
}

}  // namespace

ModeSpectrum::Solution FollowModes(const domain::Lattice& lattice, const domain::MediumMap& media,
                                   const domain::PlanePort& port, const domain::PortPlane& plane,
                                   const std::vector<double>& at,
                                   std::vector<std::vector<WaveguideMode>> found) {
  const size_t middle = at.size() / 2;
  const auto why_none = [&] {
    return GuidesInWindow(MPI_COMM_SELF, lattice, media, port, plane, at[middle]).WhyNoMode();
  };
  ModeSpectrum::Solution solution;
  solution.at = at;
  solution.modes.resize(at.size());
  for (const int index : port.modes) {
    if (index < static_cast<int>(found[middle].size())) {
      solution.modes[middle].push_back(found[middle][static_cast<size_t>(index)]);
    }
  }
  CheckGuided(port, solution.modes[middle], at[middle], why_none);
  const auto go_on = [&](size_t from, size_t to) {
    solution.modes[to] = Continue(lattice, solution.modes[from], std::move(found[to]));
    CheckGuided(port, solution.modes[to], at[to], why_none);
  };
  for (size_t k = middle + 1; k < at.size(); ++k) go_on(k - 1, k);
  for (size_t k = middle; k-- > 0;) go_on(k + 1, k);
  return solution;
}

}  // namespace symwave::solvers::fdtd
