// Right-hand sides in blocks, on limits that are injected, and ports dealt to ranks.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/condensed_part.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdfd/sweep.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::solvers::fdfd {
namespace {

using domain::Complex;
using domain::Direction;

TEST(ColumnsPerBlock, StayBelowTheIndicesOfPetsc) {
  const DirectSolverOptions options;
  // 17 million unknowns x 128 right-hand sides overflow 32 bits.
  const long columns = ColumnsPerBlock(17000000, 64, options);
  EXPECT_LE(17000000 * columns, std::numeric_limits<PetscInt>::max());
  EXPECT_EQ(columns, 2 * options.columns_at_once);
  // Small systems are solved at once.
  EXPECT_GT(ColumnsPerBlock(10000, 1, options), 1000);
  DirectSolverOptions few;
  few.most_values = 1999;
  EXPECT_EQ(ColumnsPerBlock(1000, 1, few), 1);
  EXPECT_EQ(ColumnsPerBlock(1999, 1, few), 1);
}

TEST(ColumnsPerBlock, StayWithinTheirMemory) {
  DirectSolverOptions options;
  options.block_bytes = 16.0 * 1000 * 200;
  EXPECT_EQ(ColumnsPerBlock(1000, 1, options), 192);
  EXPECT_EQ(ColumnsPerBlock(2000, 2, options), 192);
  options.block_bytes = 1;
  EXPECT_EQ(ColumnsPerBlock(1000, 1, options), 64);
}

TEST(ColumnsPerBlock, RefuseMoreUnknownsThanIndices) {
  DirectSolverOptions options;
  options.most_values = 999;
  try {
    ColumnsPerBlock(1000, 1, options);
    FAIL() << "1000 unknowns passed a limit of 999";
  } catch (const base::UserError& error) {
    EXPECT_STREQ(error.what(),
                 "1000 unknowns are more than the 999 that PETSc with indices of 32 bits can "
                 "solve: take larger cells or a smaller grid");
  }
}

/// Two coupled guides with four ports.
struct Coupler {
  domain::Lattice lattice =
      domain::UniformLattice(verification::GridOf(domain::Polarization::Ez, 0.1, 6, 3, 0.5));
  PlanePoints points{lattice};
  domain::PermittivityMap media;
  std::vector<domain::PlanePort> ports;

