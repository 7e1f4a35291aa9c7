#include "training/chip/guide_phases.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/for_each_point.hpp"
#include "training/chip/chip_scale.hpp"
#include "training/chip/element_points.hpp"

namespace symwave::training::chip {

namespace modes = solvers::modes;

using domain::Complex;
using domain::Component;
using domain::Element;
using domain::Vector;
using solvers::FixedOptics;

namespace {

constexpr int kSamples = 9;     // of beta(dn), at Chebyshev's points
constexpr int kDegree = 6;      // of the polynomial through them
constexpr double kNone = 1e-6;  // a share that is none

/// The plane of a guide at its cut.
class GuidePlane {
 public:
  GuidePlane(const FixedOptics& optics, const domain::PlanePort& guide)
      : optics_(optics), guide_(guide), at_(domain::LocatePort(*optics.lattice, guide)) {}

  modes::WaveguideMode ModeOf(const domain::PermittivityMap& media) const {
    const modes::WaveguidePlane plane{at_.axis, at_.node, at_.box, {}, {}};
    const auto found =
        modes::SolveWaveguide(optics_.comm, *optics_.lattice, media, plane, optics_.omega, 1);
    if (found.empty() || !found.front().guided) {
      base::Fail(
          "solver.compose: the guide at x = {:.6g}, y = {:.6g} um, where the device is cut, guides "
          "no light",
          guide_.at[0], guide_.at[1]);
    }
    return found.front();
  }

  /// Profile of an element across the guide, in the middle of its way.
  double ProfileAt(const Element& element, Component c, const std::array<int, 3>& p) const {
    Vector place = PlaceOf(*optics_.lattice, c, p);
    const auto x = element.Extent(0);
    place[0] = 0.5 * (x[0] + x[1]);
    return element.Profile(place);
  }

  double ShareOf(const modes::WaveguideMode& mode, const Element& element) const {
    return IndexShare(optics_, mode, [&](Component c, const std::array<int, 3>& p) {
      return ProfileAt(element, c, p);
    });
  }

  /// beta with the index changed by `change` times the profile of an element. UserError with the
  /// element's place.
  double BetaWith(const Element& element, double change) const {
    const auto too_short = [&](const std::string& why) {
      return base::UserError(
          fmt::format("{}: {} where {} changes its index by {:.3g}, as a command of pi does; make "
                      "the element longer",
                      element.where, why, element.name, change));
    };
    std::vector<domain::PointChange> changes;
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      if (!optics_.lattice->Has(c)) continue;
      const std::vector<Complex> eps = optics_.media.sample(c, at_.box);
      domain::ForEachPoint(at_.box, [&](const std::array<int, 3>& p) {
        const double profile = ProfileAt(element, c, p);
        if (profile == 0) return;
        const Complex before = eps[static_cast<size_t>(at_.box.Offset(p[0], p[1], p[2]))];
        const Complex index = std::sqrt(before) + change * profile;
        if (!(index.real() > 0)) {
          throw too_short("solver.compose: a guide would have an index below zero");
        }
        changes.push_back({c, p, index * index - before});
      });
    }
    try {
      return ModeOf(domain::WithChanges(optics_.media, std::move(changes))).beta.real();
    } catch (const base::UserError& error) {
      throw too_short(error.what());
    }
  }

 private:
  const FixedOptics& optics_;
  domain::PlanePort guide_;
  domain::PortPlane at_;
};

/// Least squares of values - values(0) by powers 1 ... kDegree of x.
std::vector<double> FitPowers(const std::vector<double>& x, const std::vector<double>& values,
                              double at_zero) {
  Eigen::MatrixXd powers(x.size(), kDegree);
  Eigen::VectorXd right(x.size());
  for (size_t s = 0; s < x.size(); ++s) {
    const auto row = static_cast<Eigen::Index>(s);
    for (int k = 0; k < kDegree; ++k) powers(row, k) = std::pow(x[s], k + 1);
    right[row] = values[s] - at_zero;
  }
  const Eigen::VectorXd fit = powers.colPivHouseholderQr().solve(right);
  return {fit.data(), fit.data() + fit.size()};
}

}  // namespace

double DecayBeside(const FixedOptics& device, const domain::PlanePort& guide) {
  const modes::WaveguideMode mode = GuidePlane(device, guide).ModeOf(device.media);
  const domain::IndexBox& box = mode.plane.box;
  const Component c = device.lattice->Has(Component::Ez) ? Component::Ez : Component::Ex;
  const std::vector<Complex> eps = device.media.sample(c, box);
  const int height = (box.lo[2] + box.hi[2]) / 2;
  double least = std::numeric_limits<double>::infinity();
  for (const std::array<int, 2>& edge :
       {std::array<int, 2>{box.lo[0], box.lo[1]}, {box.hi[0] - 1, box.hi[1] - 1}}) {
    const Complex beside = eps[static_cast<size_t>(box.Offset(edge[0], edge[1], height))];
    least = std::min(least, (mode.beta * mode.beta - device.omega * device.omega * beside).real());
  }
  return std::sqrt(std::max(least, 0.0));
}

