// How good a focus is, from one frame of the camera.
#pragma once

#include <Eigen/Dense>

#include "training/bench/spots.hpp"

namespace symwave::training::bench {

/// Intensities I of a whole plane, row by row, x fastest.
struct Frame {
  int nx = 0, ny = 0;
  double pitch = 0;  ///< um
  Eigen::ArrayXd intensity;

  double At(int i, int j) const { return intensity(static_cast<Eigen::Index>(j) * nx + i); }
  double X(int i) const { return (i - 0.5 * (nx - 1)) * pitch; }
  double Y(int j) const { return (j - 0.5 * (ny - 1)) * pitch; }
};

/// Collective on the ranks of the layout: the whole plane on each of them.
Frame WholeFrame(const PixelRange& layout, double pitch, const Eigen::ArrayXd& mine);

/// Full width at half maximum [pixels] of the peak next to sample `near` of a line: maximum and
/// half crossings of the trigonometric interpolation, which is exact for a line that is periodic
/// and band-limited. Infinite where the line does not fall to one half on either side.
double FullWidthHalfMaximum(const Eigen::ArrayXd& line, int near);

/// 0.886 wavelength distance / width: of the focus of a square aperture [um].
/// A round stop halfway, `aperture` wide (0: none), may set it instead: 1.029 (wavelength distance
/// / 2) / aperture.
double DiffractionLimit(const BenchGeometry& geometry, double aperture = 0);

struct SpotQuality {
  double fwhm_x = 0, fwhm_y = 0;  ///< um, through the brightest pixel of the spot; y: 0 on a line
  double peak = 0;                ///< intensity of that pixel
  double background = 0;          ///< mean intensity of what is farther away than `clearance`
  double share = 0;               ///< of the light on the camera that is in the spot
  /// Over the rms background: 20 log10(peak / sqrt(mean I^2)) of what is farther away [dB].
  double psnr = 0;
  bool brightest = false;  ///< whether no pixel of the frame outside of the spot is brighter
};

/// `clearance`: three radii of the spot.
SpotQuality JudgeSpot(const Frame& frame, const Spot& spot);

}  // namespace symwave::training::bench
