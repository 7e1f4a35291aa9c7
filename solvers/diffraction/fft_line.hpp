// One-dimensional Fourier transforms of single contiguous lines, by FFTW.
#pragma once

#include <complex>
#include <memory>

namespace symwave::solvers::diffraction {

/// Zeroed memory, aligned as FFTW likes it. Move-only.
template <class Real>
class FftBuffer {
 public:
  FftBuffer() = default;
  explicit FftBuffer(long size);
  std::complex<Real>* Data() { return data_.get(); }
  const std::complex<Real>* Data() const { return data_.get(); }
  long Size() const { return size_; }

 private:
  struct Free {
    void operator()(std::complex<Real>* data) const;
  };
  std::unique_ptr<std::complex<Real>, Free> data_;
  long size_ = 0;
};

/// a b, without the extra rules for infinities that std::complex has.
template <class Real>
inline std::complex<Real> Product(std::complex<Real> a, std::complex<Real> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Lines of this alignment [complex numbers] may be given to FftLine::Execute.
constexpr int kLineAlignment = 8;

/// The transform of a line of fixed length. The plan comes from FFTW_ESTIMATE, so that the same
/// machine always adds in the same order: results are equal to the last bit from run to run, rank
/// to rank and line to line.
template <class Real>
class FftLine {
 public:
  enum class Direction { Forward, Inverse };

  FftLine(int length, Direction direction);
  ~FftLine();
  FftLine(const FftLine&) = delete;
  FftLine& operator=(const FftLine&) = delete;

  /// Not normalised; `in` is left as it is and must not be `out`. Both begin a multiple of
  /// kLineAlignment after the begin of an FftBuffer. Several threads may call it.
  void Execute(const std::complex<Real>* in, std::complex<Real>* out) const;

 private:
  void* plan_;
};

}  // namespace symwave::solvers::diffraction
