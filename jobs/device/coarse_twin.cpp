#include "jobs/device/coarse_twin.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace symwave::jobs::device {

namespace {

constexpr double kMostScanned = 4e6;  // cells
constexpr double kMostPoints = 2e4;   // of the window of a port
constexpr double kTwinPoints = 1e4;   // of the same in a twin

std::optional<CoarseTwin> TwinOf(const deck::SimulateOptions& options, double factor) {
  try {
    deck::SimulateOptions wider = WithCells(options, factor);
    TimeDomainProblem problem = BuildTimeDomain(wider);
    return CoarseTwin{factor, std::move(wider), std::move(problem)};
  } catch (const base::UserError&) {
    return std::nullopt;
  }
}

/// Points of the window of a port.
double LargestWindow(const TimeDomainProblem& problem) {
  double most = 0;
  for (const domain::PlanePort& port : problem.ports) {
    const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
    most = std::max(most, static_cast<double>(plane.box.Count()));
  }
  return most;
}

}  // namespace

std::optional<CoarseTwin> TwinForScans(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem) {
  const auto cells = static_cast<double>(problem.lattice.CellCount());
  if (cells <= kMostScanned) return std::nullopt;
  return TwinOf(options, std::pow(cells / kMostScanned, 1.0 / options.grid.Dimensions()));
}

bool HasLargePorts(const TimeDomainProblem& problem) {
  return LargestWindow(problem) > kMostPoints;
}

std::optional<CoarseTwin> TwinForPorts(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem) {
  const double most = LargestWindow(problem);
  if (most <= kMostPoints) return std::nullopt;
  return TwinOf(options, std::pow(most / kTwinPoints, 1.0 / (options.grid.Dimensions() - 1)));
}

}  // namespace symwave::jobs::device
