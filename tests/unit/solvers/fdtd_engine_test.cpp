// The engine against textbook loops, and its own variants (blocks of steps, threads, ranks) against
// each other.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "tests/unit/solvers/fdtd_runs.hpp"

namespace {

using namespace symwave;
using namespace symwave::fdtd_runs;

// The order of operations at a point does not depend on blocks and threads: the same bits. Under a
// Bloch phase the halo is turned before instead of after an update, which rounds differently.
TEST(Engine, BlocksAndThreadsChangeNoBit) {
  for (const Lattice& lattice : Lattices()) {
    for (const Precision precision : {Precision::Float32, Precision::Float64}) {
      const Driven naive = Start(MPI_COMM_WORLD, lattice, Options(precision, 1, 1, false));
      naive.engine->Advance(50);
      for (const auto& [block, threads] : {std::array<int, 2>{1, 1}, {3, 1}, {4, 1}, {4, 3}}) {
        const Driven run = Start(MPI_COMM_WORLD, lattice, Options(precision, block, threads));
        run.engine->Advance(29);
        run.engine->Advance(21);
        const double rounding = precision == Precision::Float32 ? 1e-6 : 1e-13;
        EXPECT_LE(Difference(naive, run), lattice.HasBlochPhase() ? rounding : 0)
            << block << " steps, " << threads << " threads";
      }
    }
  }
}

// Also after a reset, which leaves the shared buffers as they are.
TEST(Engine, HalosByMessagesAndThroughMemoryAreTheSame) {
  for (const Lattice& lattice : Lattices()) {
    EngineOptions options = Options(Precision::Float32, 3);
    Driven shared = Start(MPI_COMM_WORLD, lattice, options);
    options.shared_halos = false;
    Driven messages = Start(MPI_COMM_WORLD, lattice, options);
    for (Driven* run : {&shared, &messages}) {
      run->engine->Advance(20);
      run->engine->Reset();
      RunDriven(*run);
      run->engine->Advance(31);
    }
    EXPECT_EQ(Difference(shared, messages), 0);
    EXPECT_EQ(shared.engine->Statistics().halo_messages,
              messages.engine->Statistics().halo_messages);
  }
}

TEST(Engine, ResetStartsAgain) {
  for (const Lattice& lattice : Lattices()) {
    const Driven once = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    Driven twice = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    twice.engine->Advance(20);
    twice.engine->Reset();
    RunDriven(twice);
    once.engine->Advance(30);
    twice.engine->Advance(30);
    EXPECT_EQ(Difference(once, twice), 0);
  }
}

/// `media` with other eps, and a conductivity at some of the points, in every third row.
domain::MediumMap WithOtherPoints(domain::MediumMap media, const Lattice& lattice,
                                  std::vector<PointMedium>& points) {
  media.sample = [sample = media.sample, lattice, &points](Component c, const IndexBox& box) {
    domain::MediumBlock block = sample(c, box);
    for (const PointMedium& point : points) {
      std::array<int, 3> at = point.point;
      for (int d = 0; d < 3; ++d) {
        while (lattice.Periodic(d) && at[d] >= box.hi[d]) at[d] -= lattice.Cells(d);
        while (lattice.Periodic(d) && at[d] < box.lo[d]) at[d] += lattice.Cells(d);
        // The point itself or one of its images; boxes of this test hold one of them along x and y.
      }
      if (point.component != c || !box.Contains(at[0], at[1], at[2])) continue;
      const auto p = static_cast<size_t>(box.Offset(at[0], at[1], at[2]));
      block.eps[p] = point.eps;
      block.conductivity[p] = point.conductivity;
    }
    return block;
  };
  return media;
}

std::vector<PointMedium> OtherPoints(const Lattice& lattice) {
  std::vector<PointMedium> points;
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!lattice.Has(c)) continue;
    for (int n = 0; n < 40; ++n) {
      points.push_back({c,
                        {7 + n % 22, 5 + 3 * (n % 5), lattice.TwoDimensional() ? 0 : 5 + n % 9},
                        1.5 + 0.05 * n,
                        n % 3 == 0 ? 0.2 : 0.0});
    }
  }
  return points;
}

// Media that are set after a run are those that the engine is made with, poles and loss included,
// and so are the first ones when they are set back.
TEST(Engine, MediaOfPointsAreSetBetweenRuns) {
  for (const Lattice& lattice : Lattices()) {
    std::vector<PointMedium> points = OtherPoints(lattice), before = points;
    const domain::MediumMap media = MixedMedia();
    for (PointMedium& point : before) {
      const auto [i, j, k] = point.point;
      const domain::MediumBlock block =
          media.sample(point.component, {{i, j, k}, {i + 1, j + 1, k + 1}});
      point.eps = block.eps[0];
      point.conductivity = block.conductivity[0];
    }
    const Driven first = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    const Driven made = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3),
                              WithOtherPoints(media, lattice, points));
    Driven set = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    for (const auto& [of, other] : {std::pair(&points, &made), {&before, &first}}) {
      set.engine->Advance(20);
      set.engine->Reset();
      set.engine->SetMedia(*of);
      RunDriven(set);
      if (other->engine->Step() == 0) other->engine->Advance(40);
      set.engine->Advance(40);
      EXPECT_LT(Difference(*other, set), 1e-13);
    }
    EXPECT_GT(Difference(first, made), 1e-4);
  }
}

