#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/frequency_media.hpp"
#include "domain/uniform_lattice.hpp"
#include "jobs/throughput/calibration.hpp"
#include "jobs/throughput/cost_line.hpp"
#include "jobs/throughput/median_seconds.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::throughput {

namespace {

using base::Petsc;
using run::Machine;
using run::Operation;
using namespace solvers::fdfd;
using solvers::MatHandle;

constexpr double kGuideCell = 0.05, kOmega = 2 * M_PI / 1.55;  // um, 1/um
constexpr int kFewSides = 4, kManySides = 64;                  // right-hand sides
constexpr int kDenseRows = 400;
/// A factorization of the larger grid owes at least this part to its width; timings that deny it
/// are taken anew, as often as this.
constexpr double kLeastGrowth = 0.1;
constexpr int kAttempts = 3;

/// Two guides side by side along x, with ports at both ends.
struct Guides {
  domain::Lattice lattice;
  solvers::fdfd::PlanePoints points;
  domain::PermittivityMap media;
  std::vector<domain::PlanePort> ports;

  Guides(double length, double height)
      : lattice(domain::UniformLattice(OptionsOf(length, height))), points(lattice) {
    std::vector<domain::Shape> shapes;
    for (const double y : {-0.25 * height, 0.25 * height}) {
      shapes.push_back({domain::Box{{0, y}, {2 * length, 0.45}}, "core", "bench"});
      for (const bool left : {true, false}) {
        domain::PlanePort port;
        port.name = "port";
        port.at = {(left ? -0.4 : 0.4) * length, y, 0};
        port.faces = left ? domain::Direction::PlusX : domain::Direction::MinusX;
        port.span = {0.4 * height, 0.4 * height};
        ports.push_back(port);
      }
    }
    domain::FrequencyMedia drawn;
    domain::StructureLayer layer;
    layer.base = "clad";
    layer.regions = domain::ComposeRegions(shapes);
    drawn.structure = std::make_shared<const domain::Structure>(std::move(layer));
    drawn.materials = {{"core", 8.1}, {"clad", 2.09}};
    drawn.background = "clad";
    media = domain::MakePermittivityMap(lattice, drawn);
  }

  static domain::UniformLatticeOptions OptionsOf(double length, double height) {
    domain::UniformLatticeOptions options;
    options.cell = kGuideCell;
    options.size = {length, height};
    options.pml = 0.5;
    return options;
  }
  double Across() const { return std::min(points.Nx(), points.Ny()); }
  double Unknowns() const { return static_cast<double>(points.Unknowns()); }

  MatHandle Operator() const {
    const ColumnRange all{0, points.Nx()};
    const Coefficients coefficients(points, media, all);
    const Stencil stencil(points, coefficients, kOmega);
    return AssembleOperator(MPI_COMM_SELF, stencil, all);
  }
};

/// Seconds of the parts of a solution, each once.
struct SolveTimes {
  double assembly = 0, analysis = 0, factor = 0, few = 0, many = 0;
};

double SolveSeconds(DirectSolver& solver, Mat op, int count, double seconds) {
  std::vector<SparseColumn> columns;
  columns.reserve(static_cast<size_t>(count));
  for (int c = 0; c < count; ++c) columns.push_back({{10 + 7 * c, 1.0}});
  const MatHandle block = BlockOf(MPI_COMM_SELF, op, columns, 0, count);
  return MedianSeconds(seconds, [&] { solver.Solve(block); });
}

SolveTimes TimesOf(const Guides& guides, double seconds) {
  SolveTimes times;
  MatHandle op;
  times.assembly = MedianSeconds(seconds / 2, [&] { op = guides.Operator(); });
  DirectSolver solver(MPI_COMM_SELF, {});
  const double start = CoreSeconds();
  solver.Factor(op);
  const double first = CoreSeconds() - start;
  times.factor = MedianSeconds(seconds, [&] { solver.Factor(op); });
  times.analysis = std::max(kLeastSeconds, first - times.factor);
  times.few = SolveSeconds(solver, op, kFewSides, seconds);
  times.many = SolveSeconds(solver, op, kManySides, seconds);
  return times;
}

/// Factorization of a dense symmetric matrix.
double DenseSeconds(double seconds) {
  MatHandle matrix;
  Petsc(MatCreateSeqAIJ(MPI_COMM_SELF, kDenseRows, kDenseRows, kDenseRows, nullptr, matrix.Out()));
  for (PetscInt i = 0; i < kDenseRows; ++i) {
    for (PetscInt j = 0; j < kDenseRows; ++j) {
      const PetscScalar value(i == j ? kDenseRows : std::cos(0.1 * (i + j)),
                              0.01 * (i + j) / kDenseRows);
      Petsc(MatSetValue(matrix, i, j, value, INSERT_VALUES));
    }
  }
  Petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatSetOption(matrix, MAT_SYMMETRIC, PETSC_TRUE));
  DirectSolver solver(MPI_COMM_SELF, {});
  return MedianSeconds(seconds, [&] { solver.Factor(matrix); });
}

/// What a solution with ports takes beside the solver: assembly, powers, fields.
double RestSeconds(const Guides& guides, const SolveTimes& solver, double seconds) {
  Simulation simulation(MPI_COMM_SELF, guides.lattice, {});
  const double all = MedianSeconds(seconds, [&] {
    simulation.Solve(2 * M_PI / kOmega, guides.media, guides.ports, Keep::Nothing);
  });
  return std::max(solver.assembly, all - solver.factor - solver.few);
}

}  // namespace

bool CalibrateFrequencyDomain(Machine& machine, double seconds) {
  const Guides small(4, 2), large(14, 7);
  SolveTimes less, more;
  CostLine factor;
  const auto trusted = [&] {
    return factor.slope * large.Across() > kLeastGrowth * factor.At(large.Across());
  };
  for (int attempt = 0; attempt < kAttempts && !trusted(); ++attempt) {
    less = TimesOf(small, seconds / 2);
    more = TimesOf(large, seconds);
    factor = LineThrough({small.Across(), less.factor / small.Unknowns()},
                         {large.Across(), more.factor / large.Unknowns()});
  }
  machine.Of(Operation::Flop) =
      std::max(factor.slope, kLeastGrowth * factor.At(large.Across()) / large.Across());
  machine.Of(Operation::Front) = std::max(kLeastSeconds, factor.start);
  machine.Of(Operation::Analysis) = more.analysis / large.Unknowns();
  const CostLine sides = LineThrough({kFewSides, more.few}, {kManySides, more.many});
  const double per_side = large.Unknowns() * std::log2(large.Across());
  machine.Of(Operation::Substitute) = std::max(kLeastSeconds, sides.slope / per_side);
  machine.Of(Operation::Sweep) = std::max(kLeastSeconds, sides.start / per_side);
  machine.Of(Operation::Unknown) = RestSeconds(large, more, seconds) / large.Unknowns();
  machine.Of(Operation::Dense) = DenseSeconds(seconds / 2) / std::pow(kDenseRows, 3);
  return trusted();
}

void CalibratePortLines(Machine& machine, double seconds) {
  const Guides guides(4, 4);
  const double all = MedianSeconds(seconds, [&] {
    SolvePorts(MPI_COMM_SELF, guides.points, guides.media, kOmega, guides.ports);
  });
  machine.Of(Operation::PortLine) = all / static_cast<double>(guides.ports.size());
}

}  // namespace symwave::jobs::throughput
