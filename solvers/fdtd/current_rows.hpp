// Driving currents sorted by the rows they touch, with the signals of the steps of one block.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/signal.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class CurrentRows {
 public:
  explicit CurrentRows(const LocalBlock<Real>& block);

  /// Keeps the entries on held points, their periodic images included, and what they drive through
  /// couplings.
  void Add(const Current& current, double dt);
  /// Forgets all currents.
  void Clear();
  /// The states of the signals; the currents are added anew before restoring.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name);
  /// Evaluates the signals of `count` steps from `step` on.
  void Prepare(long step, int count);
  /// Adds the currents of row (j, k) at points [begin, end) for the stage-th prepared step.
  void Apply(bool electric, int stage, int j, int k, int begin, int end) const {
    if (active_ && !rows_[electric].empty() && rows_[electric][RowIndex(j, k)] != 0) {
      ApplyRow(electric, stage, j, k, begin, end);
    }
  }

 private:
  /// Adds the sum of `count` factors from `factor` on times the signals from `signal` on.
  struct Entry {
    std::uint32_t row = 0;
    int i = 0;
    Real* value = nullptr;
    int signal = 0;
    int count = 0;
    size_t factor = 0;
  };
  /// Weights of consecutive signals that drive one point.
  struct Driven {
    domain::Component component;
    std::array<int, 3> point;
    int signal;
    std::vector<std::complex<double>> weights;
  };
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  Driven FromSeries(const CurrentSeries& series) const;
  void AddImages(const Driven& driven, double dt);
  void AddPoint(const Driven& driven, const std::array<int, 3>& point, std::complex<double> turn,
                double dt);
  /// The weights times `factor` times the signals are added to the field at the point in every
  /// step.
  void AddValue(domain::Component component, const std::array<int, 3>& point, const Driven& driven,
                std::complex<double> factor);
  void Sort();
  void SortRows(int electric);
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
  std::vector<Real> factors_[2];
  std::vector<std::uint32_t> rows_[2];
  std::vector<Real> values_;  ///< [stage][signal]
};

}  // namespace symwave::solvers::fdtd
