#include "solvers/fdtd/flux.hpp"

#include <utility>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

FluxMonitor::FluxMonitor(Engine& engine, const std::vector<Face>& faces, std::vector<double> omegas,
                         int every, long first)
    : comm_(engine.Comm()), omegas_(std::move(omegas)) {
  for (const Face& face : faces) faces_.emplace_back(engine, face, omegas_, every, first);
}

std::vector<double> PowerThrough(MPI_Comm comm, const std::vector<FaceFields>& faces,
                                 size_t omegas) {
  std::vector<double> power(omegas, 0);
  for (const FaceFields& face : faces) {
    for (const FacePair& pair : face.Collect()) {
      const double before = pair.weight_before;
      for (size_t w = 0; w < power.size(); ++w) {
        const auto column = static_cast<long>(w);
        double sum = 0;
        for (size_t n = 0; n < pair.areas.size(); ++n) {
          const auto row = static_cast<long>(n);
          const Complex h =
              before * pair.h_before(row, column) + (1 - before) * pair.h_behind(row, column);
          sum += pair.areas[n] * std::real(pair.e_values(row, column) * std::conj(h));
        }
        power[w] += 0.5 * face.Where().sign * pair.parity * sum;
      }
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, power.data(), static_cast<int>(power.size()), MPI_DOUBLE,
                          MPI_SUM, comm));
  return power;
}

}  // namespace symwave::solvers::fdtd
