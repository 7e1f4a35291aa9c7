// Guides with closed-form subpixel averages for the tests of the cross-section mode solver.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"

namespace symwave::verification {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;

/// Share of a control volume that the core fills, and the unit normal of its surface in there.
struct Filling {
  double share = 0;
  std::array<double, 3> normal{0, 0, 0};
};
using Volume = std::array<std::pair<double, double>, 3>;

/// The volume whose average a point of a component of E feels.
inline Volume VolumeAt(const Lattice& lattice, Component c, const std::array<int, 3>& point) {
  Volume volume;
  for (int d = 0; d < 3; ++d) {
    const int i = point[d];
    const bool half = lattice.StaggerOf(c, d) == domain::Stagger::Centre;
    volume[d] = half ? std::pair(lattice.Node(d, i), lattice.Node(d, i + 1))
                     : std::pair(lattice.HalfNode(d, i - 1), lattice.HalfNode(d, i));
  }
  return volume;
}

/// A core in a cladding (media 0 and 1), averaged with the interface's normal: 1/eps_a = n_a^2
/// <1/eps> + (1 - n_a^2) / <eps>; conductivity and poles by their share of the volume.
inline domain::MediumMap GuideMedia(const Lattice& lattice, const domain::Medium& core,
                                    const domain::Medium& cladding,
                                    std::function<Filling(const Volume&)> filling) {
  domain::MediumMap map;
  map.media = {core, cladding};
  map.sample = [=](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    if (!core.poles.empty()) block.dispersive.push_back({0, {}});
    const int a = static_cast<int>(domain::DirectionOf(c));
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          const Filling f = filling(VolumeAt(lattice, c, {i, j, k}));
          const double n2 = f.normal[a] * f.normal[a];
          const double mean = f.share * core.eps_inf + (1 - f.share) * cladding.eps_inf;
          const double inverse = f.share / core.eps_inf + (1 - f.share) / cladding.eps_inf;
          block.eps.push_back(1 / (n2 * inverse + (1 - n2) / mean));
          if (core.conductivity > 0) block.conductivity.push_back(f.share * core.conductivity);
          if (!core.poles.empty()) block.dispersive[0].share.push_back(f.share);
        }
      }
    }
    return block;
  };
  return map;
}

/// A beam of rectangular cross-section; infinite where its extent is.
inline std::function<Filling(const Volume&)> Beam(const Volume& beam) {
  return [beam](const Volume& volume) {
    std::array<double, 3> share{};
    std::array<double, 3> step{};  // of the core's indicator between the faces of the volume
    for (int d = 0; d < 3; ++d) {
      const auto [lo, hi] = volume[d];
      const double overlap = std::min(hi, beam[d].second) - std::max(lo, beam[d].first);
      share[d] = std::max(0.0, overlap) / (hi - lo);
      const auto inside = [&](double x) { return x > beam[d].first && x < beam[d].second; };
      step[d] = (static_cast<double>(inside(hi)) - static_cast<double>(inside(lo))) / (hi - lo);
    }
    Filling f;
    f.share = share[0] * share[1] * share[2];
    for (int d = 0; d < 3; ++d) f.normal[d] = step[d] * share[(d + 1) % 3] * share[(d + 2) % 3];
    const double length = std::hypot(f.normal[0], f.normal[1], f.normal[2]);
    for (double& n : f.normal) n = length > 0 ? n / length : 0;
    return f;
  };
}

/// A round fibre along x about y = z = 0.
inline std::function<Filling(const Volume&)> Fibre(double radius) {
  return [radius](const Volume& volume) {
    const auto [y0, y1] = volume[1];
    const auto [z0, z1] = volume[2];
    constexpr int kLines = 400;
    Filling f;
    for (int m = 0; m < kLines; ++m) {
      const double z = z0 + (m + 0.5) * (z1 - z0) / kLines;
      const double half = std::sqrt(std::max(0.0, radius * radius - z * z));
      const double overlap = std::min(y1, half) - std::max(y0, -half);
      f.share += std::max(0.0, overlap) / (y1 - y0) / kLines;
    }
    const double y = 0.5 * (y0 + y1);
    const double z = 0.5 * (z0 + z1);
    const double r = std::hypot(y, z);
    if (r > 0) f.normal = {0, y / r, z / r};
    return f;
  };
}

}  // namespace symwave::verification
