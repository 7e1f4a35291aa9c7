// Ports dealt to ranks.
#include <string>

#include "domain/base/communicator.hpp"
#include "domain/base/packing.hpp"
#include "solvers/fdfd/scattering_message.hpp"

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

void PackPort(const SolvedPort& port, base::Packer& packer) {
  packer.Add(port.error);
  packer.Add(port.modes.size());
  for (const PortMode& mode : port.modes) Pack(mode, packer);
}

SolvedPort UnpackPort(base::Unpacker& packed) {
  SolvedPort port;
  packed.Take(port.error);
  size_t count = 0;
  packed.Take(count);
  for (size_t m = 0; m < count; ++m) port.modes.push_back(UnpackPortMode(packed));
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
    PackPort(TrySolve(grid, layout, omega, ports[p], known), mine);
  }
  const std::vector<std::vector<char>> all = base::GatherFromAll(comm, mine.Bytes());
  std::vector<base::Unpacker> packed(all.begin(), all.end());
  std::vector<PortMode> modes;
  for (size_t p = 0; p < ports.size(); ++p) {
    const SolvedPort port = UnpackPort(packed[p % ranks]);
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