void RequireGuided(const FixedOptics& device, const Cut& cut, const std::vector<Element>& elements,
                   const std::vector<int>& mine, double largest) {
  if (mine.empty()) return;
  const Element& element = elements[static_cast<size_t>(mine.front())];
  const auto y = element.Extent(1);
  const auto off = [&](const domain::PlanePort& guide) {
    return std::abs(guide.at[1] - 0.5 * (y[0] + y[1]));
  };
  const auto own = std::min_element(cut.guides.begin(), cut.guides.end(),
                                    [&](const auto& a, const auto& b) { return off(a) < off(b); });
  const GuidePlane plane(device, *own);
  for (const double change : {largest, -largest}) plane.BetaWith(element, change);
}

GuidePhases::GuidePhases(const FixedOptics& device, const Cut& cut,
                         const std::vector<Element>& elements, const std::vector<int>& mine,
                         double largest) {
  const auto element = [&](size_t e) -> const Element& {
    return elements[static_cast<size_t>(mine[e])];
  };
  double own = 0, beta = 0;
  size_t reference_guide = 0, reference = 0;
  for (size_t g = 0; g < cut.guides.size(); ++g) {
    const GuidePlane plane(device, cut.guides[g]);
    const modes::WaveguideMode mode = plane.ModeOf(device.media);
    shares_.emplace_back();
    for (size_t e = 0; e < mine.size(); ++e) {
      shares_.back().push_back(plane.ShareOf(mode, element(e)));
      if (shares_.back().back() <= own * (1 + 1e-9)) continue;
      own = shares_.back().back();
      beta = mode.beta.real();
      reference_guide = g;
      reference = e;
    }
  }
  if (mine.empty()) return;
  if (!(own > 0)) {
    base::Fail("{}: element {} changes no guide of the cut at x = {:.6g} um", element(0).where,
               element(0).name, cut.x);
  }
  for (auto& shares : shares_) {
    for (double& share : shares) share = std::abs(share / own) < kNone ? 0 : share / own;
  }
  const GuidePlane plane(device, cut.guides[reference_guide]);
  std::vector<double> at, betas;
  for (int s = 0; s < kSamples; ++s) {
    at.push_back(std::cos(M_PI * (s + 0.5) / kSamples));
    betas.push_back(plane.BetaWith(element(reference), largest * at.back()));
  }
  dispersion_ = {FitPowers(at, betas, beta), largest};
  SampleProfiles(*device.lattice, elements, mine);
}

void GuidePhases::SampleProfiles(const domain::Lattice& lattice,
                                 const std::vector<Element>& elements,
                                 const std::vector<int>& mine) {
  profiles_.resize(mine.size());
  for (int i = 0; i < lattice.Cells(0); ++i) {
    const double x = lattice.HalfNode(0, i);
    std::vector<double> here;
    for (const int number : mine) {
      const Element& element = elements[static_cast<size_t>(number)];
      const auto along = element.Extent(0), across = element.Extent(1);
      Vector place{0.5 * (along[0] + along[1]), 0.5 * (across[0] + across[1]),
                   std::isfinite(element.z[0]) ? 0.5 * (element.z[0] + element.z[1]) : 0};
      const double middle = element.Profile(place);
      place[0] = x;
      here.push_back(middle > 0 ? element.Profile(place) / middle : 0);
    }
    if (std::all_of(here.begin(), here.end(), [](double p) { return p == 0; })) continue;
    widths_.push_back(lattice.CellWidth(0, i));
    for (size_t e = 0; e < mine.size(); ++e) profiles_[e].push_back(here[e]);
  }
}

GuidePhases::Turn GuidePhases::Of(size_t guide, const std::vector<Complex>& changes) const {
  const std::vector<double>& shares = shares_[guide];
  Turn turn{1, std::vector<Complex>(changes.size(), 0)};
  Complex phase = 0;
  for (size_t i = 0; i < widths_.size(); ++i) {
    Complex change = 0;
    for (size_t e = 0; e < changes.size(); ++e) change += shares[e] * profiles_[e][i] * changes[e];
    const Complex x = change / dispersion_.scale;
    Complex value = 0, slope = 0, power = 1;
    for (size_t k = 0; k < dispersion_.coefficients.size(); ++k) {
      slope += dispersion_.coefficients[k] * static_cast<double>(k + 1) * power;
      power *= x;
      value += dispersion_.coefficients[k] * power;
    }
    phase += widths_[i] * value;
    for (size_t e = 0; e < changes.size(); ++e) {
      turn.slope[e] += widths_[i] * slope / dispersion_.scale * shares[e] * profiles_[e][i];
    }
  }
  turn.factor = std::exp(domain::kI * phase);
  return turn;
}

}  // namespace symwave::training::chip
