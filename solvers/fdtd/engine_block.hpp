// The engine in one precision.
#pragma once

#include <memory>

#include "solvers/fdtd/current_rows.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/halo.hpp"
#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/partition.hpp"
#include "solvers/fdtd/pml_media.hpp"
#include "solvers/fdtd/recorder.hpp"
#include "solvers/fdtd/sweep.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class EngineOf : public Engine {
 public:
  EngineOf(MPI_Comm comm, const domain::Lattice& lattice, const DampedMedia& media,
           const EngineOptions& options, const Partition& partition, bool couplings);

  const domain::Lattice& Lattice() const override { return block_.Lattice(); }
  MPI_Comm Comm() const override { return comm_; }
  double TimeStep() const override { return dt_; }
  long Step() const override { return step_; }
  domain::IndexBox Owned() const override { return owned_; }
  domain::IndexBox Held() const override { return block_.Held(); }

  void AddCurrent(const Current& current) override { drive_.Add(current, dt_); }
  int AddDft(const DftRequest& request) override { return recorder_.AddDft(request); }
  int AddProbe(domain::Component component, const std::array<int, 3>& point) override {
    return recorder_.AddProbe(component, point);
  }
  void Advance(long steps) override;
  void Reset() override;
  void SetMedia(const std::vector<PointMedium>& points) override { block_.SetMedia(points); }
  double Energy() const override;
  double ConservedEnergy() const override;
  DftBlock Dft(int number) const override { return recorder_.Dft(number); }
  std::vector<double> Probe(int number) const override;
  std::vector<double> Field(domain::Component component, const domain::IndexBox& box,
                            int part) const override;
  void SetField(domain::Component component, const std::function<double(int, int, int)>& value,
                int part) override;
  EngineStatistics Statistics() const override;
  void SaveOrRestore(base::StateArchive& archive) override;

 private:
  void AdvanceBlock(int stages);
  void SweepWedge(const Wedge& wedge, int stages);
  void RefreshHalo() const;
  double RowEnergy(const BlockState<Real>& state, domain::Component c, int j, int k) const;
  double HalfStepProduct(const BlockState<Real>& state, domain::Component h, int i, int j,
                         int k) const;
  /// Walls and the end of the lattice keep some points at zero.
  bool HeldAtZero(domain::Component c, int i, int j, int k) const;
  double Volume(domain::Component c, int i, int j, int k) const;

  MPI_Comm comm_;
  EngineOptions options_;
  double dt_;
  domain::IndexBox owned_;
  std::vector<domain::Medium> media_;
  std::vector<int> undamped_;  ///< see DampedMedia
  std::unique_ptr<LocalBlock<Real>> storage_;
  LocalBlock<Real>& block_;
  mutable Halo<Real> halo_;
  CurrentRows<Real> drive_;
  mutable Recorder<Real> recorder_;  ///< asking for a transform adds up its samples
  Wedge held_wedge_, owned_wedge_;
  RowVisitor visitor_;
  int tile_ = 1;
  std::vector<double> width_[2];  ///< weights along x of the owned halves and nodes
  long step_ = 0;
  EngineStatistics statistics_;
};

}  // namespace symwave::solvers::fdtd
