// Waves in layers: against Airy's formula, Maxwell's equations and the conservation of energy.
#include "solvers/fdtd/layered_medium.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace symwave::solvers::fdtd {
namespace {

using Complex = std::complex<double>;
using Eigen::Vector3cd;
using Eigen::Vector3d;
constexpr double kOmega = 7.3;

Vector3d Tilted(int axis, double angle, double azimuth) {
  Vector3d d;
  d[axis] = std::cos(angle);
  d[(axis + 1) % 3] = std::sin(angle) * std::cos(azimuth);
  d[(axis + 2) % 3] = std::sin(angle) * std::sin(azimuth);
  return d;
}

/// E (electric) or H of a wave at a point.
Vector3cd FieldAt(const LayeredMedium& layers, const IncomingWave& wave, const Vector3d& r,
                  Complex eps, bool electric) {
  const LayerField field = wave.At(r[layers.Axis()], 1.0 / eps);
  return (electric ? field.e : field.h) * std::exp(Complex(0, wave.Across().dot(r)));
}

Vector3cd Curl(const LayeredMedium& layers, const IncomingWave& wave, const Vector3d& r,
               Complex eps, bool electric) {
  const double h = 1e-4;
  Vector3cd curl = Vector3cd::Zero();
  for (int d = 0; d < 3; ++d) {
    const Vector3d step = h * Vector3d::Unit(d);
    const Vector3cd slope = (FieldAt(layers, wave, r + step, eps, electric) -
                             FieldAt(layers, wave, r - step, eps, electric)) /
                            (2 * h);
    curl[(d + 1) % 3] -= slope[(d + 2) % 3];
    curl[(d + 2) % 3] += slope[(d + 1) % 3];
  }
  return curl;
}

TEST(LayeredMedium, WavesObeyMaxwellsEquationsInEveryLayer) {
  const std::vector<double> interfaces{-0.3, 0.1, 0.5};
  const std::vector<Complex> eps{2.25, Complex(4, 0.3), Complex(-3, 0.1), 1};
  const double heights[] = {-0.6, -0.1, 0.3, 0.9};
  for (const int axis : {0, 1, 2}) {
    const LayeredMedium layers(axis, interfaces, eps, kOmega);
    for (const double angle : {0.0, 0.6, 1.2, M_PI - 0.3, M_PI - 1.3}) {  // above and below
      for (const bool magnetic : {false, true}) {
        const IncomingWave wave = layers.From(Tilted(axis, angle, 0.7), magnetic, false);
        EXPECT_NEAR(wave.Polarization().norm(), 1, 1e-12);
        EXPECT_NEAR(wave.Polarization().dot(Tilted(axis, angle, 0.7)), 0, 1e-12);
        for (size_t k = 0; k < eps.size(); ++k) {
          Vector3d r(0.2, -0.1, 0.3);
          r[axis] = heights[k];
          const Vector3cd e = FieldAt(layers, wave, r, eps[k], true);
          const Vector3cd h = FieldAt(layers, wave, r, eps[k], false);
          const Complex i(0, 1);
          const double scale = kOmega * (e.norm() + h.norm());
          // Differences of second order.
          EXPECT_LT((Curl(layers, wave, r, eps[k], true) - i * kOmega * h).norm(), 1e-5 * scale);
          EXPECT_LT((Curl(layers, wave, r, eps[k], false) + i * kOmega * eps[k] * e).norm(),
                    1e-5 * scale * std::abs(eps[k]));
        }
      }
    }
  }
}

TEST(LayeredMedium, TangentialFieldsAreContinuous) {
  const LayeredMedium layers(2, {-0.3, 0.1}, {2.25, 4, 1}, kOmega);
  for (const bool magnetic : {false, true}) {
    for (const double angle : {0.4, M_PI - 1.1}) {
      const IncomingWave wave = layers.From(Tilted(2, angle, 0.2), magnetic, false);
      for (const double z : {-0.3, 0.1}) {
        const LayerField below = wave.At(z - 1e-9, 1), above = wave.At(z + 1e-9, 1);
        for (int d = 0; d < 2; ++d) {
          EXPECT_LT(std::abs(below.e[d] - above.e[d]), 1e-6);
          EXPECT_LT(std::abs(below.h[d] - above.h[d]), 1e-6);
        }
      }
    }
  }
}

TEST(LayeredMedium, AFilmReflectsAsAiryHasIt) {
  // Normal incidence from above on a film of index 2 between index 1 and 1.5.
  const double d = 0.37, n1 = 1, n2 = 2, n3 = 1.5;
  const LayeredMedium layers(0, {-d, 0}, {n3 * n3, n2 * n2, n1 * n1}, kOmega);
  const IncomingWave wave = layers.From(Vector3d(1, 0, 0), false, true);
  const double r12 = (n1 - n2) / (n1 + n2), r23 = (n2 - n3) / (n2 + n3);
  const Complex full = std::polar(1.0, 2 * n2 * kOmega * d);
  const Complex r = (r12 + r23 * full) / (1.0 + r12 * r23 * full);
  const Complex t =
      (1 + r12) * (1 + r23) * std::polar(1.0, n2 * kOmega * d) / (1.0 + r12 * r23 * full);
  EXPECT_LT(std::abs(wave.At(0, 1).e.dot(wave.Polarization().cast<Complex>()) - std::conj(1.0 + r)),
            1e-12);
  EXPECT_NEAR(wave.At(-d, 1).e.norm(), std::abs(t), 1e-12);
  // Energy.
  EXPECT_NEAR(std::norm(r) + n3 * std::norm(t), 1, 1e-12);
}

TEST(LayeredMedium, OpaqueHalfSpacesHaveNoIndex) {
  const LayeredMedium layers(1, {0}, {Complex(-10, 0.5), 1}, kOmega);
  EXPECT_EQ(layers.Index(0), 0);
  EXPECT_EQ(layers.Index(1), 1);
  EXPECT_TRUE(layers.TakesLight());
  EXPECT_FALSE(LayeredMedium(1, {0}, {2.25, 1}, kOmega).TakesLight());
  EXPECT_TRUE(LayeredMedium(1, {0, 1}, {2.25, 4, 1}, kOmega).TakesLight());
  // Mean over an interval that the interface cuts.
  EXPECT_NEAR(LayeredMedium(1, {0}, {4, 1}, kOmega).InverseEps(-1, 3).real(), 13.0 / 16, 1e-14);
}

}  // namespace
}  // namespace symwave::solvers::fdtd
