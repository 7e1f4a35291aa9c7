// What lies outside the box of a far field, as far as light goes.
#pragma once

#include <vector>

#include "domain/medium.hpp"

namespace symwave::solvers::fdtd {

/// A perfect plane across an axis, behind which the fields are mirrored.
struct MirrorWall {
  int axis = 0;
  double position = 0;    ///< um
  bool magnetic = false;  ///< PMC instead of PEC
  int open_side = 1;      ///< 1: the lattice lies at larger coordinates, -1: at smaller ones
  /// The mirror plane of a symmetric model, whose other half radiates too; else a wall that ends
  /// the world.
  bool symmetry = false;
};

/// Layers across one axis, uniform along them, and walls, at most one per axis. A wall across the
/// axis of the layers ends them; they go on as their mirror image.
struct Outside {
  // One medium everywhere is the plain case.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Outside(const domain::Medium& everywhere) : media{everywhere} {}
  Outside(int across, std::vector<double> at, std::vector<domain::Medium> layers)
      : axis(across), interfaces(std::move(at)), media(std::move(layers)) {}

  int axis = 2;
  std::vector<double> interfaces;     ///< ascending, um
  std::vector<domain::Medium> media;  ///< from below, one more than interfaces
  std::vector<MirrorWall> walls;
};

}  // namespace symwave::solvers::fdtd
