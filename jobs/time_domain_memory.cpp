#include "jobs/time_domain_memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "domain/base/communicator.hpp"

namespace symwave::jobs {

namespace {

/// Numbers that a row is padded to, and those between two rows.
constexpr long kRowUnit = 16;

double Number(const DeckOptions& options) {
  return options.solver.time_domain.float64 ? 8 : 4;
}

/// Values of all components in padded rows along x.
double FieldValues(const domain::Lattice& lattice) {
  const long points = lattice.Cells(0) + 1;
  const long row = (points + kRowUnit - 1) / kRowUnit * kRowUnit + kRowUnit;
  const double rows = static_cast<double>(lattice.Points(1)) * lattice.Points(2);
  return (lattice.TwoDimensional() ? 3 : 6) * rows * static_cast<double>(row);
}

/// Four values per point of every layer that holds it.
double PmlValues(const domain::Lattice& lattice) {
  double points = 0;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const double share =
        static_cast<double>(lattice.End(axis, 0).pml_cells + lattice.End(axis, 1).pml_cells) /
        lattice.Cells(axis);
    points += share * static_cast<double>(lattice.CellCount());
  }
  return 4 * points;
}

/// Bytes of the transforms of a port run: complex numbers of double precision.
double TransformBytes(const DeckOptions& options, const domain::Lattice& lattice) {
  if (!options.sources.empty() || options.ports.empty()) return 0;
  const int components = lattice.TwoDimensional() ? 1 : 3;
  return 16.0 * components * static_cast<double>(lattice.InsidePml().Count());
}

}  // namespace

double EstimatedBytes(const DeckOptions& options, const domain::Lattice& lattice) {
  const double number = Number(options);
  const int fields = lattice.TwoDimensional() ? 3 : 6;
  const double media = PlainBytesPerCell(options) - fields * number;
  return number * (FieldValues(lattice) + PmlValues(lattice)) +
         media * static_cast<double>(lattice.CellCount()) + TransformBytes(options, lattice);
}

std::string MemoryShortage(MPI_Comm comm, double bytes) {
  MPI_Comm node = MPI_COMM_NULL;
  base::Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  const int beside = base::Communicator::SizeOf(node);
  base::Mpi(MPI_Comm_free(&node));
  const double physical =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  double memory = physical / beside;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &memory, 1, MPI_DOUBLE, MPI_MIN, comm));
  const double wanted = bytes / base::Communicator::SizeOf(comm);
  if (wanted <= memory) return "";
  return fmt::format(
      "the run needs about {:.3g} GB on each rank, but a node has {:.3g} GB of memory per rank; "
      "make grid.cell larger or grid.size smaller, or take more nodes",
      1e-9 * wanted, 1e-9 * memory);
}

void RequireMemory(MPI_Comm comm, const DeckOptions& options) {
  const std::string shortage = MemoryShortage(comm, EstimatedBytes(options, LatticeOf(options)));
  if (!shortage.empty()) base::Fail("{}: {}", options.grid.where, shortage);
}

}  // namespace symwave::jobs
