// Surface currents that launch a given incident field into one side of a lattice plane (equivalence
// principle on the Yee lattice, after Taflove and Hagness, Computational Electrodynamics, 3rd ed.,
// chapter 5).
//
// On the side `inward` of node plane i0 of an axis with unit vector d the fields are total, behind
// it scattered; E on the plane is total, H half a cell behind it scattered. With n = inward d:
//   E(i0) total:             curl H lacks H_inc of the half plane behind:   J = -n x H_inc / s
//   H (half plane behind):   -curl E has E_inc(i0) too much:                K = +n x E_inc / w
// with s the distance of the halves on either side of node i0 and w the width of the cell behind.
#pragma once

#include <array>
#include <functional>

#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// A rectangle of a node plane. Along the other axes it holds the points whose positions lie in
/// first..last node, both included; see SpanningNodes for the whole axis.
struct LaunchPlane {
  int axis = 0;
  int node = 0;
  int inward = +1;  ///< +1: total fields at larger coordinates; -1: at smaller ones
  std::array<int, 3> first_node{0, 0, 0};
  std::array<int, 3> last_node{0, 0, 0};

  /// Number of the half plane behind.
  int HalfBehind() const { return inward > 0 ? node - 1 : node; }
};

/// First and last node of an axis; the last one is beyond the points where the axis is periodic.
std::array<int, 2> SpanningNodes(const domain::Lattice& lattice, int axis);

/// The plane across the whole lattice.
LaunchPlane WholePlane(const domain::Lattice& lattice, int axis, int node, int inward);

/// factor * (incident component at its point) drives J or K at another point.
struct EquivalentTerm {
  domain::Component driven;
  std::array<int, 3> point;
  domain::Component incident;
  std::array<int, 3> incident_point;
  double factor;
};

/// Calls `use` for every term whose driven point, or a periodic image of it, lies in `held`.
/// UserError when the plane or the half plane behind it lies outside the lattice or in a PML.
void ForEachTerm(const domain::Lattice& lattice, const LaunchPlane& plane,
                 const domain::IndexBox& held,
                 const std::function<void(const EquivalentTerm&)>& use);

}  // namespace symwave::solvers::fdtd
