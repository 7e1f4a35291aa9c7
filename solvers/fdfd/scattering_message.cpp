#include "solvers/fdfd/scattering_message.hpp"

namespace symwave::solvers::fdfd {

namespace {

void Pack(const Eigen::MatrixXcd& matrix, base::Packer& packer) {
  packer.Add(matrix.rows());
  packer.Add(std::vector<Complex>(matrix.data(), matrix.data() + matrix.size()));
}

Eigen::MatrixXcd UnpackMatrix(base::Unpacker& packed) {
  Eigen::Index rows = 0;
  std::vector<Complex> values;
  packed.Take(rows);
  packed.Take(values);
  const Eigen::Index columns = rows > 0 ? static_cast<Eigen::Index>(values.size()) / rows : 0;
  return Eigen::Map<const Eigen::MatrixXcd>(values.data(), rows, columns);
}

/// `visit` of every part of a mode of a line, in the order of the message.
template <class Mode, class Visit>
void ForEachModePart(Mode& mode, Visit&& visit) {
  visit(mode.n_eff);
  visit(mode.wave_number);
  visit(mode.cell);
  visit(mode.core_index);
  visit(mode.guided);
  visit(mode.edge_index);
  visit(mode.edge);
  visit(mode.way);
  visit(mode.profile);
}

/// The same of a mode at a port.
template <class Mode, class Visit>
void ForEachPart(Mode& mode, Visit&& visit) {
  visit(mode.name);
  visit(mode.line);
  ForEachModePart(mode.mode, visit);
  visit(mode.weight);
  visit(mode.source);
  visit(mode.layer);
  visit(mode.reference);
  visit(mode.direct);
  visit(mode.at);
  visit(mode.span);
}

}  // namespace

void Pack(const LineMode& mode, base::Packer& packer) {
  ForEachModePart(mode, [&](const auto& part) { packer.Add(part); });
}

LineMode UnpackMode(base::Unpacker& packed) {
  LineMode mode;
  ForEachModePart(mode, [&](auto& part) { packed.Take(part); });
  return mode;
}

void Pack(const PortMode& mode, base::Packer& packer) {
  ForEachPart(mode, [&](const auto& part) { packer.Add(part); });
}

PortMode UnpackPortMode(base::Unpacker& packed) {
  PortMode mode;
  ForEachPart(mode, [&](auto& part) { packed.Take(part); });
  return mode;
}

void Pack(const Scattering& scattering, base::Packer& packer) {
  packer.Add(scattering.wavelength);
  packer.Add(scattering.ports.size());
  for (const PortMode& port : scattering.ports) Pack(port, packer);
  Pack(scattering.s, packer);
  Pack(scattering.incoming, packer);
  packer.Add(scattering.power);
  packer.Add(scattering.reciprocity_defect);
  packer.Add(scattering.relative_residual);
}

Scattering UnpackScattering(base::Unpacker& packed) {
  Scattering scattering;
  size_t ports = 0;
  packed.Take(scattering.wavelength);
  packed.Take(ports);
  for (size_t p = 0; p < ports; ++p) scattering.ports.push_back(UnpackPortMode(packed));
  scattering.s = UnpackMatrix(packed);
  scattering.incoming = UnpackMatrix(packed);
  packed.Take(scattering.power);
  packed.Take(scattering.reciprocity_defect);
  packed.Take(scattering.relative_residual);
  return scattering;
}

}  // namespace symwave::solvers::fdfd
