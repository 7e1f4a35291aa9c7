#include "solvers/diffraction/fft_line.hpp"

#include <fftw3.h>

#include <cstring>

#include "domain/base/error.hpp"

namespace symwave::solvers::diffraction {

namespace {

template <class Real>
struct Fftw;

template <>
struct Fftw<double> {
  using Plan = fftw_plan;
  static constexpr auto kMalloc = fftw_malloc;
  static constexpr auto kFree = fftw_free;
  static constexpr auto kPlan = fftw_plan_many_dft;
  static constexpr auto kExecute = fftw_execute_dft;
  static constexpr auto kDestroy = fftw_destroy_plan;
  using Complex = fftw_complex;
};

template <>
struct Fftw<float> {
  using Plan = fftwf_plan;
  static constexpr auto kMalloc = fftwf_malloc;
  static constexpr auto kFree = fftwf_free;
  static constexpr auto kPlan = fftwf_plan_many_dft;
  static constexpr auto kExecute = fftwf_execute_dft;
  static constexpr auto kDestroy = fftwf_destroy_plan;
  using Complex = fftwf_complex;
};

template <class Real>
typename Fftw<Real>::Complex* Pointer(const std::complex<Real>* data) {
  return reinterpret_cast<typename Fftw<Real>::Complex*>(const_cast<std::complex<Real>*>(data));
}

}  // namespace

template <class Real>
FftBuffer<Real>::FftBuffer(long size) : size_(size) {
  const size_t bytes = sizeof(std::complex<Real>) * static_cast<size_t>(size > 0 ? size : 1);
  data_.reset(static_cast<std::complex<Real>*>(Fftw<Real>::kMalloc(bytes)));
  if (!data_) base::Fail("no memory for {} bytes of plane buffers: use fewer pixels", bytes);
  std::memset(static_cast<void*>(data_.get()), 0, bytes);
}

template <class Real>
void FftBuffer<Real>::Free::operator()(std::complex<Real>* data) const {
  Fftw<Real>::kFree(data);
}

template <class Real>
FftLine<Real>::FftLine(int length, Direction direction, const LineLayout& layout) {
  const long size = static_cast<long>(length - 1) * layout.stride +
                    static_cast<long>(layout.lines - 1) * layout.distance + 1;
  FftBuffer<Real> in(size), out(size);
  plan_ = Fftw<Real>::kPlan(1, &length, layout.lines, Pointer(in.Data()), nullptr, layout.stride,
                            layout.distance, Pointer(out.Data()), nullptr, layout.stride,
                            layout.distance,
                            direction == Direction::Forward ? FFTW_FORWARD : FFTW_BACKWARD,
                            FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  base::Require(plan_ != nullptr, "FFTW made a plan");
}

template <class Real>
FftLine<Real>::~FftLine() {
  Fftw<Real>::kDestroy(static_cast<typename Fftw<Real>::Plan>(plan_));
}

template <class Real>
void FftLine<Real>::Execute(const std::complex<Real>* in, std::complex<Real>* out) const {
  Fftw<Real>::kExecute(static_cast<typename Fftw<Real>::Plan>(plan_), Pointer(in), Pointer(out));
}

template class FftBuffer<float>;
template class FftBuffer<double>;
template class FftLine<float>;
template class FftLine<double>;

}  // namespace symwave::solvers::diffraction
