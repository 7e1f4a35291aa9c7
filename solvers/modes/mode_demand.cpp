#include "solvers/modes/mode_demand.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace symwave::solvers::modes {

using domain::ModeChoice;

namespace {

/// Between walls all modes may be guided.
constexpr int kMostModes = 100;
/// Modes of a table.
constexpr size_t kRows = 12;

}  // namespace

ModeDemand ModeDemand::Of(const std::vector<ModeChoice>& choices, int spare) {
  ModeDemand demand;
  demand.spare = spare;
  for (const ModeChoice& choice : choices) {
    const int needed = choice.order + 1;
    if (!choice.Named()) demand.count = std::max(demand.count, needed + spare);
    if (choice.kind == ModeChoice::Kind::TE) demand.te = std::max(demand.te, needed);
    if (choice.kind == ModeChoice::Kind::TM) demand.tm = std::max(demand.tm, needed);
  }
  return demand;
}

int ModeDemand::First() const {
  // One kind has about as many modes as the other.
  const int named = 2 * std::max(te, tm);
  return std::max(count, named > 0 ? named + spare : 0);
}

int ModeDemand::Leading(const std::vector<WaveguideMode>& modes) const {
  int found_te = 0, found_tm = 0, last = 0;
  for (size_t k = 0; k < modes.size(); ++k) {
    int& found =
        ModeChoice(ModeChoice::Kind::TE, 0).Takes(modes[k].te_fraction) ? found_te : found_tm;
    const bool needed = &found == &found_te ? found < te : found < tm;
    ++found;
    if (needed) last = static_cast<int>(k) + 1 + spare;
  }
  const int leading = std::max(count, last);
  const bool all = found_te >= te && found_tm >= tm && leading <= static_cast<int>(modes.size());
  return all ? leading : 0;
}

bool ModeDemand::MetBy(const std::vector<WaveguideMode>& modes, int solved) const {
  if (solved < count) return false;
  const auto found = static_cast<int>(modes.size());
  const bool exhausted = found < solved || found >= kMostModes || !modes.back().guided;
  return Leading(modes) > 0 || exhausted;
}

int PlaceOf(const ModeChoice& choice, const std::vector<WaveguideMode>& modes) {
  int before = 0;
  for (size_t k = 0; k < modes.size(); ++k) {
    if (!choice.Takes(modes[k].te_fraction)) continue;
    if (before == choice.order) return static_cast<int>(k);
    ++before;
  }
  return -1;
}

std::vector<WaveguideMode> SolveDemand(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media, const WaveguidePlane& plane,
                                       double omega, double dt, const ModeDemand& demand) {
  int count = demand.First();
  while (true) {
    auto modes = SolveWaveguide(comm, lattice, media, plane, omega, dt, count);
    if (demand.MetBy(modes, count)) return modes;
    count = std::min(kMostModes, 2 * count);
  }
}

std::string TableOf(const std::vector<WaveguideMode>& modes) {
  std::string table;
  for (size_t k = 0; k < modes.size(); ++k) {
    if (k == kRows) return table + fmt::format("; {} more", modes.size() - k);
    table += fmt::format("{}{}: n_eff {:.5g}, TE fraction {:.2f}{}", k == 0 ? "" : "; ", k,
                         modes[k].n_eff.real(), modes[k].te_fraction,
                         modes[k].guided ? "" : ", not guided");
    if (!modes[k].guided) break;
  }
  return table;
}

}  // namespace symwave::solvers::modes
