// An engine that goes on from an archive, against one that was never interrupted: bit for bit on as
// many ranks, to rounding on others.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "tests/unit/solvers/fdtd_runs.hpp"
#include "tests/unit/solvers/memory_archive.hpp"

namespace {

using namespace symwave;
using namespace symwave::fdtd_runs;

struct Case {
  Lattice lattice;
  domain::MediumMap media;
};

/// All walls with PML, conductivity, a Lorentz and a Drude pole, also inside the PML, where they
/// are damped; graded axes; couplings in 2D (Hz) and 3D.
std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Lattice& lattice : Lattices()) cases.push_back({lattice, MixedMedia()});
  for (const size_t n : {2, 6}) {
    cases.push_back({Lattices()[n], CoupledMedia(Lattices()[n])});
  }
  return cases;
}

MemoryArchive StateOf(Driven& run) {
  MemoryArchive archive(run.engine->Comm());
  run.engine->SaveOrRestore(archive);
  return archive;
}

Driven Restored(MPI_Comm comm, const Case& of, const EngineOptions& options,
                const MemoryArchive& saved) {
  Driven run = Start(comm, of.lattice, options, of.media);
  MemoryArchive archive(comm, saved);
  run.engine->SaveOrRestore(archive);
  return run;
}

void ExpectSameBits(const MemoryArchive& a, const MemoryArchive& b) {
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (const auto& [name, entry] : a.entries) {
    if (name.find("/work/") != std::string::npos) continue;  // seconds
    ASSERT_EQ(b.entries.count(name), 1u) << name;
    EXPECT_TRUE(entry.bytes == b.entries.at(name).bytes) << name;
  }
}

// 29 steps end within a block and leave samples in the buffers of the transforms.
TEST(EngineState, GoesOnBitForBitOnAsManyRanks) {
  for (const Case& of : Cases()) {
    for (const EngineOptions& options :
         {Options(Precision::Float32, 8), Options(Precision::Float64, 1)}) {
      Driven whole = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
      whole.engine->Advance(29);
      const MemoryArchive saved = StateOf(whole);
      Driven later = Restored(MPI_COMM_WORLD, of, options, saved);
      ExpectSameBits(StateOf(later), saved);
      EXPECT_EQ(later.engine->Step(), 29);
      whole.engine->Advance(10);
      later.engine->Advance(10);
      EXPECT_EQ(Difference(whole, later), 0);
      ExpectSameBits(StateOf(later), StateOf(whole));
      EXPECT_EQ(later.engine->Statistics().steps, 39);
    }
  }
}

// Saving and taking back changes nothing of a run that goes on, nor does another engine before it.
TEST(EngineState, SavingLeavesTheRunAlone) {
  const Case of = Cases().front();
  const EngineOptions options = Options(Precision::Float32, 4);
  Driven whole = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  whole.engine->Advance(22);
  whole.engine->Advance(20);
  Driven run = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  run.engine->Advance(22);
  MemoryArchive back(MPI_COMM_WORLD, StateOf(run));
  run.engine->Advance(3);  // lost
  run.engine->Reset();
  RunDriven(run);
  run.engine->SaveOrRestore(back);
  run.engine->Advance(20);
  EXPECT_EQ(Difference(whole, run), 0);
}

/// Runs on the first `ranks` of all; the state at the end on every rank of the world.
MemoryArchive RunOn(int ranks, const Case& of, const EngineOptions& options,
                    const MemoryArchive* saved, long steps) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const auto some = base::Communicator::Split(MPI_COMM_WORLD, rank < ranks ? 0 : MPI_UNDEFINED);
  MemoryArchive archive(MPI_COMM_SELF);
  if (some.Get() != MPI_COMM_NULL) {
    Driven run = saved != nullptr ? Restored(some.Get(), of, options, *saved)
                                  : Start(some.Get(), of.lattice, options, of.media);
    run.engine->Advance(steps);
    archive = StateOf(run);
  }
  archive.Share();
  return archive;
}

