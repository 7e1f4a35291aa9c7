// The engine against textbook loops, and its own variants (blocks of steps, threads, ranks) against
// each other.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/random.hpp"
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

constexpr std::array<Component, 6> kComponents{Component::Ex, Component::Ey, Component::Ez,
                                               Component::Hx, Component::Hy, Component::Hz};

Axis Graded(int cells, double cell, double growth) {
  std::vector<double> nodes{0};
  for (int i = 0; i < cells; ++i) {
    nodes.push_back(nodes.back() + cell * (1 + growth * std::sin(0.7 * i)));
  }
  return Axis(nodes);
}

std::array<AxisEnd, 2> Both(Wall wall, int pml) {
  return {AxisEnd{wall, pml}, AxisEnd{wall, pml}};
}

/// PML on x and on one side of y (a magnetic wall on the other), z as given.
Lattice MixedLattice(const std::array<AxisEnd, 2>& z, double bloch_z = 0) {
  return Lattice({Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                 {Both(Wall::Pec, 6), {AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 5}}, z},
                 {0, 0, bloch_z});
}

/// A value in 0..1 that depends on the point alone.
double Noise(int seed, int i, int j, int k) {
  return base::ToUniform(base::MixSeed(static_cast<std::uint64_t>(seed),
                                       static_cast<std::uint64_t>((k * 1009 + j) * 1013 + i)));
}

/// Glass with an absorbing and a dispersive part, rough on the scale of a cell; periodic
/// along x, y and z with 31, 29 and 26 cells.
domain::MediumMap MixedMedia() {
  domain::MediumMap map;
  domain::Medium lorentz;
  lorentz.name = "lorentz";
  lorentz.poles = {{30, 6, 0.5}, {5, 0, 0.2}};
  map.media = {domain::Medium{"glass", 2.1, 0, {}}, lorentz};
  map.sample = [](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    block.dispersive.push_back({1, {}});
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const int jj = (j + 29) % 29, kk = (k + 26) % 26;
        for (int x = box.lo[0]; x < box.hi[0]; ++x) {
          const int i = (x + 31) % 31;
          block.eps.push_back(1 + 2 * Noise(static_cast<int>(c), i, jj, kk));
          block.conductivity.push_back(jj > 12 && jj < 18 ? 0.3 : 0.0);
          block.dispersive[0].share.push_back(i > 14 && i < 24 && (kk < 9 || kk > 22) ? 0.7 : 0.0);
        }
      }
    }
    return block;
  };
  return map;
}

class Pulse : public SignalSet {
 public:
  explicit Pulse(double dt) : dt_(dt) {}
  int Count() const override { return 2; }
  void Evaluate(long step, double* values) override {
    EXPECT_EQ(step, expected_++);
    values[0] = At((static_cast<double>(step) + 0.5) * dt_);
    values[1] = At(static_cast<double>(step) * dt_);
  }
  long EndStep() const override { return 1000000; }

 private:
  static double At(double t) { return std::exp(-8 * (t - 0.8) * (t - 0.8)) * std::sin(9 * t); }
  double dt_;
  long expected_ = 0;
};

struct Driven {
  std::unique_ptr<Engine> engine;
  int box = 0, plane = 0, probe = 0;
};

/// Adds a current, two transforms and a probe.
void Drive(Driven& run) {
  const Lattice& lattice = run.engine->Lattice();
  Current current;
  current.signals = std::make_shared<Pulse>(run.engine->TimeStep());
  const bool three = !lattice.TwoDimensional();
  if (lattice.Has(Component::Ez)) {
    current.entries.push_back({Component::Ez, {12, 11, three ? 1 : 0}, 0, {1.0, 0.5}});
  }
  if (lattice.Has(Component::Hz)) {
    current.entries.push_back({Component::Hz, {20, 0, three ? 25 : 0}, 1, {0.7, 0.0}});
  }
  run.engine->AddCurrent(current);
  std::vector<Component> electric, magnetic;
  for (const Component c : kComponents) {
    if (lattice.Has(c)) (domain::IsElectric(c) ? electric : magnetic).push_back(c);
  }
  IndexBox all = lattice.AllPoints();
  run.box = run.engine->AddDft({all, {electric[0], magnetic[0]}, {5.0, 9.0}, 2});
  all.lo[0] = 17;
  all.hi[0] = 18;
  run.plane = run.engine->AddDft({all, {electric.back(), magnetic.back()}, {5, 6, 7, 8, 9}, 1});
  run.probe = run.engine->AddProbe(electric.back(), {15, 13, three ? 20 : 0});
}

