// An engine whose fields, energy and transforms are given functions, cut over the ranks along x:
// the monitors and the run control without a time domain.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/column_range.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

class FakeEngine : public Engine {
 public:
  using Place = std::array<double, 3>;

  FakeEngine(MPI_Comm comm, domain::Lattice lattice)
      : comm_(comm), lattice_(std::move(lattice)), owned_(lattice_.AllPoints()) {
    const domain::ColumnRange mine =
        domain::PartitionColumns({0, lattice_.Points(0)}, base::Communicator::RankIn(comm),
                                 base::Communicator::SizeOf(comm));
    owned_.lo[0] = mine.begin;
    owned_.hi[0] = mine.end;
  }

  std::function<double(long step)> energy = [](long) { return 0.0; };
  std::function<double(domain::Component, int i, int j, int k)> field =
      [](domain::Component, int, int, int) { return 0.0; };
  std::function<Complex(domain::Component, const Place&, double omega)> spectrum;
  double time_step = 0.01;

  void SetMedia(const std::vector<PointMedium>&) override {}
  const domain::Lattice& Lattice() const override { return lattice_; }
  MPI_Comm Comm() const override { return comm_; }
  double TimeStep() const override { return time_step; }
  long Step() const override { return step_; }
  domain::IndexBox Owned() const override { return owned_; }
  domain::IndexBox Held() const override { return owned_; }
  void AddCurrent(const Current&) override {}
  int AddDft(const DftRequest& request) override {
    requests_.push_back(request);
    return static_cast<int>(requests_.size()) - 1;
  }
  int AddProbe(domain::Component, const std::array<int, 3>&) override { return 0; }
  void Advance(long steps) override { step_ += steps; }
  void Reset() override { step_ = 0; }
  double Energy() const override { return energy(step_); }
  double ConservedEnergy() const override { return energy(step_); }
  std::vector<double> Probe(int) const override { return {}; }
  void SetField(domain::Component, const std::function<double(int, int, int)>&, int) override {}
  EngineStatistics Statistics() const override { return {}; }
  void SaveOrRestore(base::StateArchive& archive) override { archive.Value("engine/step", step_); }

  DftBlock Dft(int number) const override {
    const DftRequest& request = requests_[static_cast<size_t>(number)];
    DftBlock block{Intersect(request.box, owned_), request.components, request.omegas, {}};
    for (const domain::Component c : block.components) {
      for (const double omega : block.omegas) {
        ForEach(block.box, [&](int i, int j, int k) {
          block.values.push_back(spectrum(
              c,
              {lattice_.Position(c, 0, i), lattice_.Position(c, 1, j), lattice_.Position(c, 2, k)},
              omega));
        });
      }
    }
    return block;
  }

  std::vector<double> Field(domain::Component c, const domain::IndexBox& box, int) const override {
    std::vector<double> values;
    ForEach(Intersect(owned_, box),
            [&](int i, int j, int k) { values.push_back(field(c, i, j, k)); });
    return values;
  }

 private:
  template <class Visit>
  static void ForEach(const domain::IndexBox& box, Visit&& visit) {
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) visit(i, j, k);
      }
    }
  }

  MPI_Comm comm_;
  domain::Lattice lattice_;
  domain::IndexBox owned_;
  long step_ = 0;
  std::vector<DftRequest> requests_;
};

}  // namespace symwave::solvers::fdtd
