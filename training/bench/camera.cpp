#include "training/bench/camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "training/bench/noise.hpp"

namespace symwave::training::bench {

namespace {

using Complex = std::complex<double>;

/// Random numbers of a pixel: four frames, the pairs of frames 0 and 2, 1 and 3, field noise.
enum Slot : std::uint64_t { kFrame = 0, kRead = 4, kReadQuadrature = 5, kField = 6, kSlots = 8 };

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

constexpr long kBlock = 128;
using Block = std::array<double, kBlock>;

/// The random numbers of up to kBlock pixels.
struct PixelBlock {
  PixelBlock(std::uint64_t noise_stream, long first_pixel, long pixels)
      : stream(noise_stream),
        first(kSlots * static_cast<std::uint64_t>(first_pixel)),
        count(static_cast<std::size_t>(pixels)) {}

  void Draw(Slot slot, Block& a, Block& b) const {
    GaussianPairs(stream, first + slot, kSlots, count, a.data(), b.data());
  }
  double Electrons(const DetectionErrors& errors, double photons, long pixel, int frame,
                   double gaussian) const {
    const double mean = errors.quantum_efficiency * photons;
    if (mean >= kManyElectrons && errors.read_noise >= kSmoothReadNoise) {
      return ElectronsFromGaussian(mean, errors.read_noise, gaussian);
    }
    const std::uint64_t counter = first + kSlots * static_cast<std::uint64_t>(pixel) + kFrame;
    return Poisson(mean, stream, counter + static_cast<std::uint64_t>(frame)) +
           errors.read_noise * gaussian;
  }

  std::uint64_t stream, first;
  std::size_t count;
};

template <class Real>
void AddNoise(const PixelBlock& block, double rms, std::complex<Real>* y) {
  Block a, b;
  block.Draw(kField, a, b);
  for (std::size_t i = 0; i < block.count; ++i) {
    y[i] += std::complex<Real>(rms * std::sqrt(0.5) * Complex(a[i], b[i]));
  }
}

/// `scale` turns amplitudes into roots of photons.
template <class Real>
void Interfere(const PixelBlock& block, const DetectionErrors& errors, const Converter& converter,
               double scale, std::complex<Real>* y) {
  Block g0, g1, g2, g3;
  block.Draw(kRead, g0, g2);
  block.Draw(kReadQuadrature, g1, g3);
  const double reference = std::sqrt(errors.reference_photons);
  const double back = 1 / (4 * errors.quantum_efficiency * reference * scale);
  for (std::size_t i = 0; i < block.count; ++i) {
    const Complex a = scale * Complex(y[i]);
    const auto frame = [&](int k, double re, double im, double gaussian) {
      const double photons = re * re + im * im;
      return converter(block.Electrons(errors, photons, static_cast<long>(i), k, gaussian));
    };
    const double re = frame(0, a.real() + reference, a.imag(), g0[i]) -
                      frame(2, a.real() - reference, a.imag(), g2[i]);
    const double im = frame(1, a.real(), a.imag() + reference, g1[i]) -
                      frame(3, a.real(), a.imag() - reference, g3[i]);
    y[i] = std::complex<Real>(back * Complex(re, im));
  }
}

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
    const auto mine = base::MessageCount(rows.size());
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
  base::FaultPoint("bench/camera");
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
    for (long i = 0; i < planes.rows(); i += kBlock) {
      const PixelBlock block(streams[p], share_.FirstPixel() + i,
                             std::min(kBlock, planes.rows() - i));
      if (noise > 0) AddNoise(block, noise, plane + i);
      if (scale > 0) Interfere(block, errors_, converter, scale, plane + i);
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
    for (long i = 0; i < planes.rows(); i += kBlock) {
      const PixelBlock block(streams[p], share_.FirstPixel() + i,
                             std::min(kBlock, planes.rows() - i));
      Block even, odd;
      block.Draw(kRead, even, odd);
      for (long k = 0; k < static_cast<long>(block.count); ++k) {
        const double photons = scale * std::norm(Complex(planes(i + k, p)));
        const double electrons = block.Electrons(errors_, photons, k, 0, even[k]);
        intensities(i + k, p) = static_cast<Real>(converter(electrons) / (q * scale));
      }
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