  Coupler() {
    const domain::FrequencyMedia drawn = verification::MediaOf(
        {verification::BoxShape(-9, 9, -0.8, -0.4), verification::BoxShape(-9, 9, 0.4, 0.8),
         verification::BoxShape(-1.9, -1.2, -0.5, 0.7)},
        {{"core", {8.1, 0.01}}, {"clad", 2.09}});
    media = domain::MakePermittivityMap(lattice, drawn);
    for (const double y : {0.6, -0.6}) {
      ports.push_back(verification::PortAt("in", -2.3, y, Direction::PlusX, 1.2));
      ports.push_back(verification::PortAt("out", 2.3, y, Direction::MinusX, 1.2));
    }
  }
};

/// MUMPS sums what arrives first on several ranks, so that not even one solution equals its
/// repetition to the last bit there.
double Rounding() {
  return base::Communicator::SizeOf(MPI_COMM_WORLD) == 1 ? 0 : 1e-12;
}

Eigen::MatrixXcd AsMatrix(const std::vector<Complex>& values) {
  return Eigen::Map<const Eigen::VectorXcd>(values.data(), static_cast<long>(values.size()));
}

/// To the last bit on one rank.
void ExpectEqual(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  EXPECT_LE((a - b).norm(), Rounding() * a.norm());
}

TEST(Blocks, EqualOneBlock) {
  const Coupler coupler;
  DirectSolverOptions limited;
  limited.columns_at_once = 1;
  Simulation at_once(MPI_COMM_WORLD, coupler.lattice, limited);
  limited.most_values = 3 * coupler.points.Unknowns() + 5;  // blocks of three inputs and of one
  Simulation in_blocks(MPI_COMM_WORLD, coupler.lattice, limited);
  const Scattering a = at_once.Solve(1.55, coupler.media, coupler.ports);
  const Scattering b = in_blocks.Solve(1.55, coupler.media, coupler.ports);
  EXPECT_EQ(in_blocks.Statistics().solves, 4);
  ExpectEqual(a.s, b.s);
  ExpectEqual(a.incoming, b.incoming);
  EXPECT_LT(b.relative_residual, 1e-11);
  ASSERT_EQ(b.power.size(), 4u);
  for (size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(a.power[p].reflected, b.power[p].reflected, Rounding());
    EXPECT_NEAR(a.power[p].transmitted, b.power[p].transmitted, Rounding());
    EXPECT_NEAR(a.power[p].radiated, b.power[p].radiated, Rounding());
    EXPECT_NEAR(a.power[p].absorbed, b.power[p].absorbed, Rounding());
    EXPECT_NEAR(a.power[p].balance_error, b.power[p].balance_error, Rounding());
    const int input = static_cast<int>(p);
    ExpectEqual(AsMatrix(at_once.Field(input)), AsMatrix(in_blocks.Field(input)));
  }
  const Scattering again = in_blocks.Solve(1.55, coupler.media, coupler.ports, Keep::Nothing);
  ExpectEqual(again.s, b.s);
  EXPECT_THROW(in_blocks.Field(0), base::InternalError);
}

TEST(Blocks, OfLaunchesEqualOneBlock) {
  const Coupler coupler;
  DeviceDescription description;
  description.lattice = std::make_shared<const domain::Lattice>(coupler.lattice);
  description.media = coupler.media;
  description.omega = 2 * M_PI / 1.55;
  description.ports = coupler.ports;
  for (const auto& [i, j] : {std::pair(41, 21), std::pair(42, 23)}) {
    description.points.push_back({domain::Component::Ez, {i, j, 0}});
  }
  description.solver.columns_at_once = 2;
  MonolithicDevice at_once(description);
  description.solver.most_values = 2 * coupler.points.Unknowns();
  MonolithicDevice in_blocks(description);
  Eigen::MatrixXcd launched(4, 5);
  for (long n = 0; n < launched.size(); ++n) {
    launched.data()[n] = {std::cos(0.7 * n), std::sin(1.1 * n)};
  }
  for (MonolithicDevice* device : {&at_once, &in_blocks}) device->Program({0.3, 0.1});
  const Response a = at_once.Launch(launched);
  const Response b = in_blocks.Launch(launched);
  ExpectEqual(a.outgoing, b.outgoing);
  ExpectEqual(a.points, b.points);
}

TEST(DealtPorts, AreThoseOfOneRankToTheLastBit) {
  const Coupler coupler;
  const double omega = 2 * M_PI / 1.55;
  const auto dealt =
      SolvePorts(MPI_COMM_WORLD, coupler.points, coupler.media, omega, coupler.ports);
  const auto alone = SolvePorts(MPI_COMM_SELF, coupler.points, coupler.media, omega, coupler.ports);
  ASSERT_EQ(dealt.size(), 4u);
  for (size_t p = 0; p < 4; ++p) {
    EXPECT_EQ(dealt[p].name, alone[p].name);
    EXPECT_EQ(dealt[p].line.plane, alone[p].line.plane);
    EXPECT_EQ(dealt[p].mode.n_eff, alone[p].mode.n_eff);
    EXPECT_EQ(dealt[p].mode.profile, alone[p].mode.profile);
    EXPECT_EQ(dealt[p].weight, alone[p].weight);
    EXPECT_EQ(dealt[p].source, alone[p].source);
    EXPECT_EQ(dealt[p].reference, alone[p].reference);
  }
}

TEST(DealtPorts, RefuseOnAllRanksAlike) {
  Coupler coupler;
  coupler.ports[1].modes = {7};
  coupler.ports[2].modes = {9};
  try {
    SolvePorts(MPI_COMM_WORLD, coupler.points, coupler.media, 2 * M_PI / 1.55, coupler.ports);
    FAIL() << "a guide of 0.4 um has no mode 7";
  } catch (const base::UserError& error) {
    EXPECT_EQ(std::string(error.what()).find("port 'out' has no guided mode 7"), 0u);
  }
}

/// Lines that the ranks have solved, in all.
long SolvedByAll(const KnownLines& known) {
  long solved = known.Solved();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &solved, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD));
  return solved;
}

// Both guides of the coupler have a port on either side: two lines to solve at each wavelength,
// whoever asks for them.
TEST(DealtPorts, SolveEqualLinesOnce) {
  const Coupler coupler;
  KnownLines known;
  const auto solve = [&](double wavelength) {
    return SolvePorts(MPI_COMM_WORLD, coupler.points, coupler.media, 2 * M_PI / wavelength,
                      coupler.ports, known);
  };
  const auto first = solve(1.55);
  EXPECT_EQ(SolvedByAll(known), 2);
  EXPECT_EQ(first[0].mode.profile, first[1].mode.profile);
  const auto again = solve(1.55);
  EXPECT_EQ(SolvedByAll(known), 2);
  for (size_t p = 0; p < 4; ++p) EXPECT_EQ(again[p].source, first[p].source);
  solve(1.56);
  solve(1.55);
  EXPECT_EQ(SolvedByAll(known), 4);
}

