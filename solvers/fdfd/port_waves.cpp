#include "solvers/fdfd/port_waves.hpp"

#include <array>

#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// Layers from that of a port into the device.
constexpr std::array<int, 2> kLayers{1, 2};

/// The points of one layer, then those of the other.
std::vector<long> RowsOf(const PlanePoints& points, const PortMode& port) {
  std::vector<long> rows;
  rows.reserve(kLayers.size() * port.weight.size());
  for (const int layers : kLayers) {
    for (size_t k = 0; k < port.weight.size(); ++k) rows.push_back(port.Unknown(points, k, layers));
  }
  return rows;
}

}  // namespace

Eigen::MatrixXcd IncomingAmplitudes(MPI_Comm comm, const PlanePoints& points, double omega,
                                    const PortFields& solved) {
  const std::vector<PortMode>& ports = solved.ports;
  const Eigen::MatrixXcd& s = solved.s;
  Eigen::MatrixXcd incoming = Eigen::MatrixXcd::Zero(s.rows(), s.cols());
  for (size_t p = 0; p < ports.size(); ++p) {
    const PortMode& port = ports[p];
    const Eigen::MatrixXcd both = GatherRows(comm, solved.fields, RowsOf(points, port));
    const auto near = both.topRows(both.rows() / 2), far = both.bottomRows(both.rows() / 2);
    const Complex per_flux = Complex(0, 1) / (4 * omega * port.layer);
    for (long k = 0; k < near.rows(); ++k) {
      const auto point = static_cast<size_t>(k);
      const Complex outward = per_flux * port.weight[point] * port.mode.profile[point];
      incoming.row(static_cast<long>(p)) += outward / port.Phase(kLayers[1], point) * near.row(k) -
                                            outward / port.Phase(kLayers[0], point) * far.row(k);
    }
  }
  return incoming;
}

}  // namespace symwave::solvers::fdfd
