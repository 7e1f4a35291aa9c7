#include "solvers/fdtd/run_state.hpp"

#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

using base::StateArchive;

namespace {

void SaveOrRestoreProgress(StateArchive& archive, const std::string& name, RunProgress& progress) {
  SaveOrRestoreInteger(archive, name + "/step", progress.step);
  archive.Value(name + "/time", progress.time);
  archive.Value(name + "/seconds", progress.seconds);
  archive.Value(name + "/mcells_per_second", progress.mcells_per_second);
  archive.Value(name + "/energy", progress.energy);
  archive.Value(name + "/decibel", progress.decibel);
  SaveOrRestoreInteger(archive, name + "/steps_left", progress.steps_left);
  archive.Value(name + "/seconds_left", progress.seconds_left);
}

}  // namespace

void SaveOrRestore(StateArchive& archive, const std::string& name, RunState& state) {
  SaveOrRestoreInteger(archive, name + "/begun", state.begun);
  SaveOrRestoreInteger(archive, name + "/first_step", state.first_step);
  SaveOrRestoreProgress(archive, name + "/last", state.last);
  archive.Value(name + "/peak_energy", state.peak_energy);
  archive.Value(name + "/lowest_energy", state.lowest_energy);
  SaveOrRestoreInteger(archive, name + "/fallen_step", state.fallen_step);
  archive.Value(name + "/fallen_energy", state.fallen_energy);
  archive.Value(name + "/decay_per_step", state.decay_per_step);
  std::vector<std::int64_t> steps;
  std::vector<double> decibels;
  for (const RunState::Sample& sample : state.history) {
    steps.push_back(sample.step);
    decibels.push_back(sample.decibel);
  }
  archive.Values(name + "/history/step", steps);
  archive.Values(name + "/history/decibel", decibels);
  state.history.resize(std::min(steps.size(), decibels.size()));
  for (size_t n = 0; n < state.history.size(); ++n) state.history[n] = {steps[n], decibels[n]};
}

void SaveOrRestore(StateArchive& archive, const std::string& name, RunResult& result) {
  SaveOrRestoreInteger(archive, name + "/end", result.end);
  SaveOrRestoreProgress(archive, name + "/last", result.last);
  archive.Value(name + "/peak_energy", result.peak_energy);
  SaveOrRestoreInteger(archive, name + "/converged", result.converged);
  archive.Value(name + "/message", result.message);
}

}  // namespace symwave::solvers::fdtd
