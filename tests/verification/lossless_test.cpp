// Invariants of the discrete system: A = A^T to the last bit, S unitary without loss.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "domain/base/communicator.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

/// Boxes of random permittivity 1..4 (and a loss) in the middle of the grid.
domain::FrequencyMedia RandomBoxes(double half_width, double loss) {
  std::mt19937_64 generator(7);
  std::vector<domain::Shape> shapes;
  domain::PermittivityTable materials{{"clad", 1.0}};
  for (int k = 0; k < 24; ++k) {
    const auto uniform = [&] { return (generator() >> 11) * 0x1p-53; };
    const std::string name = "m" + std::to_string(k);
    materials[name] = Complex(1 + 3 * uniform(), loss);
    const double x = -0.9 + 1.6 * uniform();
    const double y = half_width * (-1 + 1.7 * uniform());
    shapes.push_back(BoxShape(x, x + 0.31, y, y + 0.27, name));
  }
  return MediaOf(shapes, materials);
}

TEST(Operator, IsSymmetricToTheLastBit) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    const solvers::fdfd::PlanePoints points(
        domain::UniformLattice(GridOf(polarization, 0.05, 3, 2, 0.5)));
    const auto media = domain::MakePermittivityMap(points.Lattice(), RandomBoxes(0.9, 0.2));
    const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
    const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
    const auto mine = domain::PartitionColumns({0, points.Nx()}, rank, size);
    const solvers::fdfd::Coefficients coefficients(points, media, mine);
    const solvers::fdfd::Stencil stencil(points, coefficients, 4.0);
    const auto op = solvers::fdfd::AssembleOperator(MPI_COMM_WORLD, stencil, {0, points.Nx()});
    solvers::MatHandle transpose;
    base::Petsc(MatTranspose(op, MAT_INITIAL_MATRIX, transpose.Out()));
    base::Petsc(MatAXPY(transpose, -1.0, op, DIFFERENT_NONZERO_PATTERN));
    PetscReal difference = 1;
    base::Petsc(MatNorm(transpose, NORM_FROBENIUS, &difference));
    EXPECT_EQ(difference, 0.0);
  }
}

/// Boxes of random media between perfect walls, in a guide with ports on both sides that take the
/// first `modes` modes, all that propagate at wavelength 1.
solvers::fdfd::Scattering ThroughBoxes(Polarization polarization, Boundary walls, double height,
                                       int modes, double loss) {
  auto grid = GridOf(polarization, 0.025, 4, height, 2);
  grid.boundary[1] = walls;
  std::vector<domain::PlanePort> ports = {PortAt("left", -1.8, 0, Direction::PlusX, height),
                                          PortAt("right", 1.8, 0, Direction::MinusX, height)};
  for (auto& port : ports) {
    port.modes.resize(static_cast<std::size_t>(modes));
    std::iota(port.modes.begin(), port.modes.end(), 0);
  }
  return SolveDevice(MPI_COMM_WORLD, grid, RandomBoxes(0.5 * height, loss), ports, 1.0);
}

double UnitarityDefect(const Eigen::MatrixXcd& s) {
  return (s.adjoint() * s - Eigen::MatrixXcd::Identity(s.rows(), s.cols())).cwiseAbs().maxCoeff();
}

// The mode without a cut-off meets the PML head on, which returns 1e-6 of its amplitude: with the
// waves between the two layers, 4e-6 of S^H S at most. A loss of 1e-4, 1e-3 of the power, stands
// out of that.
TEST(ScatteringMatrix, IsUnitaryForRandomLosslessMediaAndNotWithLoss) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    const auto walls = polarization == Polarization::Ez ? Boundary::Pmc : Boundary::Pec;
    const auto result = ThroughBoxes(polarization, walls, 0.45, 1, 0);
    const double defect = UnitarityDefect(result.s);
    const double lossy = UnitarityDefect(ThroughBoxes(polarization, walls, 0.45, 1, 1e-4).s);
    std::printf("random media, one mode: max |S^H S - I| = %.1e, with loss %.1e, |S11| = %.2f\n",
                defect, lossy, std::abs(result.s(0, 0)));
    EXPECT_LT(defect, 1e-5);
    EXPECT_GT(lossy, 3e-4);
    EXPECT_LT(result.reciprocity_defect, 1e-12);
    for (const auto& power : result.power) EXPECT_LT(power.balance_error, 1e-5);
    // The boxes scatter: an empty guide is unitary, too.
    EXPECT_GT(std::abs(result.s(0, 0)), 0.1);
    EXPECT_GT(std::abs(result.s(1, 0)), 0.1);
  }
}

// Mode 2 meets the PML at an angle with cosine 0.64, which returns 1e-6^0.64 = 1.4e-4 of its
// amplitude.
TEST(ScatteringMatrix, OfAllModesIsUnitaryUpToThePml) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    const int modes = polarization == Polarization::Ez ? 2 : 3;
    const auto result = ThroughBoxes(polarization, Boundary::Pec, 1.3, modes, 0);
    const double defect = UnitarityDefect(result.s);
    std::printf("random media, all modes: max |S^H S - I| = %.1e\n", defect);
    EXPECT_LT(defect, 6e-4);
    EXPECT_LT(result.reciprocity_defect, 1e-12);
    for (const auto& power : result.power) EXPECT_LT(power.balance_error, 6e-4);
    // Light changes its mode, so that the columns are orthogonal by their phases alone.
    EXPECT_GT(std::abs(result.s(1, 0)), 0.1);
  }
}

}  // namespace
}  // namespace symwave::verification
