#include "solvers/diffraction/layered_path.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::solvers::diffraction {

namespace {
constexpr double kResolution = 1e-6;  // um; planes that are nearer stand in one place
}

template <class Real>
std::vector<Layer<Real>> Mirrored(const std::vector<Layer<Real>>& layers, double length) {
  std::vector<Layer<Real>> mirrored(layers.rbegin(), layers.rend());
  for (auto& layer : mirrored) layer.z = length - layer.z;
  return mirrored;
}

template <class Real>
std::shared_ptr<const Propagation<Real>> Propagations<Real>::Over(double distance) {
  auto& made = made_[std::llround(distance / kResolution)];
  if (made == nullptr) {
    PropagationOptions options = common_;
    options.distance = distance;
    made = std::make_shared<const Propagation<Real>>(*share_, options);
  }
  return made;
}

template <class Real>
FilterWork Propagations<Real>::Work() const {
  FilterWork sum;
  for (const auto& [key, propagation] : made_) {
    const FilterWork work = propagation->Work();
    sum.planes += work.planes;
    sum.seconds += work.seconds;
    sum.fft_seconds += work.fft_seconds;
  }
  return sum;
}

template <class Real>
double Propagations<Real>::Bytes() const {
  double bytes = 0;
  for (const auto& [key, propagation] : made_) bytes += propagation->Bytes();
  return bytes;
}

template <class Real>
std::shared_ptr<const OpticalPath<Real>> LayeredPath(Propagations<Real>& propagations,
                                                     double length,
                                                     std::vector<Layer<Real>> layers) {
  std::stable_sort(layers.begin(), layers.end(),
                   [](const auto& a, const auto& b) { return a.z < b.z; });
  auto path = std::make_shared<OpticalPath<Real>>();
  double z = 0;
  const auto go_to = [&](double next) {
    if (next - z < kResolution) return;
    path->Add(propagations.Over(next - z));
    z = next;
  };
  for (const Layer<Real>& layer : layers) {
    base::Require(layer.z >= -kResolution && layer.z <= length + kResolution,
                  "layers stand inside their path");
    go_to(layer.z);
    path->Add(layer.element);
  }
  go_to(length);
  return path;
}

template std::vector<Layer<float>> Mirrored(const std::vector<Layer<float>>&, double);
template std::vector<Layer<double>> Mirrored(const std::vector<Layer<double>>&, double);
template class Propagations<float>;
template class Propagations<double>;
template std::shared_ptr<const OpticalPath<float>> LayeredPath(Propagations<float>&, double,
                                                               std::vector<Layer<float>>);
template std::shared_ptr<const OpticalPath<double>> LayeredPath(Propagations<double>&, double,
                                                                std::vector<Layer<double>>);

}  // namespace symwave::solvers::diffraction
