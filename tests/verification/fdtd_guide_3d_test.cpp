// A straight silicon wire in 3D: all of the light arrives, with the phase of the lattice mode.
#include <gtest/gtest.h>

#include "domain/yee_media.hpp"
#include "solvers/fdtd/scattering.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;

constexpr double kCell = 0.05;

domain::Lattice WireLattice() {
  const domain::AxisEnd end{domain::Wall::Pec, 10};
  return domain::Lattice(
      {Axis::Uniform(kCell, 68), Axis::Uniform(kCell, 52), Axis::Uniform(kCell, 48)},
      {{{end, end}, {end, end}, {end, end}}});
}

/// 0.45 x 0.22 um of silicon in oxide.
domain::MediumMap WireMedia(const domain::Lattice& lattice) {
  domain::ExtrudedShape core;
  core.shape = BoxShape(-9, 9, -0.225, 0.225, "Si");
  core.bottom = -0.11;
  core.top = 0.11;
  domain::Medium silicon{"Si", 3.476 * 3.476, 0, {}};
  domain::Medium oxide{"SiO2", 1.444 * 1.444, 0, {}};
  return domain::MakeMediumMap(lattice, domain::Structure("SiO2", {}, {core}), {silicon, oxide});
}

TEST(TimeDomainScattering, SiliconWireIn3D) {
  const domain::Lattice lattice = WireLattice();
  domain::PlanePort in;
  in.name = "in";
  in.at = {-0.9, 0, 0};
  in.span = {1.6, 1.4};
  domain::PlanePort out = in;
  out.name = "out";
  out.at = {0.9, 0, 0};
  out.faces = domain::Direction::MinusX;
  solvers::fdtd::ScatteringOptions options;
  options.engine.pml.index = 2;
  options.run.decay = 1e-6;
  const auto result = solvers::fdtd::SolveScattering(MPI_COMM_WORLD, lattice, WireMedia(lattice),
                                                     {in, out}, {1.5, 1.55, 1.6}, options);
  for (size_t w = 0; w < 3; ++w) {
    const Complex beta = 2 * M_PI / result.wavelengths[w] * result.modes[0].n_eff[w];
    // The wanted accuracy is 5e-3 in power; float32 and the evanescent edge of the port's window
    // leave 1e-4.
    EXPECT_NEAR(std::norm(result.s[w](1, 0)), 1, 5e-4);
    EXPECT_LT(std::norm(result.s[w](0, 0)), 1e-6);
    EXPECT_NEAR(std::abs(result.s[w](1, 0) - std::exp(Complex(0, 1.8) * beta)), 0, 2e-3);
    EXPECT_NEAR(result.power[w][0].absorbed, 0, 1e-5);
    EXPECT_LT(result.reciprocity_defect[w], 1e-5);
    std::printf("silicon wire at %.2f um: n_eff %.4f, |S21|^2 - 1 = %+.1e, |S11|^2 = %.0e\n",
                result.wavelengths[w], result.modes[0].n_eff[w].real(),
                std::norm(result.s[w](1, 0)) - 1, std::norm(result.s[w](0, 0)));
  }
}

}  // namespace
}  // namespace symwave::verification
