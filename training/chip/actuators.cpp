#include "training/chip/actuators.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "domain/base/random.hpp"

namespace symwave::training::chip {

using domain::Element;

namespace {

double Distance(const Element& a, const Element& b) {
  const auto middle = [](const Element& of, int axis) {
    const auto extent = of.Extent(axis);
    return 0.5 * (extent[0] + extent[1]);
  };
  return std::hypot(middle(a, 0) - middle(b, 0), middle(a, 1) - middle(b, 1));
}

/// Between phase shifters that do not lie on each other; 0 where there are no two.
double SmallestDistance(const std::vector<Element>& elements) {
  double smallest = 0;
  for (const Element& a : elements) {
    for (const Element& b : elements) {
      if (a.attenuates || b.attenuates) continue;
      const double distance = Distance(a, b);
      if (distance > 0 && (smallest == 0 || distance < smallest)) smallest = distance;
    }
  }
  return smallest;
}

}  // namespace

ActuatorResponse IdealActuatorResponse(int elements) {
  return {Eigen::VectorXd::Ones(elements), Eigen::VectorXd::Zero(elements), {}};
}

ActuatorResponse DrawActuatorResponse(const ActuatorErrors& errors, int block,
                                      const std::vector<Element>& elements) {
  std::mt19937_64 generator(base::MixSeed(errors.drive_seed, 1 + block));
  const auto count = static_cast<Eigen::Index>(elements.size());
  ActuatorResponse response = IdealActuatorResponse(static_cast<int>(count));
  for (Eigen::Index e = 0; e < count; ++e) {
    response.gain[e] += errors.gain_sigma * base::Gaussian(generator);
    const double uniform = 2 * base::Uniform(generator) - 1;
    const bool attenuates = elements[static_cast<size_t>(e)].attenuates;
    if (!attenuates) response.offset[e] = errors.offset_range * uniform;
  }
  response.crosstalk = ThermalCrosstalk(errors.crosstalk, elements);
  return response;
}

Eigen::MatrixXd ThermalCrosstalk(double nearest, const std::vector<Element>& elements) {
  const double unit = SmallestDistance(elements);
  if (nearest <= 0 || unit == 0) return {};
  const auto count = static_cast<Eigen::Index>(elements.size());
  Eigen::MatrixXd shares = Eigen::MatrixXd::Zero(count, count);
  for (Eigen::Index e = 0; e < count; ++e) {
    for (Eigen::Index f = 0; f < count; ++f) {
      const Element &to = elements[e], &from = elements[f];
      if (e == f || to.attenuates || from.attenuates) continue;
      shares(e, f) = std::pow(nearest, Distance(to, from) / unit);
    }
  }
  return shares;
}

Eigen::VectorXd Driven(const ActuatorResponse& response, const Eigen::VectorXd& commands,
                       const std::vector<Element>& elements) {
  Eigen::VectorXd driven = response.gain.cwiseProduct(commands);
  if (response.crosstalk.size() > 0) driven += (response.crosstalk * driven).eval();
  for (Eigen::Index e = 0; e < driven.size(); ++e) {
    driven[e] = elements[static_cast<size_t>(e)].attenuates
                    ? std::max(0.0, driven[e])
                    : std::remainder(driven[e] + response.offset[e], 2 * M_PI);
  }
  return driven;
}

}  // namespace symwave::training::chip
