// What the element (1/eps)_xy at nodes does for light with its E in the plane: without it the
// averages beside walls across both axes are first order.
#include <gtest/gtest.h>

#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

/// S of a guide whose light passes a disc and turns aside into a second guide.
Eigen::MatrixXcd ThroughDisc(double cell, bool coupled) {
  const domain::Lattice lattice =
      domain::UniformLattice(GridOf(Polarization::Hz, cell, 4, 3.2, 0.8));
  const domain::FrequencyMedia drawn =
      MediaOf({BoxShape(-9, 9, -0.2, 0.2),
               {domain::Circle{{0.13, 0.21}, 0.617}, "core", ""},
               {domain::Straight{{0.13, 0.21}, {0.9, 1.3}, 0.37}, "core", ""}},
              {{"core", 6.5}, {"clad", 2.09}});
  domain::PermittivityMap media = domain::MakePermittivityMap(lattice, drawn);
  if (!coupled) media.couple = nullptr;
  solvers::fdfd::Simulation simulation(MPI_COMM_WORLD, lattice, {});
  return simulation
      .Solve(
          1.55, media,
          {PortAt("in", -1.6, 0, Direction::PlusX, 2), PortAt("out", 1.6, 0, Direction::MinusX, 2)})
      .s;
}

TEST(Averaging, OfSlantedWallsIsSecondOrderWithTheirCoupling) {
  const Eigen::MatrixXcd reference =
      (4 * ThroughDisc(0.01, true) - ThroughDisc(0.02, true)) / 3;  // Richardson
  const auto error = [&](double cell, bool coupled) {
    return (ThroughDisc(cell, coupled) - reference).norm() / reference.norm();
  };
  const double coarse = error(0.08, true), fine = error(0.02, true);
  const double plain_coarse = error(0.08, false), plain_fine = error(0.02, false);
  std::printf("with the coupling %.1e -> %.1e, order %.2f; without %.1e -> %.1e, order %.2f\n",
              coarse, fine, std::log2(coarse / fine) / 2, plain_coarse, plain_fine,
              std::log2(plain_coarse / plain_fine) / 2);
  EXPECT_GT(std::log2(coarse / fine) / 2, 1.6);
  EXPECT_LT(fine, 0.5 * plain_fine);
}

}  // namespace
}  // namespace symwave::verification
