// Nominal calibration of elements: what a change of index in them does to the light of a guide.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "domain/elements.hpp"
#include "solvers/modes/waveguide.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::training::chip {

/// 1/4 int 2 n (e_u^2 + e_v^2 - e_n^2) q dA of a mode at unit power: d n_eff / d n where the index
/// changes by q dn.
double IndexShare(const solvers::FixedOptics& optics, const solvers::modes::WaveguideMode& mode,
                  const std::function<double(domain::Component, const std::array<int, 3>&)>& q);

/// Per element d n_eff / d n of the first mode of the first port, when the index changes over the
/// element's extent across the guide (and between its heights): for Ez the sum on the lattice,
///   omega int n u^2 / (q int u^2), q = sin(k h) / h;
/// else 1/4 int 2 n (e_u^2 + e_v^2 - e_n^2) dA at unit power. Collective on optics.comm.
std::vector<double> Confinements(const solvers::FixedOptics& optics,
                                 const std::vector<domain::Element>& elements);

/// Index that a radian or neper adds, 1 / (w L d n_eff / d n), of an attenuator times i. Collective
/// on optics.comm.
std::vector<domain::Complex> IndexPerUnit(const solvers::FixedOptics& optics,
                                          const std::vector<domain::Element>& elements);

}  // namespace symwave::training::chip