/// With all samples added, as their buffers differ in size where the blocks do.
double DifferenceOf(const Case& of, const MemoryArchive& a, const MemoryArchive& b) {
  const auto flushed = [&of](const MemoryArchive& saved) {
    Driven run = Restored(MPI_COMM_SELF, of, Options(Precision::Float64, 1), saved);
    run.engine->Dft(run.box);
    run.engine->Dft(run.plane);
    return StateOf(run);
  };
  const MemoryArchive whole = flushed(a), later = flushed(b);
  double largest = 0;
  for (const auto& [name, entry] : whole.entries) {
    if (name.find("/work/") != std::string::npos) continue;
    if (entry.type.find("array") == std::string::npos) continue;
    const double difference = RelativeDifference(entry, later.entries.at(name));
    EXPECT_LT(difference, 1e-12) << name;
    largest = std::max(largest, difference);
  }
  return largest;
}

TEST(EngineState, GoesOnToRoundingOnOtherRanks) {
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const EngineOptions options = Options(Precision::Float64, 0);
  const std::vector<Case> cases = Cases();
  for (const size_t n : {0, 2, 4, 6, 7, 8}) {
    const Case& of = cases[n];
    const MemoryArchive whole = RunOn(1, of, options, nullptr, 40);
    for (const auto& [before, after] : {std::array<int, 2>{2, 1}, {1, 2}, {2, 4}, {4, 3}}) {
      if (std::max(before, after) > size) continue;
      const MemoryArchive saved = RunOn(before, of, options, nullptr, 27);
      const MemoryArchive later = RunOn(after, of, options, &saved, 13);
      if (base::Communicator::RankIn(MPI_COMM_WORLD) > 0) continue;
      EXPECT_LT(DifferenceOf(of, whole, later), 1e-12) << before << " to " << after << " ranks";
    }
  }
}

// Where a lattice is cut is a matter of the deck alone, however often and however fast.
TEST(EngineState, CutsAreTheSameAtEveryStart) {
  const Case of = Cases().front();
  const auto owned = [&of] {
    return Start(MPI_COMM_WORLD, of.lattice, Options(Precision::Float32, 0), of.media)
        .engine->Owned();
  };
  const IndexBox first = owned();
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(owned() == first);
}

/// The sentence with which an engine refuses an archive, on every rank.
std::string Refusal(Driven run, const MemoryArchive& saved) {
  MemoryArchive archive(MPI_COMM_WORLD, saved);
  try {
    run.engine->SaveOrRestore(archive);
  } catch (const base::UserError& e) {
    return e.what();
  }
  return "";
}

TEST(EngineState, RefusesWhatBelongsToAnother) {
  const Case of = Cases().front();
  const EngineOptions options = Options(Precision::Float64, 2);
  Driven run = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  run.engine->Advance(5);
  const MemoryArchive saved = StateOf(run);
  const auto expect = [&](const std::string& text, Driven other) {
    const std::string refusal = Refusal(std::move(other), saved);
    EXPECT_NE(refusal.find(text), std::string::npos) << refusal;
  };
  expect("precision", Start(MPI_COMM_WORLD, of.lattice, Options(Precision::Float32, 2), of.media));
  expect("lattice", Start(MPI_COMM_WORLD, Cases()[1].lattice, options, of.media));
  EngineOptions slower = options;
  slower.courant = 0.9;
  expect("time step", Start(MPI_COMM_WORLD, of.lattice, slower, of.media));
  domain::MediumMap media = of.media;
  media.media[1].poles[0].strength = 31;
  expect("media", Start(MPI_COMM_WORLD, of.lattice, options, media));
  Driven more = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  more.engine->AddDft({of.lattice.AllPoints(), {Component::Ez}, {5.0}, 2});
  expect("monitors", std::move(more));
  Driven probes = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  probes.engine->AddProbe(Component::Ez, {3, 3, 3});
  expect("probes", std::move(probes));
  Driven twice = Start(MPI_COMM_WORLD, of.lattice, options, of.media);
  Current current;
  current.signals = std::make_shared<Pulse>(1.0);
  twice.engine->AddCurrent(current);
  expect("sources", std::move(twice));
}

}  // namespace
