// Which couplings of Ex and Ey a leapfrog can integrate.
#pragma once

#include <functional>
#include <vector>

#include "domain/medium.hpp"

namespace symwave::domain {

/// No eigenvalue of 1/eps with limited couplings exceeds this many times the largest 1/eps_inf of
/// the media, so that the leapfrog is stable where it is without couplings and a Courant number
/// lower by the square root.
constexpr double kCouplingOvershoot = 1.1;

/// `couplings` without those whose four points touch loss, poles, a PML or the end of an axis, the
/// others no larger than stability allows. With a, b = 1/eps at one of the two Ex and one of the
/// two Ey points beside a node and c the coupling, 1/eps of the lattice is the sum of the four
/// matrices [a c; c b] per node, weighted by quarters of a cell: it is positive, and below t, where
/// each of them is, c^2 < a b and c^2 <= (t - a)(t - b); t = kCouplingOvershoot times the largest
/// 1/eps_inf.
std::vector<NodeCoupling> LimitedCouplings(
    const Lattice& lattice, const std::vector<Medium>& media,
    const std::function<MediumBlock(Component, const IndexBox&)>& sample,
    std::vector<NodeCoupling> couplings);

}  // namespace symwave::domain
