// Halo traffic: the bytes that the engine says it sent against the points that its ranks hold of
// each other.
#include <gtest/gtest.h>
#include <mpi.h>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "solvers/fdtd/engine.hpp"

namespace {

using namespace symwave;
using namespace symwave::solvers::fdtd;
using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Wall;

using Ends = std::array<AxisEnd, 2>;
constexpr Ends kWalls{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}};
constexpr Ends kPeriodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};

/// The boxes of all ranks.
std::vector<IndexBox> Gather(const IndexBox& mine) {
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  std::vector<int> all(static_cast<size_t>(size) * 6);
  int own[6];
  for (int d = 0; d < 3; ++d) {
    own[d] = mine.lo[d];
    own[3 + d] = mine.hi[d];
  }
  base::Mpi(MPI_Allgather(own, 6, MPI_INT, all.data(), 6, MPI_INT, MPI_COMM_WORLD));
  std::vector<IndexBox> boxes(static_cast<size_t>(size));
  for (int r = 0; r < size; ++r) {
    for (int d = 0; d < 3; ++d) {
      boxes[r].lo[d] = all[6 * r + d];
      boxes[r].hi[d] = all[6 * r + 3 + d];
    }
  }
  return boxes;
}

/// What this rank sends in one exchange: its points that other ranks hold, periodic images
/// included.
struct Traffic {
  long points = 0;
  long messages = 0;
};
Traffic OneExchange(const Engine& engine) {
  const Lattice& lattice = engine.Lattice();
  const std::vector<IndexBox> held = Gather(engine.Held());
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  std::array<int, 3> reach{0, 0, 0};
  for (int d = 0; d < 3; ++d) reach[d] = lattice.Periodic(d) && lattice.Points(d) > 1 ? 1 : 0;
  Traffic traffic;
  for (int other = 0; other < static_cast<int>(held.size()); ++other) {
    if (other == rank) continue;
    for (int z = -reach[2]; z <= reach[2]; ++z) {
      for (int y = -reach[1]; y <= reach[1]; ++y) {
        for (int x = -reach[0]; x <= reach[0]; ++x) {
          const std::array<int, 3> by{x * lattice.Points(0), y * lattice.Points(1),
                                      z * lattice.Points(2)};
          const long points = Intersect(engine.Owned(), Shift(held[other], by)).Count();
          traffic.points += points;
          traffic.messages += points > 0 ? 1 : 0;
        }
      }
    }
  }
  return traffic;
}

Lattice Box(const Ends& ends, double bloch = 0) {
  return Lattice({Axis::Uniform(1, 33), Axis::Uniform(1, 27), Axis::Uniform(1, 30)},
                 {ends, ends, ends}, {0, bloch, 0});
}

/// Nothing but fields crosses in a plain dielectric: components * sizeof(Real) per point.
void CompareTraffic(const Lattice& lattice, Precision precision, int block) {
  EngineOptions options;
  options.precision = precision;
  options.block = block;
  const auto engine =
      MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium({"glass", 2.1, 0, {}}), options);
  const EngineStatistics before = engine->Statistics();
  constexpr int kSteps = 7;
  engine->Advance(kSteps);
  const EngineStatistics after = engine->Statistics();
  const int exchanges = (kSteps + block - 1) / block;
  const int values = (lattice.TwoDimensional() ? 3 : 6) * (lattice.HasBlochPhase() ? 2 : 1);
  const double bytes_per_point = values * (precision == Precision::Float32 ? 4.0 : 8.0);
  const Traffic traffic = OneExchange(*engine);
  EXPECT_EQ(after.halo_bytes - before.halo_bytes,
            exchanges * static_cast<double>(traffic.points) * bytes_per_point);
  EXPECT_EQ(after.halo_messages - before.halo_messages, exchanges * traffic.messages);
  const bool alone = base::Communicator::SizeOf(MPI_COMM_WORLD) == 1;
  EXPECT_EQ(traffic.points == 0, alone);
}

TEST(HaloTraffic, EqualsThePointsThatRanksHoldOfEachOther) {
  for (const Precision precision : {Precision::Float32, Precision::Float64}) {
    for (const int block : {1, 3}) {
      CompareTraffic(Box(kWalls), precision, block);
      CompareTraffic(Box(kPeriodic), precision, block);
      CompareTraffic(Box(kPeriodic, 0.7), precision, block);
      for (const FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
        CompareTraffic(
            Lattice(fields, {Axis::Uniform(1, 41), Axis::Uniform(1, 33)}, {kWalls, kPeriodic}),
            precision, block);
      }
    }
  }
}

// One cut face of nx * ny points, `block` layers, on either side of every cut across z.
TEST(HaloTraffic, IsTheCutSurfaceTimesTheStepsOfABlock) {
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  EngineOptions options;
  options.block = 2;
  options.ranks = {1, 1, size};
  const Lattice lattice = Box(kWalls);
  const auto engine =
      MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium({"glass", 2.1, 0, {}}), options);
  engine->Advance(20);
  const int faces = (rank > 0 ? 1 : 0) + (rank < size - 1 ? 1 : 0);
  const double per_step = 34.0 * 28.0 * 6 * sizeof(float);
  EXPECT_EQ(engine->Statistics().halo_bytes / 20, faces * per_step);
}

}  // namespace