TEST(Sweep, OnGroupsIsThatOfAllRanks) {
  const Coupler coupler;
  const std::vector<double> wavelengths{1.5, 1.55, 1.6};
  Simulation simulation(MPI_COMM_WORLD, coupler.lattice, {});
  std::vector<Scattering> expected;
  for (const double wavelength : wavelengths) {
    expected.push_back(simulation.Solve(wavelength, coupler.media, coupler.ports));
  }
  for (const int per_group : {1, 2}) {
    const base::RankGroups groups(MPI_COMM_WORLD, per_group);
    Sweep sweep(groups, coupler.lattice, {});
    size_t next = 0;
    sweep.Solve(
        wavelengths, [&](double) { return coupler.media; }, coupler.ports,
        [&](size_t first, const std::vector<Scattering>& points) {
          EXPECT_EQ(first, next);
          for (const Scattering& point : points) {
            const Scattering& together = expected[next++];
            EXPECT_EQ(point.wavelength, together.wavelength);
            EXPECT_LT((point.s - together.s).norm(), 1e-12 * together.s.norm());
            EXPECT_LT((point.incoming - together.incoming).norm(), 1e-11);
            EXPECT_EQ(point.ports[3].mode.profile, together.ports[3].mode.profile);
            EXPECT_NEAR(point.power[2].radiated, together.power[2].radiated, 1e-12);
            EXPECT_LT(point.relative_residual, 1e-11);
          }
          return true;
        });
    EXPECT_EQ(next, 3u);
    EXPECT_EQ(sweep.Statistics().factorizations, 3);
    EXPECT_EQ(sweep.Statistics().solves, 12);
  }
}

TEST(Sweep, EndsOnAllRanksWhenItIsAskedToOrAWavelengthFails) {
  const Coupler coupler;
  const base::RankGroups groups(MPI_COMM_WORLD, 1);
  Sweep sweep(groups, coupler.lattice, {});
  const std::vector<double> wavelengths{1.5, 1.55, 1.6};
  int calls = 0;
  sweep.Solve(
      wavelengths, [&](double) { return coupler.media; }, coupler.ports,
      [&](size_t, const auto&) { return ++calls < 1; });
  EXPECT_EQ(calls, 1);
  const auto refuse_last = [&](double wavelength) {
    if (wavelength > 1.59) base::Fail("no layout at {} um", wavelength);
    return coupler.media;
  };
  size_t solved = 0;
  EXPECT_THROW(sweep.Solve(wavelengths, refuse_last, coupler.ports,
                           [&](size_t, const auto& points) {
                             solved += points.size();
                             return true;
                           }),
               base::UserError);
  const auto at_once = static_cast<size_t>(groups.Count());
  EXPECT_EQ(solved, 2 / at_once * at_once);
}

TEST(EliminatedRows, AreThoseOfTheWholeMatrix) {
  const Coupler coupler;
  const domain::ColumnRange all{0, coupler.points.Nx()};
  const Coefficients coefficients(coupler.points, coupler.media, MyColumns(MPI_COMM_WORLD, all));
  const Stencil stencil(coupler.points, coefficients, 2 * M_PI / 1.55);
  const MatHandle op = AssembleOperator(MPI_COMM_WORLD, stencil, all);
  DirectSolver solver(MPI_COMM_WORLD, {});
  solver.Factor(op);
  std::vector<SparseColumn> columns;
  for (long c = 0; c < 70; ++c) columns.push_back({{31 * c, 1.0}, {31 * c + 7, {0.2, 0.01 * c}}});
  std::vector<long> every(70), some;
  for (long r = 0; r < 70; ++r) every[static_cast<size_t>(r)] = r;
  const Eigen::MatrixXcd k = EliminatedRows(MPI_COMM_WORLD, solver, op, columns, every);
  EXPECT_EQ(k, k.transpose());
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  for (long r = 69 - rank; r >= 0; r -= 5) some.push_back(r);
  const Eigen::MatrixXcd rows = EliminatedRows(MPI_COMM_WORLD, solver, op, columns, some);
  for (size_t r = 0; r < some.size(); ++r) {
    EXPECT_LE((rows.row(static_cast<long>(r)) - k.row(some[r])).norm(), 1e-12 * k.norm());
  }
}

}  // namespace
}  // namespace symwave::solvers::fdfd
