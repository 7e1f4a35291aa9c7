// Invariants of the discrete system: A = A^T to the last bit, S unitary without loss.
#include <gtest/gtest.h>

#include <random>

#include "domain/base/communicator.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

/// Boxes of random permittivity 1..4 (and a loss) in the middle of the grid.
domain::Layout RandomBoxes(double half_width, double loss) {
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
  return LayoutOf(shapes, materials);
}

TEST(Operator, IsSymmetricToTheLastBit) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    const domain::Grid grid(GridOf(polarization, 0.05, 3, 2, 0.5));
    const auto layout = RandomBoxes(0.9, 0.2);
    const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
    const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
    const auto mine = domain::PartitionColumns({0, grid.Nx()}, rank, size);
    const auto eps = domain::EvaluatePermittivity(grid, layout, mine);
    const solvers::fdfd::Stencil stencil(grid, eps, 4.0);
    const auto op = solvers::fdfd::AssembleOperator(MPI_COMM_WORLD, stencil, {0, grid.Nx()});
    solvers::MatHandle transpose;
    base::Petsc(MatTranspose(op, MAT_INITIAL_MATRIX, transpose.Out()));
    base::Petsc(MatAXPY(transpose, -1.0, op, DIFFERENT_NONZERO_PATTERN));
    PetscReal difference = 1;
    base::Petsc(MatNorm(transpose, NORM_FROBENIUS, &difference));
    EXPECT_EQ(difference, 0.0);
  }
}

TEST(ScatteringMatrix, IsUnitaryForRandomLosslessMedia) {
  for (const auto polarization : {Polarization::Ez, Polarization::Hz}) {
    // A guide between perfect conductors that carries exactly the modes of its two ports.
    const double height = 1.3;
    auto grid = GridOf(polarization, 0.025, 4, height, 2);
    grid.boundary[1] = Boundary::Pec;
    std::vector<domain::Port> ports = {PortAt("left", -1.8, 0, Facing::PlusX, height),
                                       PortAt("right", 1.8, 0, Facing::MinusX, height)};
    // Propagating at wavelength 1: orders 1 and 2 of Ez, 0 to 2 of Hz.
    for (auto& port : ports) {
      port.modes =
          polarization == Polarization::Ez ? std::vector<int>{0, 1} : std::vector<int>{0, 1, 2};
    }
    const auto result = SolveDevice(MPI_COMM_WORLD, grid, RandomBoxes(0.5 * height, 0), ports, 1.0);
    const Eigen::MatrixXcd defect = result.s.adjoint() * result.s -
                                    Eigen::MatrixXcd::Identity(result.s.rows(), result.s.cols());
    EXPECT_LT(defect.cwiseAbs().maxCoeff(), 1e-3);
    EXPECT_LT(result.reciprocity_defect, 1e-10);
    for (const auto& power : result.power) EXPECT_LT(power.balance_error, 1e-3);
    std::printf("random lossless media: max |S^H S - I| = %.1e\n", defect.cwiseAbs().maxCoeff());
  }
}

}  // namespace
}  // namespace symwave::verification
