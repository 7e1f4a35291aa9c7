// Detector regions in the last plane.
#pragma once

#include <utility>
#include <vector>

#include "training/bench/pixel_range.hpp"

namespace symwave::training::bench {

/// One square per class. They stand in round(sqrt(classes)) rows, dealt as evenly as possible and
/// each row centred, on a grid that is `detector_width` of the plane wide and high; a square is
/// `detector_share` of the smaller side of a cell of that grid wide. On a plane of one row they
/// stand side by side.
class DetectorRegions {
 public:
  /// UserError: a region without a pixel.
  DetectorRegions(const PlaneNetworkOptions& options, const PixelRange& layout, int classes);
  /// Regions given pixel by pixel, numbered on this rank as in Pixels(); none may share a pixel.
  DetectorRegions(const PixelRange& layout, std::vector<std::vector<Eigen::Index>> pixels)
      : layout_(layout), pixels_(std::move(pixels)) {}

  int Classes() const { return static_cast<int>(pixels_.size()); }
  /// Pixels of this rank in the region of a class, numbered from its first one.
  const std::vector<Eigen::Index>& Pixels(int region) const {
    return pixels_[static_cast<std::size_t>(region)];
  }

  /// Collective: light in every region, planes x classes.
  template <class Real>
  Eigen::ArrayXXd Collect(const Planes<Real>& fields) const;
  template <class Real>
  Eigen::ArrayXXd CollectIntensities(const RealPlanes<Real>& intensities) const;

  /// g = dL/dI conj(y) with dL/dI = slope(plane, class) in its region, 0 outside all.
  template <class Real>
  void ErrorField(const Eigen::ArrayXXd& slope, const Planes<Real>& fields,
                  Planes<Real>& error) const;

 private:
  PixelRange layout_;
  std::vector<std::vector<Eigen::Index>> pixels_;
};

}  // namespace symwave::training::bench
