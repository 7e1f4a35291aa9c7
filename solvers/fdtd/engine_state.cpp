// The state of an engine in an archive.
#include "domain/base/error.hpp"
#include "solvers/fdtd/engine_block.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

namespace {

std::vector<double> NumbersOf(const domain::Lattice& lattice) {
  std::vector<double> numbers{static_cast<double>(lattice.Fields())};
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      numbers.push_back(static_cast<double>(lattice.End(axis, side).wall));
      numbers.push_back(lattice.End(axis, side).pml_cells);
    }
    numbers.push_back(lattice.BlochPhase(axis));
    for (int i = 0; i <= lattice.Cells(axis); ++i) numbers.push_back(lattice.Node(axis, i));
  }
  return numbers;
}

std::vector<double> NumbersOf(const std::vector<domain::Medium>& media) {
  std::vector<double> numbers;
  for (const domain::Medium& medium : media) {
    numbers.insert(numbers.end(),
                   {medium.eps_inf, medium.conductivity, static_cast<double>(medium.poles.size())});
    if (medium.Anisotropic()) {
      numbers.insert(numbers.end(), medium.anisotropy.begin(), medium.anisotropy.end());
    }
    for (const domain::Pole& pole : medium.poles) {
      numbers.insert(numbers.end(), {pole.strength, pole.frequency, pole.damping});
    }
  }
  return numbers;
}

std::vector<double> NumbersOf(const PmlOptions& pml) {
  return {pml.order, pml.reflection, pml.kappa_max, pml.alpha_max, pml.index, pml.damped_below};
}

}  // namespace

template <class Real>
void EngineOf<Real>::SaveOrRestore(base::StateArchive& archive) {
  const std::string name = "engine";
  RequireSame(archive, name + "/precision", {static_cast<double>(sizeof(Real))},
              "the bytes of a number (solver.precision)");
  RequireSame(archive, name + "/lattice", NumbersOf(Lattice()),
              "the cells, walls and PMLs of the lattice");
  RequireSame(archive, name + "/time_step", {dt_}, "the time steps");
  RequireSame(archive, name + "/media", NumbersOf(media_), "the media");
  RequireSame(archive, name + "/pml", NumbersOf(options_.pml), "the gradings of the PML");
  SaveOrRestoreInteger(archive, name + "/step", step_);
  block_.SaveOrRestore(archive, name, owned_, undamped_);
  drive_.SaveOrRestore(archive, name + "/currents");
  recorder_.SaveOrRestore(archive, name, step_);
  EngineStatistics counts = Statistics();
  fdtd::SaveOrRestore(archive, name + "/work", counts);
  if (!archive.Restoring()) return;
  statistics_ = counts;
  halo_.ClearCounts();
}

template void EngineOf<float>::SaveOrRestore(base::StateArchive&);
template void EngineOf<double>::SaveOrRestore(base::StateArchive&);

}  // namespace symwave::solvers::fdtd
