// What the element (1/eps)_xy at nodes does for light with its E in the plane, by how much: a
// magnetic line current beside a rod against cylindrical waves.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/driven_fields.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using domain::Component;

constexpr double kRadius = 0.4137, kIndex = 3.5, kOmega = 2 * M_PI / 1.55;
/// H_n^(1) and its derivative.
struct Hankel {
  Complex value, slope;
  Hankel(int n, double x)
      : value(Of(n, x)), slope(n == 0 ? -Of(1, x) : Of(n - 1, x) - n / x * value) {}
  static Complex Of(int n, double x) { return {std::cyl_bessel_j(n, x), std::cyl_neumann(n, x)}; }
};

double BesselSlope(int n, double x) {
  return n == 0 ? -std::cyl_bessel_j(1, x)
                : std::cyl_bessel_j(n - 1, x) - n / x * std::cyl_bessel_j(n, x);
}

/// H_z of a unit current at `source`: 1/4 w H_0 of the current itself, and what the rod scatters.
Complex Exact(Complex source, Complex at) {
  const double x = kOmega * kRadius, inside = kIndex * x;
  Complex sum = Hankel::Of(0, kOmega * std::abs(at - source));
  for (int n = 0; n < 14; ++n) {
    const double j = std::cyl_bessel_j(n, x), js = BesselSlope(n, x);
    const double ji = std::cyl_bessel_j(n, inside), jis = BesselSlope(n, inside) / kIndex;
    const Hankel h(n, x);
    const Complex a = -(jis * j - ji * js) / (jis * h.value - ji * h.slope);
    sum += (n == 0 ? 1.0 : 2.0) * std::cos(n * std::arg(at / source)) * a *
           Hankel::Of(n, kOmega * std::abs(source)) * Hankel::Of(n, kOmega * std::abs(at));
  }
  return 0.25 * kOmega * sum;
}

/// Error of H_z in a ring around the rod, rms over that of the field.
double ErrorAt(double cell, bool coupled) {
  const domain::Lattice lattice =
      domain::UniformLattice(GridOf(Polarization::Hz, cell, 2.8, 2.8, 1));
  const domain::FrequencyMedia drawn = MediaOf({{domain::Circle{{0, 0}, kRadius}, "core", ""}},
                                               {{"core", kIndex * kIndex}, {"clad", 1.0}});
  domain::PermittivityMap media = domain::MakePermittivityMap(lattice, drawn);
  if (!coupled) media.couple = nullptr;
  solvers::fdfd::DrivenFields solver(MPI_COMM_WORLD, lattice, {});
  const std::array<int, 3> point{lattice.Along(0).CellAt(0.7), lattice.Along(1).CellAt(0.3), 0};
  const auto place = [&](int i, int j) {
    return Complex(lattice.HalfNode(0, i), lattice.HalfNode(1, j));
  };
  const Complex source = place(point[0], point[1]);
  const int number = solver.AddDft({lattice.AllPoints(), {Component::Hz}, {kOmega}});
  solver.Solve(kOmega, media, {{Component::Hz, point, 1 / (cell * cell)}});
  const solvers::yee::DftBlock field = solver.Dft(number);
  std::array<double, 2> sums{0, 0};
  for (int j = field.box.lo[1]; j < std::min(field.box.hi[1], lattice.Cells(1)); ++j) {
    for (int i = field.box.lo[0]; i < std::min(field.box.hi[0], lattice.Cells(0)); ++i) {
      const Complex at = place(i, j);
      if (std::abs(at) < 0.6 || std::abs(at) > 1.2 || std::abs(at - source) < 0.25) continue;
      const Complex exact = Exact(source, at);
      sums[0] += std::norm(field.At(0, 0, i, j, 0) - exact);
      sums[1] += std::norm(exact);
    }
  }
  Eigen::MatrixXcd all(2, 1);
  all << sums[0], sums[1];
  solvers::fdfd::SumOverRanks(MPI_COMM_WORLD, all);
  return std::sqrt(all(0).real() / all(1).real());
}

TEST(Averaging, OfCurvedWallsIsBetterWithTheirCoupling) {
  std::array<double, 3> with{}, without{};
  const std::array<double, 3> cells{0.05, 0.025, 0.0125};
  for (size_t k = 0; k < 3; ++k) {
    with[k] = ErrorAt(cells[k], true);
    without[k] = ErrorAt(cells[k], false);
    std::printf("cell %.4f um: error %.2e with the coupling, %.2e without\n", cells[k], with[k],
                without[k]);
  }
  const double order = std::log2(with[0] / with[2]) / 2;
  std::printf("order %.2f with, %.2f without\n", order, std::log2(without[0] / without[2]) / 2);
  EXPECT_GT(order, 1.7);
  EXPECT_LT(with[2], 0.6 * without[2]);
}

}  // namespace
}  // namespace symwave::verification
