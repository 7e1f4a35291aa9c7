#include "solvers/fdtd/mode_message.hpp"

namespace symwave::solvers::fdtd {

using modes::WaveguideMode;

void Pack(const WaveguideMode& mode, bool fields, base::Packer& packer) {
  packer.Add(mode.plane);
  packer.Add(mode.cell);
  packer.Add(mode.beta);
  packer.Add(mode.n_eff);
  packer.Add(mode.guided);
  packer.Add(mode.edge_index);
  packer.Add(mode.edge);
  packer.Add(mode.group_index);
  packer.Add(mode.te_fraction);
  packer.Add(mode.effective_area);
  for (const auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    packer.Add(fields ? *field : std::vector<modes::Complex>());
  }
}

WaveguideMode UnpackMode(base::Unpacker& packed) {
  WaveguideMode mode;
  packed.Take(mode.plane);
  packed.Take(mode.cell);
  packed.Take(mode.beta);
  packed.Take(mode.n_eff);
  packed.Take(mode.guided);
  packed.Take(mode.edge_index);
  packed.Take(mode.edge);
  packed.Take(mode.group_index);
  packed.Take(mode.te_fraction);
  packed.Take(mode.effective_area);
  for (auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    packed.Take(*field);
  }
  return mode;
}

void Pack(const ModeSpectrum::Solution& solution, bool fields, base::Packer& packer) {
  packer.Add(solution.interpolated);
  packer.Add(solution.interpolation_error);
  packer.Add(solution.at);
  for (const auto& modes : solution.modes) {
    packer.Add(modes.size());
    for (const WaveguideMode& mode : modes) Pack(mode, fields, packer);
  }
}

ModeSpectrum::Solution UnpackSolution(base::Unpacker& packed) {
  ModeSpectrum::Solution solution;
  packed.Take(solution.interpolated);
  packed.Take(solution.interpolation_error);
  packed.Take(solution.at);
  solution.modes.resize(solution.at.size());
  for (auto& modes : solution.modes) {
    size_t count = 0;
    packed.Take(count);
    for (size_t m = 0; m < count; ++m) modes.push_back(UnpackMode(packed));
  }
  return solution;
}

}  // namespace symwave::solvers::fdtd
