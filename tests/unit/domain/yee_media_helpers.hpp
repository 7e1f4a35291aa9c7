// Helpers of the tests of media on the Yee lattice.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "domain/yee_media.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {

constexpr double kSilicon = 12.1;
constexpr double kGlass = 2.1;
inline const std::array<Component, 3> kElectric{Component::Ex, Component::Ey, Component::Ez};
inline const std::array<std::array<AxisEnd, 2>, 3> kWalls{};
inline const std::array<AxisEnd, 2> kPeriodic{AxisEnd{Wall::Periodic, 0},
                                              AxisEnd{Wall::Periodic, 0}};

inline Medium Constant(const std::string& name, double eps, double conductivity = 0) {
  Medium medium;
  medium.name = name;
  medium.eps_inf = eps;
  medium.conductivity = conductivity;
  return medium;
}

inline std::vector<Medium> SiliconAndGlass() {
  return {Constant("SiO2", kGlass), Constant("Si", kSilicon)};
}

inline ExtrudedShape Extruded(const ShapeGeometry& geometry, double bottom = -kInfiniteHeight,
                              double top = kInfiniteHeight) {
  return {{geometry, "Si", ""}, bottom, top};
}

/// Cells whose widths grow from `cell` on by one percent each.
inline Axis Graded(double low, double cell, int count) {
  std::vector<double> faces{low};
  for (int i = 0; i < count; ++i) faces.push_back(faces.back() + cell * std::pow(1.01, i));
  return Axis(std::move(faces));
}

inline double EpsAt(const MediumMap& map, Component c, int i, int j, int k) {
  return map.sample(c, {{i, j, k}, {i + 1, j + 1, k + 1}}).eps[0];
}

/// Control volume of an interior point of a lattice.
struct Volume {
  std::array<double, 3> low, high;
};

inline Volume VolumeOf(const Lattice& lattice, Component c, const std::array<int, 3>& point) {
  Volume v;
  for (int d = 0; d < 3; ++d) {
    const bool centre = lattice.StaggerOf(c, d) == Stagger::Centre;
    v.low[d] = centre ? lattice.Node(d, point[d]) : lattice.HalfNode(d, point[d] - 1);
    v.high[d] = centre ? lattice.Node(d, point[d] + 1) : lattice.HalfNode(d, point[d]);
  }
  return v;
}

using Inside = std::function<bool(double x, double y, double z)>;

/// Share of 40^3 points of a volume that are inside.
inline double BruteFill(const Inside& inside, const Volume& v) {
  constexpr int n = 40;
  const auto at = [&](int d, int m) { return v.low[d] + (v.high[d] - v.low[d]) * (m + 0.5) / n; };
  int count = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int k = 0; k < n; ++k) count += inside(at(0, i), at(1, j), at(2, k));
    }
  }
  return static_cast<double>(count) / (n * n * n);
}

inline double Farjadpour(double fill, double n2) {
  const double mean = fill * kSilicon + (1 - fill) * kGlass;
  const double inverse = fill / kSilicon + (1 - fill) / kGlass;
  return 1 / (n2 * inverse + (1 - n2) / mean);
}

}  // namespace symwave::domain
