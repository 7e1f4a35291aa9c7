#include "jobs/simulate/time/step_rate.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Axis;
using domain::Lattice;

constexpr double kCellsPerRank = 1e6;
constexpr double kSeconds = 0.2;

/// Uniform cells, the ends of `like`, at most `cells` cells: long axes are shortened first.
Lattice SampleOf(const Lattice& like, double cells) {
  const int axes = like.TwoDimensional() ? 2 : 3;
  std::array<int, 3> counts{1, 1, 1};
  for (int axis = 0; axis < axes; ++axis) counts[axis] = like.Cells(axis);
  const auto count = [&] { return static_cast<double>(counts[0]) * counts[1] * counts[2]; };
  while (count() > cells) {
    int& longest = *std::max_element(counts.begin(), counts.end());
    longest = std::max(1, longest * 7 / 8);
  }
  std::vector<Axis> uniform;
  std::array<std::array<domain::AxisEnd, 2>, 3> ends;
  for (int axis = 0; axis < axes; ++axis) {
    ends[axis] = {like.End(axis, 0), like.End(axis, 1)};
    for (domain::AxisEnd& end : ends[axis]) {
      // The share of the PML stays what it is.
      const double share = static_cast<double>(counts[axis]) / like.Cells(axis);
      if (end.pml_cells > 0) {
        end.pml_cells = std::max(1, static_cast<int>(std::lround(share * end.pml_cells)));
      }
    }
    const int layers = ends[axis][0].pml_cells + ends[axis][1].pml_cells;
    counts[axis] = std::max(counts[axis], layers + 4);
    uniform.push_back(Axis::Uniform(like.SmallestWidth(axis), counts[axis]));
  }
  if (axes == 2) return Lattice(like.Fields(), {uniform[0], uniform[1]}, {ends[0], ends[1]});
  return Lattice({uniform[0], uniform[1], uniform[2]}, ends);
}

}  // namespace

double MeasureStepRate(MPI_Comm comm, const Lattice& lattice,
                       const solvers::fdtd::EngineOptions& options) {
  const Lattice sample = SampleOf(lattice, kCellsPerRank * base::Communicator::SizeOf(comm));
  solvers::fdtd::EngineOptions plain = options;
  plain.courant = std::min(plain.courant, 0.95);
  const auto engine =
      solvers::fdtd::MakeEngine(comm, sample, domain::UniformMedium({"", 1, 0, {}}), plain);
  // Zeros would be faster on some processors.
  const auto component =
      sample.Has(domain::Component::Ez) ? domain::Component::Ez : domain::Component::Ex;
  engine->SetField(component, [](int i, int j, int k) {
    return std::sin(0.3 * i) * std::cos(0.2 * j) * std::cos(0.1 * k);
  });
  const auto cells = static_cast<double>(sample.CellCount());
  const long chunk = std::max(16L, std::lround(2e6 / cells));
  engine->Advance(chunk);
  base::Mpi(MPI_Barrier(comm));
  const double start = MPI_Wtime();
  double seconds = 0;
  long steps = 0;
  while (seconds < kSeconds) {
    engine->Advance(chunk);
    steps += chunk;
    seconds = MPI_Wtime() - start;
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm));
  }
  return cells * static_cast<double>(steps) / seconds;
}

}  // namespace symwave::jobs::simulate::time
