// Running Fourier transforms and probes, fed row by row while the fields are swept.
#pragma once

#include <vector>

#include "solvers/fdtd/local_block.hpp"

namespace symwave::solvers::fdtd {

/// One transform on the points that this rank owns of its box. Sums are kept in double precision.
template <class Real>
class RunningDft {
 public:
  RunningDft(const LocalBlock<Real>& block, const domain::IndexBox& owned,
             const DftRequest& request, double dt);

  const domain::IndexBox& Box() const { return box_; }
  bool HasRow(int j, int k) const {
    return j >= box_.lo[1] && j < box_.hi[1] && k >= box_.lo[2] && k < box_.hi[2];
  }
  /// Phases of the steps step ... step + count - 1 (step n makes E^{n+1} and H^{n+1/2}).
  void Prepare(long step, int count);
  /// Takes the points of row (j, k) in [begin, end), just updated in the stage-th prepared step.
  void Add(bool electric, int stage, int j, int k, int begin, int end);
  /// Adds what thin boxes have kept of the prepared steps.
  void Finish();
  DftBlock Result() const;
  double Bytes() const { return 8.0 * static_cast<double>(re_.size() + im_.size()); }

 private:
  /// Start of a point's or row's sums: they run over the points along x, in thin boxes over the
  /// frequencies.
  size_t Start(size_t component, int w, int i, int j, int k) const;
  size_t SampleIndex(int part, int slot, size_t component, size_t point) const {
    return ((static_cast<size_t>(part) * slots_ + slot) * request_.components.size() + component) *
               static_cast<size_t>(box_.Count()) +
           point;
  }
  void AddRow(size_t component, int part, int stage, const Real* field, int i, int j, int k,
              int count);

  const LocalBlock<Real>& block_;
  DftRequest request_;
  domain::IndexBox box_;
  double dt_;
  /// Planes and the like: a sweep reaches few of their points at a time, and their sums, many
  /// numbers per point, would leave the cache each time. Their samples are kept for a block of
  /// steps.
  bool thin_;
  std::vector<int> slot_;  ///< per prepared step: number among those that are taken, or -1
  int slots_ = 0;
  std::vector<Real> samples_;  ///< [part][slot][component][point]
  std::vector<double> re_, im_;
  std::vector<double> phase_re_[2], phase_im_[2];  ///< [electric][stage * omegas + w]
};

/// All transforms and probes of a rank.
template <class Real>
class Recorder {
 public:
  Recorder(const LocalBlock<Real>& block, const domain::IndexBox& owned, double dt);

  int AddDft(const DftRequest& request);
  int AddProbe(domain::Component component, const std::array<int, 3>& point);
  /// Forgets all transforms and probes.
  void Clear();
  void Prepare(long step, int count);
  /// To be called when all rows of the prepared steps have been recorded.
  void Finish();
  /// To be called after every row update.
  void Record(bool electric, int stage, int j, int k, int begin, int end) {
    if (!watched_.empty() && watched_[RowIndex(j, k)] != 0) {
      RecordRow(electric, stage, j, k, begin, end);
    }
  }
  DftBlock Dft(int number) const { return transforms_[number].Result(); }
  /// This rank's record; zeros where it does not own the point.
  const std::vector<double>& Probe(int number) const { return probes_[number].values; }
  double Bytes() const;

 private:
  struct PointProbe {
    domain::Component component = domain::Component::Ez;
    std::array<int, 3> point{0, 0, 0};
    bool owned = false;
    std::vector<double> values;
  };
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  void Watch(const domain::IndexBox& box);
  void RecordRow(bool electric, int stage, int j, int k, int begin, int end);

  const LocalBlock<Real>& block_;
  domain::IndexBox held_;
  domain::IndexBox owned_;
  double dt_;
  long step_ = 0;
  std::vector<RunningDft<Real>> transforms_;
  std::vector<PointProbe> probes_;
  std::vector<std::uint8_t> watched_;  ///< rows with anything to record
};

}  // namespace symwave::solvers::fdtd
