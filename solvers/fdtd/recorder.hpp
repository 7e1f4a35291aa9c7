// Running Fourier transforms and probes, fed row by row while the fields are swept.
#pragma once

#include <vector>

#include "solvers/fdtd/running_dft.hpp"

namespace symwave::solvers::fdtd {

/// All transforms and probes of a rank.
template <class Real>
class Recorder {
 public:
  /// `steps`: the most that are prepared at a time; `threads` work on the transforms.
  Recorder(const LocalBlock<Real>& block, const domain::IndexBox& owned, double dt, int steps,
           int threads);

  int AddDft(const DftRequest& request);
  int AddProbe(domain::Component component, const std::array<int, 3>& point);
  /// Forgets all transforms and probes.
  void Clear();
  void Prepare(long step, int count);
  /// What was recorded up to `step`; transforms and probes are added anew before restoring.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name, long step);
  /// To be called after every row update.
  void Record(bool electric, int stage, int j, int k, int begin, int end) {
    if (!watched_.empty() && (watched_[RowIndex(j, k)] & asked_[stage]) != 0) {
      RecordRow(electric, stage, j, k, begin, end);
    }
  }
  DftBlock Dft(int number) { return transforms_[number].Result(threads_); }
  /// This rank's record; zeros where it does not own the point.
  const std::vector<double>& Probe(int number) const { return probes_[number].values; }
  double Bytes() const;

 private:
  enum Watcher : std::uint8_t { kTransform = 1, kProbe = 2 };
  struct PointProbe {
    domain::Component component = domain::Component::Ez;
    std::array<int, 3> point{0, 0, 0};
    bool owned = false;
    std::vector<double> values;
  };
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  void Watch(const domain::IndexBox& box, Watcher watcher);
  void RecordRow(bool electric, int stage, int j, int k, int begin, int end);

  const LocalBlock<Real>& block_;
  domain::IndexBox held_;
  domain::IndexBox owned_;
  double dt_;
  int steps_;
  int threads_;
  long step_ = 0;
  std::vector<RunningDft<Real>> transforms_;
  std::vector<PointProbe> probes_;
  std::vector<std::uint8_t> watched_;  ///< per row: who records anything of it
  std::vector<std::uint8_t> asked_;    ///< per prepared step: who takes it
};

}  // namespace symwave::solvers::fdtd
