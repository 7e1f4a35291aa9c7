// Frequencies dealt to groups of ranks: the fields of one group of all ranks, wherever they were
// solved and wherever the sweep began.
#include "solvers/fdfd/driven_sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "tests/unit/solvers/memory_archive.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::solvers::fdfd {
namespace {

using domain::Component;
using domain::Polarization;

/// A lossy bar beside a current; some of the frequencies are asked for in a smaller box as well.
struct Bar {
  domain::Lattice lattice;
  domain::PermittivityMap media;
  std::vector<double> omegas{4.0, 4.2, 4.5, 5.1, 5.3};
  std::vector<yee::DftRequest> requests;

  explicit Bar(Polarization polarization)
      : lattice(domain::UniformLattice(verification::GridOf(polarization, 0.1, 3, 2, 0.5))),
        media(domain::MakePermittivityMap(
            lattice, verification::MediaOf({verification::BoxShape(-0.5, 0.83, -0.4, 0.37)},
                                           {{"core", {8.1, 0.2}}, {"clad", 2.09}}))) {
    std::vector<Component> all;
    for (int c = 0; c < 6; ++c) {
      if (lattice.Has(static_cast<Component>(c))) all.push_back(static_cast<Component>(c));
    }
    requests.push_back({lattice.AllPoints(), all, omegas});
    requests.push_back({{{5, 6, 0}, {14, 9, 1}}, {all.front()}, {omegas[3], omegas[1]}});
  }

  DrivenSweep::Problem At(size_t number) const {
    const Component c = lattice.Fields() == domain::FieldSet::Ez ? Component::Ez : Component::Hz;
    return {media, {{c, {9, 17, 0}, {1.0 + static_cast<double>(number), -0.3}}}};
  }
};

/// The transforms of a sweep, which stops after `most` frequencies or goes on with what `saved`
/// holds.
MemoryArchive SweepOf(const Bar& bar, int ranks_per_group, size_t most,
                      const MemoryArchive* saved = nullptr) {
  const base::RankGroups groups(MPI_COMM_WORLD, ranks_per_group, 5);
  DrivenSweep sweep(groups, bar.lattice, {});
  for (const yee::DftRequest& request : bar.requests) sweep.AddDft(request);
  std::int64_t done = 0;
  const auto exchange = [&](base::StateArchive& archive) {
    archive.Value("done", done);
    sweep.SaveOrRestore(archive);
  };
  if (saved) {
    MemoryArchive restored(MPI_COMM_WORLD, *saved);
    exchange(restored);
  }
  const auto first = static_cast<size_t>(done);
  const std::vector<double> left(bar.omegas.begin() + done, bar.omegas.end());
  sweep.Solve(
      left, [&](size_t number) { return bar.At(first + number); },
      [&](size_t begin, size_t count) {
        EXPECT_EQ(first + begin, static_cast<size_t>(done));
        done += static_cast<std::int64_t>(count);
        return static_cast<size_t>(done) < most;
      });
  EXPECT_EQ(sweep.Statistics().solves, done);
  EXPECT_LT(sweep.Statistics().max_relative_residual, 1e-10);
  MemoryArchive archive(MPI_COMM_WORLD);
  exchange(archive);
  return archive;
}

void ExpectSameFields(const MemoryArchive& a, const MemoryArchive& b) {
  for (const char* name : {"fields/0", "fields/1"}) {
    ASSERT_EQ(a.entries.count(name), 1u);
    ASSERT_EQ(b.entries.count(name), 1u);
    EXPECT_LT(RelativeDifference(a.entries.at(name), b.entries.at(name)), 1e-10) << name;
  }
}

TEST(DrivenSweep, DoesNotDependOnItsGroups) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    const Bar bar(polarization);
    const MemoryArchive whole = SweepOf(bar, base::Communicator::SizeOf(MPI_COMM_WORLD), 5);
    for (const int ranks : {1, 2}) ExpectSameFields(SweepOf(bar, ranks, 5), whole);
  }
}

TEST(DrivenSweep, GivesWhatEachSolutionHas) {
  const Bar bar(Polarization::Hz);
  const base::RankGroups groups(MPI_COMM_WORLD, 1, 5);
  DrivenSweep sweep(groups, bar.lattice, {});
  DrivenFields alone(MPI_COMM_WORLD, bar.lattice, {});
  for (const yee::DftRequest& request : bar.requests) {
    sweep.AddDft(request);
    alone.AddDft(request);
  }
  sweep.Solve(
      bar.omegas, [&](size_t number) { return bar.At(number); },
      [](size_t, size_t) { return true; });
  for (size_t number = 0; number < bar.omegas.size(); ++number) {
    const DrivenSweep::Problem problem = bar.At(number);
    alone.Solve(bar.omegas[number], problem.media, problem.currents);
    for (size_t n = 0; n < bar.requests.size(); ++n) {
      const yee::DftBlock all = sweep.Dft(static_cast<int>(n));
      const yee::DftBlock& one = alone.Dft(static_cast<int>(n));
      EXPECT_EQ(all.box, one.box);
      const auto w = std::find(all.omegas.begin(), all.omegas.end(), bar.omegas[number]);
      ASSERT_EQ(one.omegas.size(), w == all.omegas.end() ? 0u : 1u);
      if (w == all.omegas.end()) continue;
      double difference = 0, largest = 1e-30;
      for (size_t c = 0; c < one.components.size(); ++c) {
        for (int j = one.box.lo[1]; j < one.box.hi[1]; ++j) {
          for (int i = one.box.lo[0]; i < one.box.hi[0]; ++i) {
            const Complex value = one.At(static_cast<int>(c), 0, i, j, 0);
            const auto at = static_cast<int>(w - all.omegas.begin());
            largest = std::max(largest, std::abs(value));
            difference =
                std::max(difference, std::abs(all.At(static_cast<int>(c), at, i, j, 0) - value));
          }
        }
      }
      EXPECT_LT(difference, 1e-10 * std::max(largest, 1.0));
    }
  }
}

TEST(DrivenSweep, GoesOnWhereItWasSaved) {
  const Bar bar(Polarization::Ez);
  const MemoryArchive whole = SweepOf(bar, 1, 5);
  const MemoryArchive begun = SweepOf(bar, 1, 2);
  ExpectSameFields(SweepOf(bar, 1, 5, &begun), whole);
  ExpectSameFields(SweepOf(bar, 2, 5, &begun), whole);
}

TEST(DrivenSweep, AnErrorOfOneGroupIsThatOfAll) {
  const Bar bar(Polarization::Ez);
  const base::RankGroups groups(MPI_COMM_WORLD, 1, 5);
  DrivenSweep sweep(groups, bar.lattice, {});
  const auto problem_at = [&](size_t number) -> DrivenSweep::Problem {
    if (number == 1 || number == 3) base::Fail("no medium at frequency {}", number);
    return bar.At(number);
  };
  try {
    sweep.Solve(bar.omegas, problem_at, [](size_t, size_t) { return true; });
    FAIL() << "two frequencies have no medium";
  } catch (const base::UserError& error) {
    EXPECT_STREQ(error.what(), "no medium at frequency 1");
  }
}

}  // namespace
}  // namespace symwave::solvers::fdfd
