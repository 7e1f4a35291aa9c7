#include "solvers/fdtd/mode_doubts.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

namespace symwave::solvers::fdtd {

using domain::ModeChoice;
using modes::WaveguideMode;

namespace {

/// A TE fraction this near to one half names no kind.
constexpr double kUnclear = 0.1;
/// Difference of effective indices, relative, that cells of the usual size do not resolve.
constexpr double kNear = 1e-3;

std::string Hybrid(const domain::PlanePort& port, const ModeChoice& choice,
                   const WaveguideMode& mode, double omega) {
  return fmt::format(
      "{}: mode {} is a hybrid: a share of {:.2f} of its transverse |E|^2 lies along the first "
      "axis "
      "across at {:.4g} um, with an effective index of {:.5g}, so that TE and TM hardly tell it "
      "from others; choose modes by number (symwave check lists them), or make the guide's width "
      "and height more different and its walls upright",
      Who(port), choice.Text(), mode.te_fraction, 2 * M_PI / omega, mode.n_eff.real());
}

std::string NearPair(const domain::PlanePort& port, const ModeChoice& choice,
                     const WaveguideMode& mode, const WaveguideMode& other, double omega) {
  const double difference = std::abs(mode.n_eff.real() - other.n_eff.real());
  return fmt::format(
      "{}: mode {} (effective index {:.6g}, TE fraction {:.2f}) and one of the other polarization "
      "({:.6g}, {:.2f}) differ by {:.1g} in index at {:.4g} um: {}bends, slanted walls and rough "
      "cells exchange light between them",
      Who(port), choice.Text(), mode.n_eff.real(), mode.te_fraction, other.n_eff.real(),
      other.te_fraction, difference, 2 * M_PI / omega,
      choice.Named() ? ""
                     : "which comes first is up to the mesh, choose by polarization (modes: [TE0, "
                       "TM0]); ");
}

/// The mode of the other kind with the nearest effective index, where that is very near.
std::optional<size_t> NearOther(const std::vector<WaveguideMode>& found, size_t of) {
  const ModeChoice te(ModeChoice::Kind::TE, 0);
  std::optional<size_t> nearest;
  double least = kNear * std::abs(found[of].n_eff);
  for (size_t k = 0; k < found.size(); ++k) {
    if (te.Takes(found[k].te_fraction) == te.Takes(found[of].te_fraction)) continue;
    const double difference = std::abs(found[k].n_eff - found[of].n_eff);
    if (!found[k].guided || difference >= least) continue;
    least = difference;
    nearest = k;
  }
  return nearest;
}

}  // namespace

std::string Who(const domain::PlanePort& port) {
  return fmt::format("{}port '{}'", port.where.empty() ? "" : port.where + ": ", port.name);
}

std::vector<std::string> DoubtsOfChoice(const domain::PlanePort& port,
                                        const std::vector<WaveguideMode>& found,
                                        const std::vector<int>& places, double omega) {
  std::vector<std::string> doubts;
  std::vector<bool> told(found.size(), false);
  for (size_t m = 0; m < places.size(); ++m) {
    const auto place = static_cast<size_t>(places[m]);
    const WaveguideMode& mode = found[place];
    const ModeChoice& choice = port.modes[m];
    if (choice.Named() && std::abs(mode.te_fraction - 0.5) < kUnclear) {
      doubts.push_back(Hybrid(port, choice, mode, omega));
    }
    const std::optional<size_t> other = NearOther(found, place);
    if (!other || told[place]) continue;
    told[*other] = true;
    doubts.push_back(NearPair(port, choice, mode, found[*other], omega));
  }
  return doubts;
}

std::vector<std::string> DoubtsOfBand(const domain::PlanePort& port,
                                      const std::vector<double>& omegas,
                                      const std::vector<std::vector<WaveguideMode>>& followed) {
  std::vector<std::string> doubts;
  const size_t middle = omegas.size() / 2;
  for (size_t m = 0; m < port.modes.size(); ++m) {
    for (const size_t end : {size_t{0}, omegas.size() - 1}) {
      const double there = followed[end][m].te_fraction;
      if (port.modes[m].Takes(there)) continue;
      doubts.push_back(fmt::format(
          "{}: mode {} has a TE fraction of {:.2f} at {:.4g} um, in the middle of the band, and of "
          "{:.2f} at {:.4g} um: on the way its index comes so near to that of another mode that "
          "they exchange their fields; run the band in parts, or choose modes by number",
          Who(port), port.modes[m].Text(), followed[middle][m].te_fraction,
          2 * M_PI / omegas[middle], there, 2 * M_PI / omegas[end]));
      break;
    }
  }
  return doubts;
}

}  // namespace symwave::solvers::fdtd
