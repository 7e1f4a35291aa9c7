#include "solvers/fdtd/mode_chain.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/mode_doubts.hpp"
#include "solvers/fdtd/port_window.hpp"
#include "solvers/modes/leak.hpp"
#include "solvers/modes/mode_demand.hpp"

namespace symwave::solvers::fdtd {

using modes::Complex;
using modes::WaveguideMode;

namespace {

/// Share of its amplitude that a mode has in the one which continues it at the next frequency:
/// below the first it is becoming another mode, below the second it is another one.
constexpr double kSmooth = 0.8;
constexpr double kLost = 0.5;

void Scale(WaveguideMode& mode, Complex factor) {
  for (auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    for (Complex& value : *field) value *= factor;
  }
}

class Follower {
 public:
  Follower(const domain::Lattice& lattice, const domain::MediumMap& media,
           const domain::PlanePort& port, const domain::PortPlane& plane,
           const std::vector<double>& at)
      : lattice_(lattice), media_(media), port_(port), plane_(plane), at_(at) {
    solution_.at = at;
    solution_.modes.resize(at.size());
  }

  ModeSpectrum::Solution Follow(const std::vector<std::vector<WaveguideMode>>& found) {
    const size_t middle = at_.size() / 2;
    Choose(found[middle]);
    for (size_t k = middle + 1; k < at_.size(); ++k) GoOn(k - 1, k, found[k]);
    for (size_t k = middle; k-- > 0;) GoOn(k + 1, k, found[k]);
    for (const std::string& doubt : DoubtsOfBand(port_, at_, solution_.modes)) {
      solution_.followed_doubts.push_back(doubt);
    }
    return std::move(solution_);
  }

 private:
  double Wavelength(size_t k) const { return 2 * M_PI / at_[k]; }

  /// The modes of the middle of the band.
  void Choose(const std::vector<WaveguideMode>& found) {
    const size_t middle = at_.size() / 2;
    std::vector<int> places;
    for (size_t m = 0; m < port_.modes.size(); ++m) {
      const int place = modes::PlaceOf(port_.modes[m], found);
      if (place < 0) NoSuchMode(m, middle, found, nullptr);
      RequireGuided(m, middle, found, found[static_cast<size_t>(place)]);
      const auto same = std::find(places.begin(), places.end(), place);
      if (same != places.end()) {
        base::Fail(
            "{}: its modes {} and {} are one and the same, of effective index {:.5g}: leave "
            "one of them out",
            Who(port_), port_.modes[static_cast<size_t>(same - places.begin())].Text(),
            port_.modes[m].Text(), found[static_cast<size_t>(place)].n_eff.real());
      }
      places.push_back(place);
      solution_.modes[middle].push_back(found[static_cast<size_t>(place)]);
    }
    solution_.chosen_doubts = DoubtsOfChoice(port_, found, places, at_[middle]);
  }

  /// Those of `found` that continue the modes at the neighbouring frequency, the surest first, each
  /// another one, with the sign of its predecessor.
  void GoOn(size_t from, size_t to, const std::vector<WaveguideMode>& found) {
    const std::vector<WaveguideMode>& before = solution_.modes[from];
    std::vector<std::vector<Complex>> shares;
    for (const WaveguideMode& mode : before) {
      shares.emplace_back();
      for (const WaveguideMode& other : found) shares.back().push_back(Share(mode, other));
    }
    solution_.modes[to].resize(before.size());
    std::vector<bool> followed(before.size(), false), taken(found.size(), false);
    for (size_t n = 0; n < before.size(); ++n) {
      size_t mode = before.size(), next = 0;
      for (size_t m = 0; m < before.size(); ++m) {
        for (size_t k = 0; k < found.size() && !followed[m]; ++k) {
          if (taken[k]) continue;
          const bool better =
              mode == before.size() || std::abs(shares[m][k]) > std::abs(shares[mode][next]);
          if (better) mode = m, next = k;
        }
      }
      if (mode == before.size()) {
        const auto lost = std::find(followed.begin(), followed.end(), false) - followed.begin();
        NoSuchMode(static_cast<size_t>(lost), to, found, nullptr);
      }
      followed[mode] = taken[next] = true;
      CheckShare(mode, from, to, std::abs(shares[mode][next]));
      RequireGuided(mode, to, found, found[next]);
      solution_.modes[to][mode] = found[next];
      if (shares[mode][next].real() < 0) Scale(solution_.modes[to][mode], -1.0);
    }
  }

  Complex Share(const WaveguideMode& a, const WaveguideMode& b) const {
    const double norm =
        std::abs(ModeOverlap(lattice_, a, a)) * std::abs(ModeOverlap(lattice_, b, b));
    return ModeOverlap(lattice_, a, b) / std::sqrt(norm);
  }

  void CheckShare(size_t m, size_t from, size_t to, double share) {
    if (share >= kSmooth) return;
    const std::string sentence = fmt::format(
        "{}: of its mode {} at {:.4g} um the modes at {:.4g} um, where it was solved next, hold "
        "{:.2f} "
        "of the amplitude at most: between them it becomes another one; give more wavelengths, or "
        "run the band in parts",
        Who(port_), port_.modes[m].Text(), Wavelength(from), Wavelength(to), share);
    if (share < kLost) throw base::UserError(sentence);
    solution_.followed_doubts.push_back(sentence);
  }

  void RequireGuided(size_t m, size_t k, const std::vector<WaveguideMode>& found,
                     const WaveguideMode& mode) const {
    if (!mode.guided) NoSuchMode(m, k, found, &mode);
  }

  [[noreturn]] void NoSuchMode(size_t m, size_t k, const std::vector<WaveguideMode>& found,
                               const WaveguideMode* leaky) const {
    std::string reason;
    if (port_.modes[m].Named()) reason = "its modes are " + modes::TableOf(found) + "; ";
    // Of those behind the guided ones the table says enough.
    if (leaky && (!port_.modes[m].Named() || !found.front().guided)) {
      reason += modes::LeakReason(lattice_, *leaky);
    }
    base::Fail("{} has no guided mode {} at a wavelength of {:.4f} um: {}{}", Who(port_),
               port_.modes[m].Text(), Wavelength(k), reason,
               GuidesInWindow(MPI_COMM_SELF, lattice_, media_, port_, plane_, at_[at_.size() / 2])
                   .WhyNoMode());
  }

  const domain::Lattice& lattice_;
  const domain::MediumMap& media_;
  const domain::PlanePort& port_;
  const domain::PortPlane& plane_;
  const std::vector<double>& at_;
  ModeSpectrum::Solution solution_;
};

}  // namespace

ModeSpectrum::Solution FollowModes(const domain::Lattice& lattice, const domain::MediumMap& media,
                                   const domain::PlanePort& port, const domain::PortPlane& plane,
                                   const std::vector<double>& at,
                                   const std::vector<std::vector<WaveguideMode>>& found) {
  return Follower(lattice, media, port, plane, at).Follow(found);
}

}  // namespace symwave::solvers::fdtd
