#include "domain/fabrication.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "domain/base/error.hpp"
#include "domain/base/random.hpp"

namespace symwave::domain {

namespace {

const double kTwoPi = 2 * std::acos(-1.0);
constexpr double kFinestSpacing = 0.005;  // um between displaced points of an outline
constexpr double kCoarsestSpacing = 1e6;  // um: straight edges stay whole

/// Fields of one seed that must not depend on each other.
enum class Stream : std::uint64_t { Roughness = 1, Index = 2, Thickness = 3 };

std::uint64_t Mix(std::uint64_t seed, Stream stream) {
  return base::MixSeed(seed, static_cast<std::uint64_t>(stream));
}

void CheckLength(double value, const char* what) {
  if (!(value > 0) || !std::isfinite(value)) {
    base::Fail("{} is {} um, but must be positive", what, value);
  }
}

}  // namespace

RandomField::RandomField(std::uint64_t seed, double correlation_length, int terms)
    : scale_(std::sqrt(2.0 / terms)) {
  CheckLength(correlation_length, "the correlation length of a random field");
  std::mt19937_64 generator(seed);
  for (int i = 0; i < terms; ++i) {
    // Box and Muller: one pair of normal numbers is one wave vector.
    const double k = std::sqrt(-2 * std::log(base::Uniform(generator))) / correlation_length;
    const double angle = kTwoPi * base::Uniform(generator);
    kx_.push_back(k * std::cos(angle));
    ky_.push_back(k * std::sin(angle));
    phase_.push_back(kTwoPi * base::Uniform(generator));
  }
}

double RandomField::operator()(double x, double y) const {
  double sum = 0;
  for (size_t i = 0; i < kx_.size(); ++i) sum += std::cos(kx_[i] * x + ky_[i] * y + phase_[i]);
  return scale_ * sum;
}

RandomField RoughnessField(const FabricationErrors& errors) {
  return RandomField(Mix(errors.seed, Stream::Roughness), errors.roughness_correlation);
}

RandomField IndexField(const FabricationErrors& errors) {
  return RandomField(Mix(errors.seed, Stream::Index), errors.index_correlation);
}

RandomField ThicknessField(const FabricationErrors& errors) {
  return RandomField(Mix(errors.seed, Stream::Thickness), errors.thickness_correlation);
}

std::function<double(double, double)> LocalError(const FabricationErrors& errors, double sigma,
                                                 const RandomField& field) {
  const auto shared = std::make_shared<const RandomField>(field);  // media are cheap to copy
  return [errors, sigma, shared](double x, double y) {
    const double share = sigma * LocalShare(errors, x);
    return share == 0 ? 0.0 : share * (*shared)(x, y);
  };
}

double LocalShare(const FabricationErrors& errors, double x) {
  constexpr double kFade = 0.3;  // um
  const double inside = std::min(x - errors.local_extent[0], errors.local_extent[1] - x);
  if (inside <= 0) return 0;
  if (inside >= kFade) return 1;
  return 0.5 * (1 - std::cos(0.5 * kTwoPi * inside / kFade));
}

std::vector<Region> Fabricate(const std::vector<Region>& design, const FabricationErrors& errors) {
  if (!std::isfinite(errors.etch_bias)) base::Fail("etch_bias is {} um", errors.etch_bias);
  if (!(errors.roughness >= 0) || !std::isfinite(errors.roughness)) {
    base::Fail("roughness is {} um, but must not be negative", errors.roughness);
  }
  if (errors.etch_bias == 0 && errors.roughness == 0) return design;
  if (errors.roughness == 0) {
    return DisplaceOutlines(design, kCoarsestSpacing,
                            [&](double, double) { return errors.etch_bias; });
  }
  CheckLength(errors.roughness_correlation, "roughness_correlation");
  const auto local = LocalError(errors, errors.roughness, RoughnessField(errors));
  const double spacing = std::max(kFinestSpacing, errors.roughness_correlation / 3);
  return DisplaceOutlines(design, spacing,
                          [&](double x, double y) { return errors.etch_bias + local(x, y); });
}

}  // namespace symwave::domain
