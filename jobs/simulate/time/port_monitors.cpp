#include "jobs/simulate/time/port_monitors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "jobs/device/waveforms.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using solvers::fdtd::Complex;
using solvers::fdtd::Engine;
using solvers::fdtd::ScatteringInput;

/// Halves to the power of the mirror planes that cut a port: what the computed part of its mode is
/// of the whole.
double MirrorCopiesOf(const deck::GridOptions& grid, const domain::PlanePort& port) {
  double mirror_copies = 1;
  const int normal = domain::AxisOf(port.faces);
  for (int k = 0; k < 2; ++k) {
    const int axis = domain::Across(normal)[k];
    if (axis >= grid.Dimensions() || grid.SymmetryOf(axis) == deck::MirrorPlane::None) continue;
    if (port.at[axis] - port.span[k] / 2 < 0) mirror_copies *= 2;
  }
  return mirror_copies;
}

}  // namespace

PortMonitors::PortMonitors(run::RunContext& context, const deck::SimulateOptions& options,
                           const device::TimeDomainProblem& problem)
    : context_(context), options_(options), problem_(problem) {}

void PortMonitors::Join(solvers::fdtd::ScatteringOptions& options) {
  if (options_.monitors.empty()) return;
  options.before_run = [this](const ScatteringInput&, Engine& engine) {
    monitors_ = std::make_unique<Monitors>(engine, options_, problem_);
  };
  options.after_run = [this](const ScatteringInput& input, const Engine&) {
    Write(input);
    monitors_.reset();
  };
}

void PortMonitors::Write(const ScatteringInput& input) {
  MonitoredRun run;
  run.group = "/input/" + input.name;
  run.prefix = input.name + "_";
  std::replace(run.prefix.begin(), run.prefix.end(), '#', '_');
  run.spectrum = [&](double omega) -> Complex {
    for (size_t w = 0; w < options_.wavelengths.size(); ++w) {
      const double ratio = 2 * M_PI / (omega * options_.wavelengths[w]);
      if (std::abs(ratio - 1) < 2 * device::kSameWavelength) return input.incident[w];
    }
    base::Require(false, "CheckSpectra has passed every wavelength of the monitors");
    return 1;
  };
  run.unit = "the power launched at the input";
  run.mirror_copies = MirrorCopiesOf(options_.grid, problem_.ports[input.port]);
  run.source_end = input.source_end;
  run.views = false;
  base::Info("input {}", input.name);
  context_.Try("writing the monitors of input " + input.name, [&] {
    io::ReplaceAtomically(context_.Comm(), PartOf(input.name), [&](const std::string& path) {
      io::Hdf5File file = io::Hdf5File::Create(context_.Comm(), path);
      monitors_->WriteSpectra(file, run, summary_[input.name], context_.Parts());
      monitors_->WriteFields(file, context_.Directory(), run, context_.Parts());
      file.Close();
    });
    inputs_.push_back(input.name);
  });
}

std::string PortMonitors::PartOf(const std::string& input) const {
  return context_.Directory() + "/part_" + input + ".h5";
}

void PortMonitors::SaveOrRestore(base::StateArchive& archive) {
  std::string text = nlohmann::ordered_json({{"summary", summary_}, {"inputs", inputs_}}).dump();
  archive.Value("monitors", text);
  if (!archive.Restoring()) return;
  const nlohmann::ordered_json kept = nlohmann::ordered_json::parse(text);
  summary_ = kept["summary"];
  inputs_ = kept["inputs"].get<std::vector<std::string>>();
}

void PortMonitors::Collect() {
  for (const std::string& input : inputs_) {
    context_.Write("collecting the monitors of input " + input, [&](io::Hdf5File& file) {
      const io::Hdf5File part = io::Hdf5File::OpenRead(context_.Comm(), PartOf(input));
      file.Copy(part, "/input/" + input);
    });
    base::AgreeOnFailure(context_.Comm(), [&] {
      if (base::Communicator::RankIn(context_.Comm()) == 0) std::remove(PartOf(input).c_str());
    });
  }
}

}  // namespace symwave::jobs::simulate::time
