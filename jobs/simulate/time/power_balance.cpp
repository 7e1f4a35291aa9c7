#include "jobs/simulate/time/power_balance.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "domain/base/log.hpp"

namespace symwave::jobs::simulate::time {

namespace {

/// Distance of a flux plane across the whole grid from the source, along the wave; 0 for others.
double DistanceFromSource(const deck::SimulateOptions& options, const deck::PlaneWaveOptions& wave,
                          const std::string& monitor) {
  for (const deck::MonitorOptions& given : options.monitors) {
    const auto* flux = std::get_if<deck::FluxMonitorOptions>(&given.what);
    if (given.name != monitor || !flux || flux->size[wave.axis] != 0) continue;
    for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
      const double width = options.grid.size[axis] * (1 - 1e-9);
      if (axis != wave.axis && flux->size[axis] < width) return 0;
    }
    return (flux->centre[wave.axis] - wave.centre[wave.axis]) * (wave.forward ? 1 : -1);
  }
  return 0;
}

}  // namespace

void WritePowerBalance(io::Hdf5File& file, const deck::SimulateOptions& options,
                       const device::TimeDomainProblem& problem, const NamedSpectra& shares,
                       nlohmann::ordered_json& summary) {
  if (shares.empty() || options.sources.size() != 1) return;
  const auto* wave = std::get_if<deck::PlaneWaveOptions>(&options.sources.front().what);
  if (!wave) return;
  double nearest = 0, furthest = 0;
  const std::vector<double>* before = nullptr;
  const std::vector<double>* behind = nullptr;
  for (const auto& [name, share] : shares) {
    const double distance = DistanceFromSource(options, *wave, name);
    if (distance < nearest) before = &share;
    if (distance > furthest) behind = &share;
    nearest = std::min(nearest, distance);
    furthest = std::max(furthest, distance);
  }
  if (!before || !behind) return;
  // Shares count towards larger coordinates.
  const double sign = wave->forward ? 1 : -1;
  std::vector<double> reflected, transmitted, absorbed;
  double error = 0;
  for (size_t w = 0; w < before->size(); ++w) {
    reflected.push_back(-sign * (*before)[w]);
    transmitted.push_back(sign * (*behind)[w]);
    absorbed.push_back(1 - reflected.back() - transmitted.back());
    error = std::max(error, problem.lossless ? std::abs(absorbed.back()) : -absorbed.back());
  }
  file.Write("/source/reflected", reflected, {}, {"1", "share of /source/power, per wavelength"});
  file.Write("/source/transmitted", transmitted, {}, {"1", "share of /source/power"});
  file.Write("/source/absorbed", absorbed, {}, {"1", "1 - reflected - transmitted"});
  summary["energy_balance_error"] = error;
  if (problem.lossless) {
    base::Info("reflected and transmitted power add up to the incident one within {:.1e}", error);
  }
}

}  // namespace symwave::jobs::simulate::time
