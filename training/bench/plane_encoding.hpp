// Images to launched light.
#pragma once

#include <Eigen/Sparse>

#include "training/bench/pixel_range.hpp"
#include "training/image_dataset.hpp"

namespace symwave::training::bench {

/// The image fills a window in the centre of the plane, `image_share` of its smaller side wide or
/// high, in whole pixels; every pixel of the window gets the mean brightness f, 0 ... 1, of its
/// part of the image. A plane of one row gets the pixels of the image in a row. Outside it is dark.
///   amplitude  x = a f
///   phase      x = a exp(i phase_range f)
/// with the one a > 0 that gives the plane unit power.
template <class Real>
class PlaneEncoder {
 public:
  PlaneEncoder(const PlaneNetworkOptions& options, const PixelRange& layout, int image_rows,
               int image_columns);

  /// The images `samples[0 ... count - 1]`, this rank's pixels x count.
  void Encode(const ImageDataset& images, const int* samples, Eigen::Index count,
              Planes<Real>& planes) const;

  int WindowX() const { return static_cast<int>(across_.rows()); }
  int WindowY() const { return static_cast<int>(down_.rows()); }

 private:
  PlaneNetworkOptions options_;
  PixelRange layout_;
  /// Pixels of the window x pixels of the image: part of the first that the second fills.
  Eigen::SparseMatrix<double, Eigen::RowMajor> across_, down_;
};

}  // namespace symwave::training::bench
