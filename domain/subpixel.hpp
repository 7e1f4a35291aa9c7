// Effective values of a control volume that several media share.
#pragma once

#include <array>
#include <vector>

#include "domain/medium.hpp"

namespace symwave::domain {

/// What fills a control volume: the share of each medium, adding up to 1, and the means of |d_a
/// eps| along the axes a. For a plane interface the latter are |n_a| times its area over the
/// volume.
struct Filling {
  std::vector<double> share;
  std::array<double, 3> variation{0, 0, 0};
  /// Mean of d_x eps d_y eps / |grad eps|, over interfaces across the plane.
  double skew = 0;

  /// n_a^2 of the interface normal; 0 where nothing varies.
  double NormalSquared(int axis) const;
  /// n_x n_y of a plane interface; never more than that normal has where several meet.
  double NormalProduct() const;
  /// Shares of the media that `kept` is true of, as if they filled the volume alone.
  template <class Kept>
  std::vector<double> SharesOf(const Kept& kept) const {
    std::vector<double> of(share.size(), 0.0);
    double whole = 0;
    for (size_t m = 0; m < share.size(); ++m) {
      if (!kept(m)) continue;
      of[m] = share[m];
      whole += share[m];
    }
    for (double& f : of) f /= whole;
    return of;
  }
};

/// Values of a point of E; `share` as MediumBlock::Dispersive, for every medium.
struct EffectiveMedium {
  double eps = 1;
  double conductivity = 0;
  std::vector<double> share;
};

/// The averaging that MakeMediumMap (yee_media.hpp) describes.
class SubpixelAverage {
 public:
  /// `band`: lowest and highest omega [1/um], 0 where no medium has poles.
  SubpixelAverage(std::vector<Medium> media, std::array<double, 2> band);

  const std::vector<Medium>& Media() const { return media_; }
  /// The medium of a name; UserError where there is none.
  int NumberOf(const std::string& material) const;
  /// Re eps_m in the middle of the band, of metals their lowest, of anisotropic media the mean over
  /// the axes; its jumps weigh the interfaces.
  const std::vector<double>& Eps() const { return eps_; }
  /// The values of one medium along an axis, unchanged.
  EffectiveMedium Of(size_t medium, int axis) const;
  /// For the component along `axis`.
  EffectiveMedium Of(const Filling& filling, int axis) const;
  /// (1/eps)_xy; 0 where a medium with loss, poles, Re eps <= 0 or axes of its own has a share.
  double CouplingOf(const Filling& filling) const;

 private:
  bool Metal(size_t m) const { return eps_[m] <= 0; }
  /// `n2`: n_a^2 of the interface normal.
  EffectiveMedium Mix(const std::vector<double>& fill, double n2, int axis) const;

  std::vector<Medium> media_;
  std::vector<double> eps_;
  std::vector<double> averaged_;  // eps_, eps_inf of metals
};

}  // namespace symwave::domain
