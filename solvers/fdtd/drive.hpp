// Driving currents sorted by the rows they touch, with the signals of the steps of one block.
#pragma once

#include <vector>

#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/signal.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class Drive {
 public:
  explicit Drive(const LocalBlock<Real>& block);

  /// Keeps the entries on held points, their periodic images included, and what they drive through
  /// couplings.
  void Add(const Current& current, double dt);
  /// Forgets all currents.
  void Clear();
  /// Evaluates the signals of `count` steps from `step` on.
  void Prepare(long step, int count);
  /// Adds the currents of row (j, k) at points [begin, end) for the stage-th prepared step.
  void Apply(bool electric, int stage, int j, int k, int begin, int end) const {
    if (active_ && !rows_[electric].empty() && rows_[electric][RowIndex(j, k)] != 0) {
      ApplyRow(electric, stage, j, k, begin, end);
    }
  }

 private:
  struct Entry {
    size_t row = 0;
    int i = 0;
    Real* value = nullptr;
    int signal = 0;
    Real factor = 0;
  };
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  void AddImages(const CurrentEntry& entry, int first_signal, double dt);
  void AddPoint(const CurrentEntry& entry, const std::array<int, 3>& point, int signal,
                std::complex<double> weight, double dt);
  /// `factor` times the signal is added to the field at the point in every step.
  void AddValue(domain::Component component, const std::array<int, 3>& point, int signal,
                std::complex<double> factor);
  void Sort();
  void ApplyRow(bool electric, int stage, int j, int k, int begin, int end) const;

  const LocalBlock<Real>& block_;
  domain::IndexBox held_;
  std::vector<std::shared_ptr<SignalSet>> sets_;
  std::vector<int> first_signal_;
  int signals_ = 0;
  bool sorted_ = true;
  bool active_ = false;
  /// [electric]: entries sorted by row; per row the number of its first entry + 1, 0 for none.
  std::vector<Entry> entries_[2];
  std::vector<std::uint32_t> rows_[2];
  std::vector<Real> values_;  ///< [stage][signal]
};

}  // namespace symwave::solvers::fdtd
