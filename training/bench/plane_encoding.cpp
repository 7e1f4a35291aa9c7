#include "training/bench/plane_encoding.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::training::bench {

using Eigen::Index;

namespace {

/// Pixels of a window of `share` of `smaller` pixels, centred on an axis of `pixels`.
int WindowLength(int pixels, int smaller, double share) {
  const int length = std::clamp(static_cast<int>(std::lround(share * smaller)), 1, pixels);
  return (pixels - length) % 2 == 0 ? length : length < pixels ? length + 1 : length - 1;
}

/// Row i: which part of [i, i + 1) / to is filled by each of `from` equal pieces of the same line.
Eigen::SparseMatrix<double, Eigen::RowMajor> Resampling(int to, int from) {
  Eigen::SparseMatrix<double, Eigen::RowMajor> parts(to, from);
  for (int i = 0; i < to; ++i) {
    for (int k = 0; k < from; ++k) {
      const double low = std::max(static_cast<double>(i) / to, static_cast<double>(k) / from);
      const double high = std::min((i + 1.0) / to, (k + 1.0) / from);
      if (high > low) parts.insert(i, k) = (high - low) * to;
    }
  }
  parts.makeCompressed();
  return parts;
}

}  // namespace

template <class Real>
PlaneEncoder<Real>::PlaneEncoder(const PlaneNetworkOptions& options, const PixelRange& layout,
                                 int image_rows, int image_columns)
    : options_(options), layout_(layout) {
  const bool line = layout.ny == 1;
  const int smaller = line ? layout.nx : std::min(layout.nx, layout.ny);
  const int wx = WindowLength(layout.nx, smaller, options.image_share);
  const int wy = line ? 1 : WindowLength(layout.ny, smaller, options.image_share);
  across_ = Resampling(wx, line ? image_rows * image_columns : image_columns);
  down_ = Resampling(wy, line ? 1 : image_rows);
}

template <class Real>
void PlaneEncoder<Real>::Encode(const ImageDataset& images, const int* samples, Index count,
                                Planes<Real>& planes) const {
  using Bytes = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Index left = (layout_.nx - WindowX()) / 2;
  const Index top = (layout_.ny - WindowY()) / 2;
  planes.setZero(layout_.count, count);
  Eigen::MatrixXd image, narrow, window;
  for (Index s = 0; s < count; ++s) {
    image = Eigen::Map<const Bytes>(images.Image(samples[s]), down_.cols(), across_.cols())
                .cast<double>() /
            255.0;
    narrow = across_ * image.transpose();
    window = down_ * narrow.transpose();
    const bool phase = options_.encoding == ImageEncoding::Phase;
    const double power = phase ? static_cast<double>(window.size()) : window.squaredNorm();
    const double unit = power > 0 ? 1 / std::sqrt(power) : 0;
    for (Index j = 0; j < window.rows(); ++j) {
      for (Index i = 0; i < window.cols(); ++i) {
        const Index pixel = (top + j) * layout_.nx + left + i - layout_.first;
        if (pixel < 0 || pixel >= layout_.count) continue;
        planes(pixel, s) = std::complex<Real>(
            phase ? std::polar(unit, options_.phase_range * window(j, i)) : unit * window(j, i));
      }
    }
  }
}

template class PlaneEncoder<float>;
template class PlaneEncoder<double>;

}  // namespace symwave::training::bench
