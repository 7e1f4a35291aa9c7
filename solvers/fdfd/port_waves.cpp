#include "solvers/fdfd/port_waves.hpp"

#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

namespace {

constexpr int kLayers = 2;

}  // namespace

Eigen::MatrixXcd IncomingAmplitudes(MPI_Comm comm, const PlanePoints& points,
                                    const PortFields& solved) {
  const std::vector<PortMode>& ports = solved.ports;
  const Eigen::MatrixXcd& s = solved.s;
  Eigen::MatrixXcd incoming = Eigen::MatrixXcd::Zero(s.rows(), s.cols());
  for (size_t p = 0; p < ports.size(); ++p) {
    PortMode inner = ports[p];
    inner.line.plane += inner.line.forward ? kLayers : -kLayers;
    std::vector<long> rows;
    for (size_t k = 0; k < inner.weight.size(); ++k) rows.push_back(inner.Unknown(points, k));
    const Eigen::MatrixXcd values = GatherRows(comm, solved.fields, rows);
    const Complex phase = std::exp(Complex(0, kLayers) * inner.mode.wave_number * inner.layer);
    Complex norm = 0;
    for (size_t k = 0; k < inner.weight.size(); ++k) {
      norm += inner.weight[k] * inner.mode.profile[k] * inner.mode.profile[k];
    }
    const auto row = static_cast<long>(p);
    for (long a = 0; a < values.cols(); ++a) {
      Complex at_inner = 0;
      for (size_t k = 0; k < inner.weight.size(); ++k) {
        at_inner += inner.weight[k] * inner.mode.profile[k] * values(static_cast<long>(k), a);
      }
      const Complex launched = row == solved.first + a ? 1.0 : 0.0;
      const Complex at_port = launched * inner.reference + s(row, a) / inner.reference;
      incoming(row, a) =
          (at_inner / norm - at_port / phase) / (phase - 1.0 / phase) / inner.reference;
    }
  }
  return incoming;
}

}  // namespace symwave::solvers::fdfd
