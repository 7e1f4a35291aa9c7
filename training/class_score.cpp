#include "training/class_score.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::training {

namespace {

constexpr double kNoLight = 1e-300;  // added to a sum of light: shares of nothing are 0

}  // namespace

Eigen::ArrayXXd SharesOf(const Eigen::ArrayXXd& light, Eigen::ArrayXXd& total) {
  total = light.rowwise().sum() + kNoLight;
  return light.colwise() / total.col(0);
}

Eigen::ArrayXXd SlopeOfLight(const Eigen::ArrayXXd& shares, const Eigen::ArrayXXd& total,
                             const Eigen::ArrayXXd& slope) {
  const Eigen::ArrayXd mean = (shares * slope).rowwise().sum();
  return (slope.colwise() - mean).colwise() / total.col(0);
}

ClassScore::ClassScore(const DetectionOptions& options, int ports, int classes)
    : kind_(options.kind),
      classes_(classes),
      detectors_(static_cast<std::size_t>(ports), -1),
      in_phase_(std::sqrt(ports) * std::cos(options.phase)),
      quadrature_(std::sqrt(ports) * std::sin(options.phase)) {
  if (options.classes.empty()) {
    base::Require(kind_ == Detection::Intensity, "only intensities have ports by default");
    DealPorts(ports);
    return;
  }
  base::Require(static_cast<int>(options.classes.size()) == classes, "every class has its ports");
  for (int c = 0; c < classes; ++c) {
    const ClassPorts& of = options.classes[static_cast<std::size_t>(c)];
    for (const int port : of.plus) detectors_[static_cast<std::size_t>(port)] = c;
    for (const int port : of.minus) detectors_[static_cast<std::size_t>(port)] = classes + c;
  }
}

void ClassScore::DealPorts(int ports) {
  if (ports < classes_) {
    base::Fail(
        "the network has {} output ports but the data have {} classes; each class needs a port "
        "(network.outputs, chip.ports)",
        ports, classes_);
  }
  const int size = ports / classes_;
  const int first = (ports - size * classes_) / 2;
  for (int k = 0; k < size * classes_; ++k) {
    const int port = first + k;
    detectors_[static_cast<std::size_t>(port)] = k / size;
  }
}

ClassScore::Reading ClassScore::Read(const Amplitudes& y) const {
  Reading reading;
  if (kind_ == Detection::Coherent) {
    reading.scores.resize(y.Samples(), classes_);
    for (int p = 0; p < y.Ports(); ++p) {
      if (Detector(p) < 0) continue;
      reading.scores.col(Detector(p)) = in_phase_ * y.Re().col(p) + quadrature_ * y.Im().col(p);
    }
    return reading;
  }
  const int detectors = kind_ == Detection::Difference ? 2 * classes_ : classes_;
  Eigen::ArrayXXd light = Eigen::ArrayXXd::Zero(y.Samples(), detectors);
  for (int p = 0; p < y.Ports(); ++p) {
    if (Detector(p) < 0) continue;
    light.col(Detector(p)) += y.Re().col(p).square() + y.Im().col(p).square();
  }
  if (kind_ == Detection::Intensity) {
    reading.scores = SharesOf(light, reading.total);
  } else {
    const auto plus = light.leftCols(classes_), minus = light.rightCols(classes_);
    reading.total = plus + minus + kNoLight;
    reading.scores = (plus - minus) / reading.total;
  }
  return reading;
}

Eigen::ArrayXXd ClassScore::LightSlope(const Reading& reading, const Eigen::ArrayXXd& slope) const {
  if (kind_ == Detection::Intensity) return SlopeOfLight(reading.scores, reading.total, slope);
  Eigen::ArrayXXd of_light(slope.rows(), 2 * classes_);
  of_light.leftCols(classes_) = slope * (1 - reading.scores) / reading.total;
  of_light.rightCols(classes_) = -slope * (1 + reading.scores) / reading.total;
  return of_light;
}

// Of light dL/dI conj(y); of a quadrature dL/dz sqrt(P) exp(-i phase) / 2.
void ClassScore::ErrorField(const Amplitudes& y, const Reading& reading,
                            const Eigen::ArrayXXd& slope, Amplitudes& error) const {
  const bool coherent = kind_ == Detection::Coherent;
  const Eigen::ArrayXXd of_light = coherent ? Eigen::ArrayXXd() : LightSlope(reading, slope);
  error.Resize(y.Samples(), y.Ports());
  for (int p = 0; p < y.Ports(); ++p) {
    const int detector = Detector(p);
    if (detector < 0) {
      error.Re().col(p) = 0.0;
      error.Im().col(p) = 0.0;
    } else if (coherent) {
      error.Re().col(p) = 0.5 * in_phase_ * slope.col(detector);
      error.Im().col(p) = -0.5 * quadrature_ * slope.col(detector);
    } else {
      error.Re().col(p) = of_light.col(detector) * y.Re().col(p);
      error.Im().col(p) = -of_light.col(detector) * y.Im().col(p);
    }
  }
}

}  // namespace symwave::training
