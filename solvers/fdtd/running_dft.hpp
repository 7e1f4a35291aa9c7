// A running Fourier transform over a box of points.
#pragma once

#include <vector>

#include "solvers/fdtd/local_block.hpp"

namespace symwave::solvers::fdtd {

/// One transform on the points that this rank owns of its box. A sweep only copies the field into a
/// buffer of samples; when the buffer is full, the samples of many steps are added to the sums at
/// once, as a product of matrices. So the sums, many numbers per point, are read and written seldom
/// and in order. They are kept, and added to, in double precision.
template <class Real>
class RunningDft {
 public:
  /// `steps`: the most that are prepared at a time.
  RunningDft(const LocalBlock<Real>& block, const domain::IndexBox& owned,
             const DftRequest& request, double dt, int steps);

  const domain::IndexBox& Box() const { return box_; }
  bool HasRow(int j, int k) const {
    return j >= box_.lo[1] && j < box_.hi[1] && k >= box_.lo[2] && k < box_.hi[2];
  }
  /// Makes room for the steps step ... step + count - 1 (step n makes E^{n+1} and H^{n+1/2}).
  void Prepare(long step, int count, int threads);
  /// Whether the stage-th prepared step is sampled.
  bool Takes(int stage) const { return slot_[stage] >= 0; }
  /// Takes the points of row (j, k) in [begin, end), just updated in the stage-th prepared step.
  void Add(bool electric, int stage, int j, int k, int begin, int end);
  /// The sums and the samples that are not yet added to them.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name, int threads);
  /// Of all samples taken so far.
  DftBlock Result(int threads);
  double Bytes() const;

 private:
  /// Where a component lies in the field's rows and in a sample.
  struct Channel {
    long field = 0;
    long sample = 0;
  };
  std::vector<double> RequestedNumbers() const;
  void SaveOrRestoreSums(base::StateArchive& archive, const std::string& name);
  void SaveOrRestoreSamples(base::StateArchive& archive, const std::string& name);
  /// Takes step `step` as the next sample: its place in the buffer, and its phases.
  int AddSlot(long step);
  void AppendFactors(long step);
  void Flush(int threads);
  size_t Columns() const { return 2 * request_.omegas.size(); }

  const LocalBlock<Real>& block_;
  DftRequest request_;
  domain::IndexBox box_;
  double dt_;
  size_t points_;
  std::vector<int> slot_;  ///< per prepared step: number of its sample, or -1
  /// Steps whose samples are in the buffer, also where none of their points is owned.
  std::vector<std::int64_t> sampled_;
  int room_ = 0;                      ///< for this many samples
  long stride_ = 0;                   ///< between samples
  std::vector<Channel> channels_[2];  ///< [electric]
  /// [sample * parts + part][component][point]
  Buffer<Real> samples_;
  /// [electric]: [sample * parts + part][column], the cosines of all frequencies, then the sines.
  std::vector<double> factors_[2];
  bool by_point_;  ///< sums are [component][point][column], else [component][column][point]
  Buffer<double> sums_;
};

}  // namespace symwave::solvers::fdtd
