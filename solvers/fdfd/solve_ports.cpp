// Ports dealt to ranks.
#include <string>

#include "domain/base/communicator.hpp"
#include "domain/base/packing.hpp"
#include "solvers/fdfd/port_mode.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// What one port has, or why it has not.
struct SolvedPort {
  std::string error;
  std::vector<PortMode> modes;
};

SolvedPort TrySolve(const domain::Grid& grid, const domain::Layout& layout, double omega,
                    const domain::Port& port, modes::CrossSectionModes& known) {
  try {
    return {"", SolvePort(grid, layout, omega, port, known)};
  } catch (const base::UserError& error) {
    return {error.what(), {}};
  }
}

void Pack(const SolvedPort& port, base::Packer& packer) {
  packer.Add(port.error);
  packer.Add(port.modes.size());
  for (const PortMode& mode : port.modes) {
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
}

SolvedPort Unpack(base::Unpacker& packed) {
  SolvedPort port;
  packed.Take(port.error);
  size_t count = 0;
  packed.Take(count);
  for (size_t m = 0; m < count; ++m) {
    PortMode& mode = port.modes.emplace_back();
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
  }
  return port;
}

}  // namespace

std::vector<PortMode> SolvePorts(MPI_Comm comm, const domain::Grid& grid,
                                 const domain::Layout& layout, double omega,
                                 const std::vector<domain::Port>& ports) {
  const auto ranks = static_cast<size_t>(base::Communicator::SizeOf(comm));
  const auto rank = static_cast<size_t>(base::Communicator::RankIn(comm));
  modes::CrossSectionModes known;
  base::Packer mine;
  for (size_t p = rank; p < ports.size(); p += ranks) {
    Pack(TrySolve(grid, layout, omega, ports[p], known), mine);
  }
  const std::vector<std::vector<char>> all = base::GatherFromAll(comm, mine.Bytes());
  std::vector<base::Unpacker> packed(all.begin(), all.end());
  std::vector<PortMode> modes;
  for (size_t p = 0; p < ports.size(); ++p) {
    const SolvedPort port = Unpack(packed[p % ranks]);
    if (!port.error.empty()) throw base::UserError(port.error);
    modes.insert(modes.end(), port.modes.begin(), port.modes.end());
  }
  return modes;
}

std::vector<PortMode> SolvePorts(const domain::Grid& grid, const domain::Layout& layout,
                                 double omega, const std::vector<domain::Port>& ports) {
  modes::CrossSectionModes known;
  std::vector<PortMode> modes;
  for (const domain::Port& port : ports) {
    const std::vector<PortMode> of_port = SolvePort(grid, layout, omega, port, known);
    modes.insert(modes.end(), of_port.begin(), of_port.end());
  }
  return modes;
}

}  // namespace symwave::solvers::fdfd
