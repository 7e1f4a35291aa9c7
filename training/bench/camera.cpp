#include "training/bench/camera.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "training/bench/noise.hpp"
#include "training/random.hpp"

namespace symwave::training::bench {

namespace {

using Complex = std::complex<double>;

/// Random numbers of a pixel: kSlots per pixel, four frames, two pairs of read noise, field noise.
enum Slot : std::uint64_t { kFrame = 0, kRead = 4, kField = 6, kSlots = 8 };

/// Electrons to what the converter says they are.
class Converter {
 public:
  Converter(int bits, double full_scale, double read_noise) : black_(4 * read_noise) {
    if (bits == 0) return;
    codes_ = std::pow(2.0, bits) - 1;
    step_ = (full_scale + black_) / codes_;
  }
  double operator()(double electrons) const {
    if (step_ == 0) return electrons;
    return step_ * std::clamp(std::round((electrons + black_) / step_), 0.0, codes_) - black_;
  }

 private:
  double black_, codes_ = 0, step_ = 0;
};

struct Pixel {
  std::uint64_t stream, counter;

  Complex Noise(double rms) const {
    const GaussianPair pair = Gaussians(stream, counter + kField);
    return rms * std::sqrt(0.5) * Complex(pair.a, pair.b);
  }
  double Electrons(const DetectionErrors& errors, double photons, int frame, double read) const {
    return Poisson(errors.quantum_efficiency * photons, stream, counter + kFrame + frame) +
           errors.read_noise * read;
  }
  /// `a` in roots of photons, at the mean signal.
  Complex Interfered(const DetectionErrors& errors, const Converter& converter, Complex a) const {
    const GaussianPair even = Gaussians(stream, counter + kRead);
    const GaussianPair odd = Gaussians(stream, counter + kRead + 1);
    const double reference = std::sqrt(errors.reference_photons);
    const auto frame = [&](int k, Complex wave, double read) {
      return converter(Electrons(errors, std::norm(a + wave), k, read));
    };
    const double re = frame(0, reference, even.a) - frame(2, -reference, even.b);
    const double im = frame(1, {0, reference}, odd.a) - frame(3, {0, -reference}, odd.b);
    return Complex(re, im) / (4 * errors.quantum_efficiency * reference);
  }
};

}  // namespace

template <class Real>
std::vector<double> Camera::MeanPowers(const Eigen::Ref<const Fields<Real>>& planes) const {
  const int nx = share_.Grid().nx, ny = share_.Grid().ny;
  const auto count = static_cast<int>(planes.cols());
  std::vector<double> rows(static_cast<std::size_t>(share_.Rows()) * count, 0.0);
  for (int p = 0; p < count; ++p) {
    const std::complex<Real>* value = planes.col(p).data();
    for (int j = 0; j < share_.Rows(); ++j) {
      double& sum = rows[static_cast<std::size_t>(j) * count + p];
      for (int i = 0; i < nx; ++i, ++value) sum += std::norm(Complex(*value));
    }
  }
  if (!share_.Whole() || base::Communicator::SizeOf(share_.Comm()) > 1) {
    const int ranks = base::Communicator::SizeOf(share_.Comm());
    std::vector<int> counts(ranks), offsets(ranks);
    const auto mine = static_cast<int>(rows.size());
    base::Mpi(MPI_Allgather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, share_.Comm()));
    for (int r = 1; r < ranks; ++r) offsets[r] = offsets[r - 1] + counts[r - 1];
    std::vector<double> all(static_cast<std::size_t>(ny) * count);
    base::Mpi(MPI_Allgatherv(rows.data(), mine, MPI_DOUBLE, all.data(), counts.data(),
                             offsets.data(), MPI_DOUBLE, share_.Comm()));
    rows = std::move(all);
  }
  std::vector<double> powers(count, 0.0);
  for (std::size_t k = 0; k < rows.size(); ++k) powers[k % count] += rows[k];
  for (double& power : powers) power /= static_cast<double>(share_.Grid().Pixels());
  return powers;
}

template <class Real>
void Camera::MeasureFields(Eigen::Ref<Fields<Real>> planes,
                           const std::vector<std::uint64_t>& streams) const {
  base::Require(planes.cols() == static_cast<long>(streams.size()), "one stream per plane");
  if (errors_.field_noise == 0 && errors_.photons == 0) return;
  const std::vector<double> powers = MeanPowers<Real>(planes);
  const double q = errors_.quantum_efficiency;
  const Converter converter(errors_.bits, 4 * q * (errors_.photons + errors_.reference_photons),
                            errors_.read_noise);
  for (long p = 0; p < planes.cols(); ++p) {
    if (powers[p] == 0) continue;
    const double noise = errors_.field_noise * std::sqrt(powers[p]);
    const double scale = std::sqrt(errors_.photons / powers[p]);
    std::complex<Real>* plane = planes.col(p).data();
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (long i = 0; i < planes.rows(); ++i) {
      const Pixel pixel{streams[p], kSlots * static_cast<std::uint64_t>(share_.FirstPixel() + i)};
      Complex y(plane[i]);
      if (noise > 0) y += pixel.Noise(noise);
      if (scale > 0) y = pixel.Interfered(errors_, converter, scale * y) / scale;
      plane[i] = std::complex<Real>(y);
    }
  }
}

template <class Real>
Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> Camera::MeasureIntensities(
    const Fields<Real>& planes, const std::vector<std::uint64_t>& streams) const {
  base::Require(planes.cols() == static_cast<long>(streams.size()), "one stream per plane");
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> intensities = planes.cwiseAbs2();
  if (errors_.photons == 0) return intensities;
  const std::vector<double> powers = MeanPowers<Real>(planes);
  const double q = errors_.quantum_efficiency;
  const Converter converter(errors_.bits, 4 * q * errors_.photons, errors_.read_noise);
  for (long p = 0; p < planes.cols(); ++p) {
    if (powers[p] == 0) continue;
    const double scale = errors_.photons / powers[p];
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (long i = 0; i < planes.rows(); ++i) {
      const Pixel pixel{streams[p], kSlots * static_cast<std::uint64_t>(share_.FirstPixel() + i)};
      const double read = Gaussians(pixel.stream, pixel.counter + kRead).a;
      const double electrons =
          pixel.Electrons(errors_, scale * std::norm(Complex(planes(i, p))), 0, read);
      intensities(i, p) = static_cast<Real>(converter(electrons) / (q * scale));
    }
  }
  return intensities;
}

template void Camera::MeasureFields<float>(Eigen::Ref<Fields<float>>,
                                           const std::vector<std::uint64_t>&) const;
template void Camera::MeasureFields<double>(Eigen::Ref<Fields<double>>,
                                            const std::vector<std::uint64_t>&) const;
template Eigen::MatrixXf Camera::MeasureIntensities<float>(const Fields<float>&,
                                                           const std::vector<std::uint64_t>&) const;
template Eigen::MatrixXd Camera::MeasureIntensities<double>(
    const Fields<double>&, const std::vector<std::uint64_t>&) const;

}  // namespace symwave::training::bench
