#include "jobs/simulate/time/results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/views.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;

/// The block's rows of one frequency.
solvers::fdtd::DftBlock AtOneFrequency(const solvers::fdtd::DftBlock& block, size_t number) {
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  solvers::fdtd::DftBlock one{block.box, block.components, {block.omegas[number]}, {}};
  for (size_t c = 0; c < block.components.size(); ++c) {
    const auto row =
        block.values.begin() + static_cast<long>((c * block.omegas.size() + number) * count);
    one.values.insert(one.values.end(), row, row + static_cast<long>(count));
  }
  return one;
}

}  // namespace

void WriteConverged(io::Hdf5File& file, bool converged) {
  file.WriteAttribute("/", "converged", converged ? 1 : 0);
}

void WriteFieldBlock(MPI_Comm comm, const std::string& stem,
                     const device::TimeDomainProblem& problem, const domain::IndexBox& nodes,
                     const solvers::fdtd::DftBlock& recorded, int omega_number) {
  const solvers::fdtd::DftBlock block = FieldsOnNodes(
      comm, problem.lattice, AtOneFrequency(recorded, static_cast<size_t>(omega_number)), nodes);
  const io::FieldFrame frame = FrameOnNodes(problem.lattice, nodes, block.box);
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  const bool electric =
      std::any_of(block.components.begin(), block.components.end(), domain::IsElectric);
  std::vector<io::FieldArray> arrays;
  std::vector<float> modulus(count, 0.0F);
  for (size_t c = 0; c < block.components.size(); ++c) {
    std::vector<float> re(count), im(count);
    const Complex* values = block.values.data() + c * count;
    const bool counts = domain::IsElectric(block.components[c]) == electric;
    for (size_t k = 0; k < count; ++k) {
      re[k] = static_cast<float>(values[k].real());
      im[k] = static_cast<float>(values[k].imag());
      if (counts) modulus[k] += static_cast<float>(std::norm(values[k]));
    }
    const std::string name = domain::NameOf(block.components[c]);
    arrays.push_back({name + "_re", "1", std::move(re)});
    arrays.push_back({name + "_im", "1", std::move(im)});
  }
  for (float& value : modulus) value = std::sqrt(value);
  arrays.push_back({"abs", "1", std::move(modulus)});
  arrays.push_back({"index", "1", IndexOnNodes(problem, block.box, block.omegas.front())});
  io::WriteFieldBox(comm, stem, frame.coordinates, frame.part, arrays);
}

WorkTotals TotalWork(MPI_Comm comm, const std::vector<solvers::fdtd::EngineStatistics>& work,
                     long cells) {
  double sums[4] = {0, 0, 0, 0};  // cell steps, bytes, bytes of monitors, seconds at work
  double slowest[2] = {0, 0};     // seconds in all and in halos
  for (const auto& run : work) {
    sums[0] += run.cell_steps;
    sums[1] = std::max(sums[1], run.field_bytes + run.medium_bytes);
    sums[2] = std::max(sums[2], run.monitor_bytes);
    slowest[0] += run.seconds_update + run.seconds_halo + run.seconds_monitors;
    slowest[1] += run.seconds_halo;
    sums[3] += run.seconds_update + run.seconds_monitors;
  }
  struct {
    double seconds;
    int rank;
  } busiest{sums[3], base::Communicator::RankIn(comm)};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &busiest, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums, 4, MPI_DOUBLE, MPI_SUM, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, slowest, 2, MPI_DOUBLE, MPI_MAX, comm));
  WorkTotals totals;
  totals.cell_steps = sums[0];
  totals.bytes_per_cell = sums[1] / static_cast<double>(cells);
  totals.monitor_bytes = sums[2];
  totals.seconds = slowest[0];
  totals.halo_share = slowest[0] > 0 ? slowest[1] / slowest[0] : 0;
  totals.slowest_rank = busiest.rank;
  if (sums[3] > 0) {
    totals.slowest_over_mean = busiest.seconds * base::Communicator::SizeOf(comm) / sums[3];
  }
  // Small differences are the rounding of blocks to layers, short runs have no time to even out.
  if (totals.slowest_over_mean > 1.4 && busiest.seconds > 5) {
    base::Info(
        "rank {} worked {:.1f} times as long as the ranks on average, which waited for it: another "
        "program may share its core, or there are more ranks than cores",
        totals.slowest_rank, totals.slowest_over_mean);
  }
  return totals;
}

}  // namespace symwave::jobs::simulate::time
