// Runs with every source that go on from an archive, against runs that were never interrupted: the
// same steps, the same decisions, the same bits.
#include <gtest/gtest.h>

#include <numeric>

#include "domain/base/communicator.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/plane_wave.hpp"
#include "solvers/fdtd/run_control.hpp"
#include "tests/unit/solvers/fdtd_runs.hpp"
#include "tests/unit/solvers/memory_archive.hpp"

namespace {

using namespace symwave;
using namespace symwave::fdtd_runs;

constexpr double kOmega = 2 * M_PI;

/// A flat lattice with PML along x, and along y unless it is periodic.
Lattice Flat(bool periodic, double phase = 0, int cells_y = 50) {
  const auto y = periodic ? Both(Wall::Periodic, 0) : Both(Wall::Pec, 8);
  return Lattice(FieldSet::Ez, {Axis::Uniform(0.05, 70), Axis::Uniform(0.05, cells_y)},
                 {Both(Wall::Pec, 8), y}, {0, phase});
}

/// A lattice and what drives it.
struct Launched {
  std::string name;
  Lattice lattice;
  std::function<Current(const Engine&)> current;
};

Launched Wave(const std::string& name, const Lattice& lattice, PlaneWave wave) {
  wave.waveform = Waveform::Pulse(kOmega, 0.3);
  return {name, lattice, [wave](const Engine& engine) {
            PlaneWave delayed = wave;
            delayed.waveform =
                wave.waveform.Delayed(PlaneWaveLead(engine.Lattice(), engine.TimeStep(), wave));
            return PlaneWaveCurrent(engine.Lattice(), engine.TimeStep(), engine.Held(), delayed);
          }};
}

std::vector<Launched> Sources() {
  PlaneWave flat;
  flat.lo[0] = -1;
  PlaneWave box = flat;
  box.lo = {-0.8, -0.6, -PlaneWave::kUnbounded};
  box.hi = {0.8, 0.6, PlaneWave::kUnbounded};
  GaussianBeam beam;
  beam.waveform = Waveform::Pulse(kOmega, 0.2);
  const Launched focused{
      "beam", Flat(false, 0, 120), [beam](const Engine& engine) {
        GaussianBeam delayed = beam;
        delayed.waveform =
            beam.waveform.Delayed(GaussianBeamLead(engine.Lattice(), engine.TimeStep(), beam));
        return GaussianBeamCurrent(engine.Lattice(), engine.TimeStep(), engine.Held(), delayed);
      }};
  const Launched point{"dipole", Flat(false), [](const Engine& engine) {
                         Current current;
                         const Waveform pulse = Waveform::Pulse(kOmega, 0.3);
                         current.signals =
                             std::make_shared<WaveformSignals>(pulse, engine.TimeStep());
                         AppendEntry(current, Component::Ez, {30, 25, 0}, {1, 0.3}, false);
                         return current;
                       }};
  return {Wave("flat", Flat(true), flat), Wave("box", Flat(false), box),
          Wave("oblique", Flat(true, kOmega * 2.5 * std::sin(0.4)), flat), focused, point};
}

/// A run to its end or to a check.
class Simulation {
 public:
  Simulation(MPI_Comm comm, const Launched& launched)
      : media_(domain::UniformMedium({"vacuum", 1, 0, {}})),
        engine_(MakeEngine(comm, launched.lattice, media_, Options(Precision::Float64, 0))) {
    const Current current = launched.current(*engine_);
    engine_->AddCurrent(current);
    control_.source_end = current.signals->EndStep();
    control_.max_steps = 4000;
    control_.decay = 1e-5;
    control_.media = &media_;
    flux_ = std::make_unique<FluxMonitor>(*engine_,
                                          BoxFaces(launched.lattice, {12, 12, 0}, {58, 38, 1}),
                                          std::vector<double>{5.5, kOmega}, 2);
    engine_->AddProbe(Component::Ez, {40, 30, 0});
  }

  RunResult Run(long stop_after = std::numeric_limits<long>::max()) {
    control_.progress = [stop_after](const RunProgress& now) { return now.step < stop_after; };
    return RunUntilDecayed(*engine_, control_, state_);
  }
  void SaveOrRestore(MemoryArchive& archive) {
    engine_->SaveOrRestore(archive);
    solvers::fdtd::SaveOrRestore(archive, "run", state_);
  }
  std::vector<double> Flux() const { return flux_->Spectrum(); }

 private:
  domain::MediumMap media_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<FluxMonitor> flux_;
  RunControl control_;
  RunState state_;
};

void ExpectSameEnd(const RunResult& whole, const RunResult& later, double tolerance) {
  EXPECT_EQ(later.end, whole.end);
  EXPECT_EQ(later.last.step, whole.last.step);
  EXPECT_EQ(later.message, whole.message);
  EXPECT_LE(std::abs(later.last.energy - whole.last.energy), tolerance * whole.peak_energy);
  EXPECT_LE(std::abs(later.peak_energy - whole.peak_energy), tolerance * whole.peak_energy);
}

void ExpectNear(const std::vector<double>& whole, const std::vector<double>& later,
                double tolerance) {
  ASSERT_EQ(whole.size(), later.size());
  for (size_t n = 0; n < whole.size(); ++n) {
    EXPECT_LE(std::abs(later[n] - whole[n]), tolerance * std::abs(whole[n])) << n;
  }
}

// Stopped twice, while the source is on and while the energy falls.
TEST(RunState, GoesOnWithEverySourceAndDecidesAlike) {
  for (const Launched& launched : Sources()) {
    SCOPED_TRACE(launched.name);
    Simulation whole(MPI_COMM_WORLD, launched);
    const RunResult end = whole.Run();
    EXPECT_EQ(end.end, RunEnd::Decayed);
    const long steps = end.last.step;
    std::unique_ptr<MemoryArchive> saved;
    for (const long stop : {steps / 3, steps - 100}) {
      Simulation part(MPI_COMM_WORLD, launched);
      if (saved) {
        MemoryArchive archive(MPI_COMM_WORLD, *saved);
        part.SaveOrRestore(archive);
      }
      EXPECT_EQ(part.Run(stop).end, RunEnd::Stopped);
      saved = std::make_unique<MemoryArchive>(MPI_COMM_WORLD);
      part.SaveOrRestore(*saved);
    }
    Simulation last(MPI_COMM_WORLD, launched);
    MemoryArchive archive(MPI_COMM_WORLD, *saved);
    last.SaveOrRestore(archive);
    const RunResult later = last.Run();
    ExpectSameEnd(end, later, 0);
    EXPECT_GT(later.last.seconds, 0);
    ExpectNear(whole.Flux(), last.Flux(), 0);
    // On one rank, from what the ranks saved.
    Simulation alone(MPI_COMM_SELF, launched);
    MemoryArchive same(MPI_COMM_SELF, *saved);
    alone.SaveOrRestore(same);
    ExpectSameEnd(end, alone.Run(), 1e-12);
    ExpectNear(whole.Flux(), alone.Flux(), 1e-9);
  }
}

TEST(RunState, AnyRankStopsAll) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int last = base::Communicator::SizeOf(MPI_COMM_WORLD) - 1;
  Simulation run(MPI_COMM_WORLD, Sources().back());
  const RunResult end = run.Run(rank == last ? 200 : std::numeric_limits<long>::max());
  EXPECT_EQ(end.end, RunEnd::Stopped);
  EXPECT_EQ(end.last.step, 256);
}

}  // namespace
