// Driving currents: sums of (point, weight) entries, each following a signal in time.
#pragma once

#include <array>
#include <complex>
#include <memory>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// A few functions of time that drive any number of points.
class SignalSet {
 public:
  virtual ~SignalSet() = default;
  virtual int Count() const = 0;
  /// Values of all signals for step n = `step` (called for n = 0, 1, 2 ... in order): a signal that
  /// drives E is wanted at t = (n + 1/2) dt, one that drives H at t = n dt.
  virtual void Evaluate(long step, double* values) = 0;
  /// Step from which on all signals are zero for good.
  virtual long EndStep() const = 0;
  /// Of a set whose values come out of the steps before: what it keeps of them, the same on every
  /// rank. Restored sets are evaluated from the step on that follows.
  virtual void SaveOrRestore(base::StateArchive&, const std::string& /*name*/) {}
};

/// Adds weight * signal to J (electric component) or K (magnetic component) at a global point.
struct CurrentEntry {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  int signal = 0;
  std::complex<double> weight = 1;  ///< imaginary part: of the complex fields under Bloch walls
};

/// Adds Re[sum_m profile_m a_m] (sum_m profile_m Re a_m of the complex fields under Bloch walls) to
/// J or K at a global point, a_m = signal + i (the next signal) of the pair `signal` + 2 m.
struct CurrentSeries {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  int signal = 0;
  std::vector<std::complex<double>> profile;
};

struct Current {
  std::shared_ptr<SignalSet> signals;
  std::vector<CurrentEntry> entries;
  std::vector<CurrentSeries> series;
};

}  // namespace symwave::solvers::fdtd
