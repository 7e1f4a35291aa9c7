// Stratified media against the closed forms of Fresnel and Airy.
#include <gtest/gtest.h>

#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

double Reflectance(const Layered& device, double wavelength) {
  return std::norm(
      SolveDevice(MPI_COMM_WORLD, device.grid, device.media, device.ports, wavelength).s(0, 0));
}

TEST(Fresnel, NormalIncidenceFromVacuumIntoIndexTwo) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    double error[2];
    for (int refinement = 0; refinement < 2; ++refinement) {
      const double cell = refinement == 0 ? 0.02 : 0.01;
      const auto device = MakeLayered(polarization, cell, 0.1, 1.0, {{0.0, 2.0}}, 1.5, 0);
      const auto result =
          SolveDevice(MPI_COMM_WORLD, device.grid, device.media, device.ports, 1.55);
      error[refinement] = std::abs(std::norm(result.s(0, 0)) - 1.0 / 9);
      EXPECT_NEAR(std::norm(result.s(0, 0)) + std::norm(result.s(1, 0)), 1.0, 1e-5);
      EXPECT_LT(result.power[0].balance_error, 1e-5);
    }
    // 78 cells per wavelength in the denser medium: (w n h)^2 / 24 = 3e-4.
    EXPECT_LT(error[1], 3e-4);
    EXPECT_LT(error[1], 0.3 * error[0]) << "second order";
  }
}

// p-polarized light (H out of the plane) from n 1.4 into n 3.5 at oblique incidence: mode m = 1
// between walls a height H apart is two plane waves at sin(theta) = pi / (H k n).
TEST(Fresnel, ObliqueIncidenceOfPPolarizedLight) {
  const double wavelength = 1.55;
  const double angles[] = {20.6, 35.7};
  const double expected[] = {0.164359, 0.124120};
  for (int a = 0; a < 2; ++a) {
    const double height = wavelength / (2 * 1.4 * std::sin(angles[a] * M_PI / 180));
    double error[2];
    for (const int cells : {80, 160}) {
      const double cell = height / cells;
      const auto device =
          MakeLayered(Polarization::Hz, cell, height, 1.4, {{0.0, 3.5}}, 0.75 * height, 1);
      error[cells / 160] = std::abs(Reflectance(device, wavelength) - expected[a]);
    }
    EXPECT_LT(error[1], 1e-3) << angles[a] << " degrees";
    EXPECT_LT(error[1], 0.35 * error[0]) << "second order at " << angles[a] << " degrees";
  }
}

TEST(Fresnel, NormalIncidenceOfPPolarizedLight) {
  const auto device = MakeLayered(Polarization::Hz, 0.01, 0.1, 1.4, {{0.0, 3.5}}, 1.5, 0);
  EXPECT_NEAR(Reflectance(device, 1.55), 0.183673, 1e-3);
}

TEST(FabryPerot, TransmissionOfASiliconFilm) {
  const double wavelengths[] = {1.31, 1.55, 1.60};
  const double expected[] = {0.609316, 0.995609, 0.953772};
  double worst[2] = {0, 0};
  for (int refinement = 0; refinement < 2; ++refinement) {
    const double cell = refinement == 0 ? 0.01 : 0.005;
    // The film's faces lie inside cells: subpixel averaging places them.
    const auto device =
        MakeLayered(Polarization::Ez, cell, 0.1, 1.0, {{-0.1123, 3.476}, {0.1077, 1.0}}, 1.0, 0);
    for (int k = 0; k < 3; ++k) {
      const auto result =
          SolveDevice(MPI_COMM_WORLD, device.grid, device.media, device.ports, wavelengths[k]);
      worst[refinement] =
          std::max(worst[refinement], std::abs(std::norm(result.s(1, 0)) - expected[k]));
    }
  }
  EXPECT_LT(worst[1], 1e-3);
  EXPECT_LT(worst[1], 0.4 * worst[0]);
}

}  // namespace
}  // namespace symwave::verification
