#include "solvers/fdtd/flux.hpp"

#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"

namespace symwave::solvers::fdtd {

void AddPower(const FacePair& pair, double factor, std::vector<double>& power) {
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
    power[w] += 0.5 * factor * pair.parity * sum;
  }
}

FluxMonitor::FluxMonitor(yee::Transforms& fields, const std::vector<Face>& faces,
                         std::vector<double> omegas, int every, long first)
    : comm_(fields.Comm()), omegas_(std::move(omegas)) {
  for (const Face& face : faces) faces_.emplace_back(fields, face, omegas_, every, first);
}

std::vector<double> PowerThrough(MPI_Comm comm, const std::vector<FaceFields>& faces,
                                 size_t omegas) {
  std::vector<double> power(omegas, 0);
  for (const FaceFields& face : faces) {
    const double factor = face.Where().weight * face.Where().sign;
    for (const FacePair& pair : face.Collect()) AddPower(pair, factor, power);
  }
  base::SumInPlace(comm, power.data(), power.size());
  return power;
}

}  // namespace symwave::solvers::fdtd
