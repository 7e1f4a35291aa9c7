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

}  // namespace

void Pack(const PortMode& mode, base::Packer& packer) {
  packer.Add(mode.name);
  packer.Add(mode.line);
  packer.Add(mode.mode.n_eff);
  packer.Add(mode.mode.wave_number);
  packer.Add(mode.mode.flux_factor);
  packer.Add(mode.mode.core_index);
  packer.Add(mode.mode.guided);
  packer.Add(mode.mode.profile);
  packer.Add(mode.weight);
  packer.Add(mode.source);
  packer.Add(mode.layer);
  packer.Add(mode.reference);
  packer.Add(mode.at);
  packer.Add(mode.span);
}

PortMode UnpackPortMode(base::Unpacker& packed) {
  PortMode mode;
  packed.Take(mode.name);
  packed.Take(mode.line);
  packed.Take(mode.mode.n_eff);
  packed.Take(mode.mode.wave_number);
  packed.Take(mode.mode.flux_factor);
  packed.Take(mode.mode.core_index);
  packed.Take(mode.mode.guided);
  packed.Take(mode.mode.profile);
  packed.Take(mode.weight);
  packed.Take(mode.source);
  packed.Take(mode.layer);
  packed.Take(mode.reference);
  packed.Take(mode.at);
  packed.Take(mode.span);
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