TEST(Engine, RanksAgreeToRounding) {
  for (const Lattice& lattice : Lattices()) {
    for (const Precision precision : {Precision::Float32, Precision::Float64}) {
      const Driven alone = Start(MPI_COMM_SELF, lattice, Options(precision, 2));
      const Driven together = Start(MPI_COMM_WORLD, lattice, Options(precision, 2));
      alone.engine->Advance(50);
      together.engine->Advance(50);
      EXPECT_LT(Difference(together, alone), precision == Precision::Float32 ? 1e-6 : 1e-13);
    }
  }
}

TEST(Engine, CutsAcrossEveryAxisAgree) {
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const Lattice mixed = MixedLattice(Both(Wall::Periodic, 0), 0.9);
  const Lattice wrapped = Lattices()[4];
  for (int run = 0; run < 6; ++run) {
    const Lattice& lattice = run < 3 ? mixed : wrapped;
    const int axis = run % 3;
    EngineOptions options = Options(Precision::Float64, 3);
    options.ranks = {1, 1, 1};
    options.ranks[axis] = size;
    const Driven alone = Start(MPI_COMM_SELF, lattice, Options(Precision::Float64, 1));
    const Driven together = Start(MPI_COMM_WORLD, lattice, options);
    alone.engine->Advance(60);
    together.engine->Advance(60);
    EXPECT_LT(Difference(together, alone), 1e-13) << "axis " << axis;
  }
}

/// Textbook leapfrog in a closed box of unit cells: E(i, j, k) arrays with one more point.
class Textbook {
 public:
  Textbook(int n, double dt) : n_(n), dt_(dt) {
    for (auto& f : fields_) f.assign(static_cast<size_t>(n + 1) * (n + 1) * (n + 1), 0.0);
  }
  double& At(int c, int i, int j, int k) { return fields_[c][((k * (n_ + 1)) + j) * (n_ + 1) + i]; }
  void Step() {
    for (int a = 0; a < 3; ++a) Update(a, true);
    for (int a = 0; a < 3; ++a) Update(a, false);
  }

 private:
  void Update(int a, bool magnetic) {
    const int b = (a + 1) % 3, c = (a + 2) % 3;
    for (int k = 0; k <= n_; ++k) {
      for (int j = 0; j <= n_; ++j) {
        for (int i = 0; i <= n_; ++i) {
          const std::array<int, 3> p{i, j, k};
          if (magnetic) {
            if (p[b] == n_ || p[c] == n_) continue;
            At(3 + a, i, j, k) += dt_ * (D(b, p, c, 1) - D(c, p, b, 1));
          } else {
            if (p[a] == n_ || p[b] % n_ == 0 || p[c] % n_ == 0) continue;
            At(a, i, j, k) += dt_ / kEps * (D(3 + c, p, b, -1) - D(3 + b, p, c, -1));
          }
        }
      }
    }
  }
  /// Difference of field f at p along an axis, forward (with the sign of -curl) or backward.
  double D(int f, std::array<int, 3> p, int axis, int step) {
    const double here = At(f, p[0], p[1], p[2]);
    p[axis] += step;
    return step * (At(f, p[0], p[1], p[2]) - here);
  }
  static constexpr double kEps = 2.25;
  int n_;
  double dt_;
  std::array<std::vector<double>, 6> fields_;
};

TEST(Engine, EqualsTextbookLoopsInClosedBox) {
  constexpr int n = 12;
  const Axis axis = Axis::Uniform(1, n);
  const Lattice lattice({axis, axis, axis},
                        {Both(Wall::Pec, 0), Both(Wall::Pec, 0), Both(Wall::Pec, 0)});
  const auto engine =
      MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium({"glass", 2.25, 0, {}}),
                 Options(Precision::Float64, 3));
  Textbook textbook(n, engine->TimeStep());
  for (int c = 0; c < 3; ++c) {
    const auto start = [c](int i, int j, int k) {
      const std::array<int, 3> p{i, j, k};
      const bool wall = p[(c + 1) % 3] % n == 0 || p[(c + 2) % 3] % n == 0 || p[c] == n;
      return wall ? 0.0 : Noise(c, i, j, k);
    };
    engine->SetField(static_cast<Component>(c), start);
    for (int k = 0; k <= n; ++k) {
      for (int j = 0; j <= n; ++j) {
        for (int i = 0; i <= n; ++i) textbook.At(c, i, j, k) = start(i, j, k);
      }
    }
  }
  const double energy = engine->ConservedEnergy();
  for (int step = 0; step < 40; ++step) textbook.Step();
  engine->Advance(40);
  double difference = 0;
  const IndexBox mine = engine->Owned();
  for (int c = 0; c < 6; ++c) {
    const auto values = engine->Field(static_cast<Component>(c), mine);
    size_t at = 0;
    for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
      for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
        for (int i = mine.lo[0]; i < mine.hi[0]; ++i) {
          difference = std::max(difference, std::abs(values[at++] - textbook.At(c, i, j, k)));
        }
      }
    }
  }
  EXPECT_LT(difference, 1e-12);
  EXPECT_NEAR(engine->ConservedEnergy() / energy, 1, 1e-13);
  engine->Advance(3000);
  EXPECT_NEAR(engine->ConservedEnergy() / energy, 1, 1e-11);
}

}  // namespace
