#include "solvers/fdtd/pml_media.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "solvers/fdtd/stretching.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Medium;
using domain::MediumBlock;

namespace {

constexpr int kLevels = 8;

/// Damping over sigma. Guides whose core or cladding is a Drude medium with eps = 0 at 3 to 12 um
/// are stable from 0.5 on; light of 1.55 um in the strongest of them is reflected by 1e-5 at 1 and
/// by 4e-4 at 4.
constexpr double kDampingOverSigma = 1;

/// Level of a position along one axis: 0 outside the PML, kLevels at the wall.
int LevelAt(const Lattice& lattice, int axis, double position) {
  return static_cast<int>(
      std::ceil(kLevels * yee::DepthInPml(lattice, axis, position).share - 1e-9));
}

/// sigma in the middle of a level.
double SigmaOf(int level, const PmlOptions& pml, double thickness) {
  return LargestSigma(pml, thickness) * std::pow((level - 0.5) / kLevels, pml.order);
}

/// Thickness of the thinnest PML; 0 without any.
double Thinnest(const Lattice& lattice) {
  double thinnest = 0;
  for (int axis = 0; axis < 3; ++axis) {
    for (const double end : {lattice.Node(axis, 0), lattice.Node(axis, lattice.Cells(axis))}) {
      const double thickness = yee::DepthInPml(lattice, axis, end).thickness;
      if (thickness > 0) thinnest = thinnest > 0 ? std::min(thinnest, thickness) : thickness;
    }
  }
  return thinnest;
}

/// `medium` at a depth where sigma is `sigma`.
Medium Damped(const Medium& medium, double sigma, double below) {
  Medium damped = medium;
  for (domain::Pole& pole : damped.poles) {
    if (pole.frequency < below) pole.damping += kDampingOverSigma * sigma;
  }
  return damped;
}

/// Moves the shares of dispersive media in the PML to their damped variants, which begin at
/// first[medium]; -1: the medium has none.
MediumBlock Damp(const Lattice& lattice, Component c, MediumBlock block,
                 const std::vector<int>& first) {
  if (block.dispersive.empty()) return block;
  const IndexBox& box = block.box;
  const auto count = static_cast<size_t>(box.Count());
  std::vector<int> level(count, 0);
  size_t n = 0;
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    const int z = LevelAt(lattice, 2, lattice.Position(c, 2, k));
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      const int yz = std::max(z, LevelAt(lattice, 1, lattice.Position(c, 1, j)));
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        level[n++] = std::max(yz, LevelAt(lattice, 0, lattice.Position(c, 0, i)));
      }
    }
  }
  std::map<int, std::vector<double>> shares;
  for (const MediumBlock::Dispersive& part : block.dispersive) {
    const int variants = first[part.medium];
    for (n = 0; n < count; ++n) {
      if (part.share[n] == 0) continue;
      const bool damped = variants >= 0 && level[n] > 0;
      std::vector<double>& moved = shares[damped ? variants + level[n] - 1 : part.medium];
      if (moved.empty()) moved.assign(count, 0.0);
      moved[n] = part.share[n];
    }
  }
  block.dispersive.clear();
  for (auto& [medium, share] : shares) block.dispersive.push_back({medium, std::move(share)});
  return block;
}

}  // namespace

DampedMedia DampPoles(const Lattice& lattice, const domain::MediumMap& media,
                      const PmlOptions& pml) {
  DampedMedia result{media, std::vector<int>(media.media.size())};
  std::iota(result.undamped.begin(), result.undamped.end(), 0);
  const double thickness = Thinnest(lattice);
  if (thickness == 0) return result;
  domain::MediumMap& damped = result.map;
  std::vector<int> first;
  for (const Medium& medium : media.media) {
    const bool slow =
        std::any_of(medium.poles.begin(), medium.poles.end(),
                    [&](const domain::Pole& pole) { return pole.frequency < pml.damped_below; });
    first.push_back(slow ? static_cast<int>(damped.media.size()) : -1);
    if (!slow) continue;
    for (int level = 1; level <= kLevels; ++level) {
      damped.media.push_back(Damped(medium, SigmaOf(level, pml, thickness), pml.damped_below));
      result.undamped.push_back(static_cast<int>(first.size()) - 1);
    }
  }
  if (damped.media.size() == media.media.size()) return result;
  damped.sample = [lattice, first, sample = media.sample](Component c, const IndexBox& box) {
    return Damp(lattice, c, sample(c, box), first);
  };
  return result;
}

}  // namespace symwave::solvers::fdtd