Driven Start(MPI_Comm comm, const Lattice& lattice, const EngineOptions& options) {
  Driven run;
  run.engine = MakeEngine(comm, lattice, MixedMedia(), options);
  Drive(run);
  return run;
}

/// Largest difference of all fields, transforms and probes, relative to the largest value.
double Difference(const Driven& a, const Driven& b) {
  double difference = 0, largest = 0;
  const auto add = [&](double x, double y) {
    difference = std::max(difference, std::isfinite(x - y) ? std::abs(x - y) : 1e300);
    largest = std::max(largest, std::abs(x));
  };
  const Lattice& lattice = a.engine->Lattice();
  const IndexBox mine = Intersect(a.engine->Owned(), b.engine->Owned());
  for (const Component c : kComponents) {
    if (!lattice.Has(c)) continue;
    for (int part = 0; part < (lattice.HasBlochPhase() ? 2 : 1); ++part) {
      const auto x = a.engine->Field(c, mine, part);
      const auto y = b.engine->Field(c, mine, part);
      for (size_t n = 0; n < x.size(); ++n) add(x[n], y[n]);
    }
  }
  const auto record_a = a.engine->Probe(a.probe), record_b = b.engine->Probe(b.probe);
  EXPECT_EQ(record_a.size(), record_b.size());
  for (size_t n = 0; n < record_a.size(); ++n) add(record_a[n], record_b[n]);
  for (const auto& [number_a, number_b] : {std::array<int, 2>{a.box, b.box}, {a.plane, b.plane}}) {
    const DftBlock x = a.engine->Dft(number_a), y = b.engine->Dft(number_b);
    const IndexBox common = Intersect(x.box, y.box);
    for (size_t c = 0; c < x.components.size(); ++c) {
      for (int w = 0; w < static_cast<int>(x.omegas.size()); ++w) {
        for (int k = common.lo[2]; k < common.hi[2]; ++k) {
          for (int j = common.lo[1]; j < common.hi[1]; ++j) {
            for (int i = common.lo[0]; i < common.hi[0]; ++i) {
              const int ci = static_cast<int>(c);
              add(std::abs(x.At(ci, w, i, j, k) - y.At(ci, w, i, j, k)), 0);
              difference =
                  std::max(difference, std::abs(x.At(ci, w, i, j, k) - y.At(ci, w, i, j, k)));
            }
          }
        }
      }
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, &difference, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  EXPECT_GT(largest, 1e-3);
  return difference / largest;
}

EngineOptions Options(Precision precision, int block, int threads = 1, bool fused = true) {
  EngineOptions options;
  options.precision = precision;
  options.block = block;
  options.threads = threads;
  options.fused = fused;
  return options;
}

std::vector<Lattice> Lattices() {
  return {MixedLattice(Both(Wall::Pec, 5)),
          MixedLattice(Both(Wall::Periodic, 0)),
          MixedLattice(Both(Wall::Periodic, 0), 0.9),
          Lattice({Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                  {Both(Wall::Periodic, 0), Both(Wall::Pec, 6), Both(Wall::Periodic, 0)}),
          Lattice({Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                  {Both(Wall::Periodic, 0), Both(Wall::Pec, 6), Both(Wall::Pec, 5)}, {0.7, 0, 0}),
          Lattice(FieldSet::Ez, {Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2)},
                  {Both(Wall::Pec, 6), Both(Wall::Periodic, 0)}),
          Lattice(FieldSet::Hz, {Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2)},
                  {Both(Wall::Pec, 6), {AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 4}}})};
}

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

TEST(Engine, ResetStartsAgain) {
  for (const Lattice& lattice : Lattices()) {
    const Driven once = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    Driven twice = Start(MPI_COMM_WORLD, lattice, Options(Precision::Float64, 3));
    twice.engine->Advance(20);
    twice.engine->Reset();
    Drive(twice);
    once.engine->Advance(30);
    twice.engine->Advance(30);
    EXPECT_EQ(Difference(once, twice), 0);
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
