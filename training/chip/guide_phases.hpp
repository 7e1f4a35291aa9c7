// What commands of elements do to the light of the guides that cross their cut.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <vector>

#include "domain/elements.hpp"
#include "training/chip/device_parts.hpp"

namespace symwave::training::chip {

/// 1/um by which the light of a guide's first mode falls sideways, in what stands at the edges of
/// its window in the middle of its height; the lesser one of both sides. Collective on device.comm.
/// UserError where it guides none.
double DecayBeside(const solvers::FixedOptics& device, const domain::PlanePort& guide);

/// UserError, with the element's place, where the guide under the first of the elements `mine` at a
/// cut has no mode with its index changed by plus or minus `largest`. Collective on device.comm.
void RequireGuided(const solvers::FixedOptics& device, const Cut& cut,
                   const std::vector<domain::Element>& elements, const std::vector<int>& mine,
                   double largest);

/// The elements around a cut change the index of a guide by r_ge p_e(x) dn_e each, with the
/// profiles p_e along the guide and the shares
///   r_ge = int n e_g^2 q_e dA / int n e_g^2 q dA
/// of their profiles q_e across it, relative to that of the guide's own element. Its light then
/// gains exp(i phi), adiabatically and without reflections,
///   phi = int [beta(sum_e r_ge p_e dn_e) - beta(0)] dx.
/// beta(dn) comes from modes of the cut at several dn, as a polynomial that holds for complex dn.
class GuidePhases {
 public:
  /// `mine`: the elements at the cut, possibly none. `largest`: of |dn| that is asked for.
  /// Collective on device.comm. UserError where a guide has no mode with such a change.
  GuidePhases(const solvers::FixedOptics& device, const Cut& cut,
              const std::vector<domain::Element>& elements, const std::vector<int>& mine,
              double largest);

  struct Turn {
    domain::Complex factor;              ///< exp(i phi)
    std::vector<domain::Complex> slope;  ///< d phi / d dn_e of the elements in `mine`
  };
  /// `changes`: dn of the elements in `mine`.
  Turn Of(size_t guide, const std::vector<domain::Complex>& changes) const;

 private:
  /// beta(dn) - beta(0) = sum over k >= 1 of coefficient[k - 1] (dn / scale)^k.
  struct Dispersion {
    std::vector<double> coefficients;
    double scale = 1;
  };
  void SampleProfiles(const domain::Lattice& lattice, const std::vector<domain::Element>& elements,
                      const std::vector<int>& mine);

  std::vector<std::vector<double>> shares_;    ///< r_ge [guide][element of `mine`]
  std::vector<double> widths_;                 ///< of cells along the guides
  std::vector<std::vector<double>> profiles_;  ///< p_e [element of `mine`][cell]
  Dispersion dispersion_;
};

}  // namespace symwave::training::chip
