// Free-space propagation against closed forms of scalar optics.
#include <gtest/gtest.h>

#include "solvers/diffraction/propagation.hpp"
#include "solvers/diffraction/thin_element.hpp"
#include "solvers/diffraction/thin_optics.hpp"
#include "tests/verification/diffraction_planes.hpp"

namespace symwave::solvers::diffraction {
namespace {

using tests::Light;
using Complex = std::complex<double>;

constexpr double kWavelength = 0.532;
constexpr double kWave = 2 * M_PI / kWavelength;

Fields<double> Propagated(const PlaneShare& share, Fields<double> fields,
                          PropagationOptions options, double distance) {
  options.distance = distance;
  Propagation<double>(share, options).Forward(fields);
  return fields;
}

/// Paraxial beam of waist w0 at z = 0, without exp(i k z); `dimensions` transverse ones.
Complex GaussianBeam(double w0, double r, double z, int dimensions) {
  const Complex q = 1.0 / Complex(1, z * kWavelength / (M_PI * w0 * w0));
  return std::pow(q, 0.5 * dimensions) * std::exp(-r * r / (w0 * w0) * q);
}

TEST(Propagation, GaussianBeamHasItsWidthAndGouyPhase) {
  const PlaneShare share(MPI_COMM_SELF, {127, 127, 16});
  const double w0 = 200, rayleigh = M_PI * w0 * w0 / kWavelength;
  const Fields<double> waist = Light<double>(
      share, [&](double x, double y) { return GaussianBeam(w0, std::hypot(x, y), 0, 2); });
  const Fields<double> far = Propagated(share, waist, {}, rayleigh);
  const Fields<double> expected = Light<double>(share, [&](double x, double y) {
    return std::polar(1.0, kWave * rayleigh) * GaussianBeam(w0, std::hypot(x, y), rayleigh, 2);
  });
  // The tail outside the window is 1e-6 of the peak here and the paraxial form is good to 2e-7.
  EXPECT_LT((far - expected).cwiseAbs().maxCoeff(), 1e-5);
  const Complex axis = far(share.Pixels() / 2, 0) * std::polar(1.0, -kWave * rayleigh);
  EXPECT_NEAR(std::arg(axis), -M_PI / 4, 1e-5);
  double second = 0;
  for (long p = 0; p < share.Pixels(); ++p) {
    second += std::norm(far(p, 0)) * std::pow(share.Grid().X(p % 127), 2);
  }
  EXPECT_NEAR(2 * std::sqrt(second / far.squaredNorm()), std::sqrt(2.0) * w0, 1e-3);
  EXPECT_NEAR(far.squaredNorm() / waist.squaredNorm(), 1, 1e-9);
}

TEST(Propagation, OneDimensionalBeamHasHalfTheGouyPhase) {
  const PlaneShare share(MPI_COMM_SELF, {255, 1, 8});
  const double w0 = 200, rayleigh = M_PI * w0 * w0 / kWavelength;
  const auto beam = [&](double z) {
    return Light<double>(share, [&](double x, double) { return GaussianBeam(w0, x, z, 1); });
  };
  const Fields<double> far = Propagated(share, beam(0), {}, rayleigh);
  const Fields<double> expected = std::polar(1.0, kWave * rayleigh) * beam(rayleigh);
  EXPECT_LT((far - expected).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(Propagation, TiltedPlaneWaveKeepsItsFormAndTurnsItsPhase) {
  const PlaneShare share(MPI_COMM_SELF, {64, 48, 4});
  PropagationOptions periodic;
  periodic.padding = 1;
  periodic.band_limit = false;
  const double fx = 5 / (64 * 4.0), fy = -3 / (48 * 4.0), distance = 1000;
  const double kz = kWave * std::sqrt(1 - std::pow(kWavelength, 2) * (fx * fx + fy * fy));
  const Fields<double> wave = Light<double>(
      share, [&](double x, double y) { return std::polar(1.0, 2 * M_PI * (fx * x + fy * y)); });
  periodic.distance = distance;
  Fields<double> far = wave;
  // 48 x 4 um hold fewer samples than 1000 um need without a band limit; a periodic wave does not
  // mind, so that a short distance is repeated.
  periodic.distance = 100;
  const Propagation<double> step(share, periodic);
  for (int k = 0; k < 10; ++k) step.Forward(far);
  EXPECT_LT((far - std::polar(1.0, kz * distance) * wave).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(Propagation, LensFocusesToTheDiffractionLimit) {
  const PlaneShare share(MPI_COMM_SELF, {401, 401, 8});
  const double focal = 388000, width = 3200;
  Fields<float> light = SquareAperture(share, width + 4).cast<std::complex<float>>();
  ThinElement<float>(FromPhase<float>(LensPhase(share, kWavelength, focal))).Forward(light);
  PropagationOptions options;
  options.distance = focal;
  Propagation<float>(share, options).Forward(light);
  const long axis = share.Pixels() / 2;
  const auto intensity = [&](int i) { return std::norm(light(axis + i, 0) / light(axis, 0)); };
  // sinc^2 at the pixels of the main lobe. The sum over 401 samples is a Dirichlet kernel, which
  // differs from the integral by 1e-4 here; the edge of the band cuts a few 1e-3 of the amplitude.
  const double aperture = 401 * 8;
  for (int i = 1; i <= 7; ++i) {
    const double s = M_PI * aperture * 8 * i / (kWavelength * focal);
    EXPECT_NEAR(intensity(i), std::pow(std::sin(s) / s, 2), 5e-3) << i;
  }
  int below = 1;
  while (intensity(below) > 0.5) ++below;
  const double part = (intensity(below - 1) - 0.5) / (intensity(below - 1) - intensity(below));
  const double fwhm = 2 * 8 * (below - 1 + part);
  EXPECT_NEAR(fwhm, 0.886 * kWavelength * focal / aperture, 0.01 * 57);
}

TEST(Propagation, GratingImagesItselfAtTheTalbotDistance) {
  const PlaneShare share(MPI_COMM_SELF, {128, 1, 8});
  const double period = 128,
               talbot = kWavelength / (1 - std::sqrt(1 - std::pow(kWavelength / period, 2)));
  PropagationOptions periodic;
  periodic.padding = 1;
  periodic.band_limit = false;
  const auto grating = [&](double shift) {
    return Light<double>(share, [&](double x, double) {
      return 1 + 0.5 * std::cos(2 * M_PI * (x - shift) / period);
    });
  };
  const auto after = [&](int quarters) {
    Fields<double> light = grating(0);
    periodic.distance = talbot / 16;
    const Propagation<double> step(share, periodic);
    for (int k = 0; k < 4 * quarters; ++k) step.Forward(light);
    return Fields<double>(light * std::polar(1.0, -kWave * 0.25 * quarters * talbot));
  };
  EXPECT_LT((after(4) - grating(0)).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT((after(2) - grating(0.5 * period)).cwiseAbs().maxCoeff(), 1e-9);
  // A quarter on, the first orders are 90 degrees behind: a grating of phases.
  const Fields<double> turned = Light<double>(share, [&](double x, double) {
    return 1.0 - Complex(0, 0.5) * std::cos(2 * M_PI * x / period);
  });
  EXPECT_LT((after(1) - turned).cwiseAbs().maxCoeff(), 1e-9);
}

/// Rayleigh and Sommerfeld's first integral as a sum over the pixels.
Complex DirectSum(const PlaneShare& share, const Fields<double>& light, double x, double y,
                  double z) {
  Complex sum = 0;
  for (long p = 0; p < share.Pixels(); ++p) {
    const double dx = x - share.Grid().X(p % share.Grid().nx);
    const double dy = y - share.Grid().Y(p / share.Grid().nx);
    const double r = std::sqrt(dx * dx + dy * dy + z * z);
    sum += light(p, 0) * z / r * Complex(1 / r, -kWave) * std::polar(1 / r, kWave * r);
  }
  return sum * std::pow(share.Grid().pitch, 2) / (2 * M_PI);
}

TEST(Propagation, ConvergesToTheIntegralOfRayleighAndSommerfeld) {
  const double distance = 8000;
  for (const int n : {32, 64, 128}) {
    const PlaneShare share(MPI_COMM_SELF, {n, n, 384.0 / n});
    const Fields<double> light = Light<double>(share, [](double x, double y) {
      const double a = (x - 40) / 30, b = y / 45;
      return std::polar(std::exp(-a * a - b * b), 0.02 * x + 0.0002 * y * y);
    });
    const Fields<double> far = Propagated(share, light, {}, distance);
    const double peak = far.cwiseAbs().maxCoeff();
    double worst = 0;
    for (const int p : {0, 5, 11}) {
      const long pixel = (n / 2 + p * n / 64) * static_cast<long>(n) + n / 2 + 2 * p * n / 64;
      const Complex direct =
          DirectSum(share, light, share.Grid().X(pixel % n), share.Grid().Y(pixel / n), distance);
      worst = std::max(worst, std::abs(far(pixel, 0) - direct) / peak);
    }
    // 12 um sample the light to 1e-7; below, phases of 1e5 rad are rounded.
    EXPECT_LT(worst, n == 32 ? 1e-6 : 1e-9);
  }
}

TEST(Propagation, FresnelFormAgreesWhereItSaysItIsValid) {
  const PlaneShare share(MPI_COMM_SELF, {96, 96, 8});
  PropagationOptions options;
  options.distance = 60000;
  options.method = PropagationMethod::Fresnel;
  EXPECT_TRUE(PropagationWarnings(share.Grid(), options).empty());
  const Fields<double> light = Light<double>(
      share, [](double x, double y) { return std::exp(-(x * x + y * y) / (100.0 * 100.0)); });
  const double phase = CheckSampling(share.Grid(), options).fresnel_phase;
  const Fields<double> exact = Propagated(share, light, {}, options.distance);
  const Fields<double> paraxial = Propagated(share, light, options, options.distance);
  EXPECT_LT(tests::Difference(paraxial, exact), phase);
  options.distance = 400;
  EXPECT_FALSE(PropagationWarnings({1000, 1000, 1}, options).empty());
}

}  // namespace
}  // namespace symwave::solvers::diffraction
