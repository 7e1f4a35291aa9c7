// Sums of delayed copies of one waveform, as signals of an engine's currents.
#pragma once

#include <memory>

#include "solvers/fdtd/band_expansion.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

/// s_k(t) = sum_m mix_mk a(t + lead - t_m) of an expansion, at the times of both drives. The
/// transform of s_k at w is g_k(w) exp(-i w lead) times that of a.
class DelayedSignals : public SignalSet {
 public:
  /// The waveform must start at lead + longest delay or later, so that nothing is cut off.
  DelayedSignals(const Waveform& waveform, double dt, double lead, const BandExpansion& expansion);

  /// Number of the real part of s_0; that of s_k follows 2 k later, the imaginary part one after.
  int First(CurrentKind kind) const { return kind == CurrentKind::Electric ? 0 : 2 * terms_; }

  int Count() const override { return 4 * terms_; }
  void Evaluate(long step, double* values) override;
  long EndStep() const override;

 private:
  void EvaluateAt(double t, double* values) const;

  Waveform waveform_;
  double dt_;
  double lead_;
  int terms_;
  std::vector<double> delays_;
  Eigen::MatrixXcd mix_;
};

}  // namespace symwave::solvers::fdtd
