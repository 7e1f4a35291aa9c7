// Plane waves in layers across one axis, at one frequency: what a wave from far away makes of them.
//
// Across the layers u = E_s (s waves) or u = H_s (p waves), s = a x q with the axis a and q along
// the wave vector across, obeys
//   s: E = s u,  H = (i kappa u a - u' q) / (i w);   p: H = s u,  E = (i / (w eps)) (i kappa u a -
//   u' q),
// all times exp(i kappa q . r); u and u' (p: u' / eps) are continuous. Reflection coefficients are
// gathered from the far side on (Born and Wolf, 7th ed., section 1.6), which stays finite for
// evanescent waves.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <vector>

namespace symwave::solvers::fdtd {

/// The field at a height, without the factor exp(i across . r).
struct LayerField {
  Eigen::Vector3cd e, h;
};

/// A wave of unit electric amplitude from a half-space, exp(-i k d . r) there, and all that the
/// layers make of it.
class IncomingWave {
 public:
  /// Heights along the axis; `inverse_eps` is the mean of 1/eps over what the normal E stands for.
  LayerField At(double height, std::complex<double> inverse_eps) const;
  /// Wave number along the axis in the layer at a height.
  std::complex<double> AlongAt(double height) const;
  /// Real wave vector across the layers.
  const Eigen::Vector3d& Across() const { return across_; }
  /// Of E far away.
  const Eigen::Vector3d& Polarization() const { return polarization_; }

 private:
  friend class LayeredMedium;
  size_t LayerOf(double height) const;
  /// Fills the amplitudes of the layers, `eps` from the far side, from that of the incoming wave.
  void Follow(const std::vector<std::complex<double>>& eps, std::complex<double> amplitude);

  bool magnetic_ = false;  ///< p
  double sense_ = 1;       ///< of the axis along which the layers are counted: from -1, above, down
  double omega_ = 0, kappa_ = 0;
  Eigen::Vector3d axis_, along_, side_, across_, polarization_;
  std::vector<double> ends_;  ///< between the layers, from the far side
  std::vector<std::complex<double>> k_, incoming_, returned_;  ///< at the near and the far end
};

class LayeredMedium {
 public:
  /// `interfaces` ascending, `eps` of one layer more, from below.
  LayeredMedium(int axis, std::vector<double> interfaces, std::vector<std::complex<double>> eps,
                double omega);

  int Axis() const { return axis_; }
  const std::vector<double>& Interfaces() const { return interfaces_; }
  /// Refractive index below (0) or above (1); 0 where it absorbs or carries no wave, and light
  /// arrives nowhere far away.
  double Index(int side) const { return index_[side]; }
  /// Side of a direction: 1 above and along the layers.
  int SideOf(const Eigen::Vector3d& direction) const { return direction[axis_] < 0 ? 0 : 1; }
  /// The s (magnetic false) or p wave that comes from `direction`, in whose half-space there is an
  /// index. In two dimensions s is along z.
  IncomingWave From(const Eigen::Vector3d& direction, bool magnetic, bool flat) const;
  /// Mean of 1/eps over an interval.
  std::complex<double> InverseEps(double low, double high) const;
  /// Largest index of a layer or half-space.
  double LargestIndex() const;
  /// True where light that leaves the box need not arrive far away: a layer may guide it (its index
  /// is above those of both half-spaces, or a metal carries it along its surface) or absorb it.
  bool TakesLight() const;

 private:
  int axis_;
  std::vector<double> interfaces_;
  std::vector<std::complex<double>> eps_;
  double omega_;
  double index_[2];
};

}  // namespace symwave::solvers::fdtd
