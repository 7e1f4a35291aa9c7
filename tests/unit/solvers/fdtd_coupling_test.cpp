// Couplings of Ex and Ey: the engine against the sums of domain::NodeCoupling written out, energy,
// reciprocity, and its own variants (blocks of steps, threads, ranks) against each other.
#include <gtest/gtest.h>

#include <map>

#include "domain/base/communicator.hpp"
#include "domain/node_coupling.hpp"
#include "tests/unit/solvers/fdtd_runs.hpp"

namespace {

using namespace symwave;
using namespace symwave::fdtd_runs;
using domain::MediumMap;
using domain::NodeCoupling;

/// Those that carry Ex and Ey, with every kind of wall.
std::vector<Lattice> CoupledLattices() {
  return {
      MixedLattice(Both(Wall::Periodic, 0), 0.9),
      Lattice({Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
              {Both(Wall::Periodic, 0), Both(Wall::Periodic, 0), Both(Wall::Pec, 5)}, {0.7, 0, 0}),
      Lattice(FieldSet::Hz, {Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2)},
              {Both(Wall::Periodic, 0), {AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 4}}}),
      Lattice(FieldSet::Hz, {Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2)},
              {Both(Wall::Pec, 6), Both(Wall::Periodic, 0)})};
}

Driven StartCoupled(MPI_Comm comm, const Lattice& lattice, const EngineOptions& options) {
  return Start(comm, lattice, options, CoupledMedia(lattice));
}

TEST(Coupling, BlocksAndThreadsChangeNoBit) {
  for (const Lattice& lattice : CoupledLattices()) {
    ASSERT_GT(CoupledMedia(lattice).couple(lattice.AllPoints()).size(), 100u);
    for (const Precision precision : {Precision::Float32, Precision::Float64}) {
      const Driven naive = StartCoupled(MPI_COMM_WORLD, lattice, Options(precision, 1, 1, false));
      naive.engine->Advance(50);
      const Driven plain = Start(MPI_COMM_WORLD, lattice, Options(precision, 1, 1, false));
      plain.engine->Advance(50);
      EXPECT_GT(Difference(naive, plain), 1e-3);  // the couplings do something
      for (const auto& [block, threads] : {std::array<int, 2>{1, 1}, {3, 1}, {4, 3}}) {
        const Driven run =
            StartCoupled(MPI_COMM_WORLD, lattice, Options(precision, block, threads));
        run.engine->Advance(29);
        run.engine->Advance(21);
        const double rounding = precision == Precision::Float32 ? 1e-6 : 1e-13;
        EXPECT_LE(Difference(naive, run), lattice.HasBlochPhase() ? rounding : 0)
            << block << " steps, " << threads << " threads";
      }
    }
  }
}

TEST(Coupling, RanksAgreeToRounding) {
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  for (const Lattice& lattice : CoupledLattices()) {
    const Driven alone = StartCoupled(MPI_COMM_SELF, lattice, Options(Precision::Float64, 1));
    alone.engine->Advance(50);
    for (int axis = 0; axis < 3; ++axis) {
      if (axis == 2 && lattice.TwoDimensional()) continue;
      EngineOptions options = Options(Precision::Float64, 2);
      options.ranks = {1, 1, 1};
      options.ranks[axis] = size;
      const Driven together = StartCoupled(MPI_COMM_WORLD, lattice, options);
      together.engine->Advance(50);
      EXPECT_LT(Difference(together, alone), 1e-12) << "axis " << axis;
    }
  }
}

/// Two currents of unit moment swapped, everywhere among coupled points.
TEST(Coupling, KeepsReciprocity) {
  struct Place {
    Component component;
    std::array<int, 3> point;
  };
  for (const Lattice& lattice : CoupledLattices()) {
    if (lattice.HasBlochPhase()) continue;  // reciprocal to the opposite phase
    const auto respond = [&](const Place& source, const Place& probe) {
      const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, CoupledMedia(lattice),
                                     Options(Precision::Float64, 3));
      Current current;
      current.signals = std::make_shared<Pulse>(engine->TimeStep());
      double volume = 1;
      for (int d = 0; d < 3; ++d) volume *= lattice.Weight(source.component, d, source.point[d]);
      current.entries.push_back({source.component, source.point, 0, 1 / volume});
      engine->AddCurrent(current);
      const int number = engine->AddProbe(probe.component, probe.point);
      engine->Advance(400);
      return engine->Probe(number);
    };
    const std::array<Place, 4> places{{{Component::Ex, {8, 9, 0}},
                                       {Component::Ey, {11, 22, 0}},
                                       {Component::Ey, {30, 8, 0}},
                                       {Component::Ex, {30, 24, 0}}}};
    for (const auto& [a, b] : {std::array<int, 2>{0, 1}, {1, 2}, {0, 3}}) {
      const auto there = respond(places[a], places[b]), back = respond(places[b], places[a]);
      double difference = 0, largest = 0;
      for (size_t n = 0; n < there.size(); ++n) {
        difference = std::max(difference, std::abs(there[n] - back[n]));
        largest = std::max(largest, std::abs(there[n]));
      }
      EXPECT_GT(largest, 1e-3);
      EXPECT_LT(difference, 1e-11 * largest);
    }
  }
}

/// Leapfrog of D and H in a closed box of unit cells; E = (1/eps) D summed as NodeCoupling says.
class Textbook {
 public:
  static constexpr int kCells = 15;
  Textbook(const MediumMap& media, double dt) : dt_(dt) {
    const IndexBox all{{0, 0, 0}, {kCells + 1, kCells + 1, kCells + 1}};
    for (auto& field : fields_) field.assign(all.Count(), 0.0);
    for (int c = 0; c < 3; ++c) eps_[c] = media.sample(static_cast<Component>(c), all).eps;
    for (const NodeCoupling& c : media.couple(all)) couplings_[c.node] = c.inverse_eps;
  }
  enum { D = 0, H = 3, E = 6 };
  double& At(int f, int i, int j, int k) { return fields_[f][Index({i, j, k})]; }
  bool Wall(int c, const std::array<int, 3>& p) const {
    return p[(c + 1) % 3] % kCells == 0 || p[(c + 2) % 3] % kCells == 0 || p[c] == kCells;
  }
  /// Returns H^{n-1/2} H^{n+1/2} + E^n D^n, summed.
  double Step() {
    double energy = 0;
    std::array<std::vector<double>, 3> before{fields_[H], fields_[H + 1], fields_[H + 2]};
    for (int a = 0; a < 3; ++a) Update(H + a, E, 1, -1);
    for (int a = 0; a < 3; ++a) {
      for (size_t n = 0; n < before[a].size(); ++n) {
        energy += before[a][n] * fields_[H + a][n] + fields_[D + a][n] * fields_[E + a][n];
      }
    }
    for (int a = 0; a < 3; ++a) Update(D + a, H, -1, 1);
    SetE();
    return energy;
  }
  void SetE() {
    for (int k = 0; k <= kCells; ++k) {
      for (int j = 0; j <= kCells; ++j) {
        for (int i = 0; i <= kCells; ++i) {
          for (int c = 0; c < 3; ++c) {
            const size_t n = Index({i, j, k});
            fields_[E + c][n] = fields_[D + c][n] / eps_[c][n];
          }
        }
      }
    }
    for (const auto& [node, value] : couplings_) {
      const auto [i, j, k] = node;
      const double dx = 0.5 * (At(D, i - 1, j, k) + At(D, i, j, k));
      const double dy = 0.5 * (At(D + 1, i, j - 1, k) + At(D + 1, i, j, k));
      for (const int back : {1, 0}) {
        At(E, i - back, j, k) += 0.5 * value * dy;
        At(E + 1, i, j - back, k) += 0.5 * value * dx;
      }
    }
  }

 private:
  static size_t Index(const std::array<int, 3>& p) {
    return static_cast<size_t>((p[2] * (kCells + 1) + p[1]) * (kCells + 1) + p[0]);
  }
  /// Component u = first + a of `from`'s curl, differences forward (1) or backward (-1).
  void Update(int u, int from, int step, double sign) {
    const int a = u % 3, b = (a + 1) % 3, c = (a + 2) % 3;
    for (int k = 0; k <= kCells; ++k) {
      for (int j = 0; j <= kCells; ++j) {
        for (int i = 0; i <= kCells; ++i) {
          const std::array<int, 3> p{i, j, k};
          if (step > 0 ? p[b] == kCells || p[c] == kCells : Wall(a, p)) continue;
          fields_[u][Index(p)] +=
              sign * dt_ * (Slope(from + c, p, b, step) - Slope(from + b, p, c, step));
        }
      }
    }
  }
  double Slope(int f, std::array<int, 3> p, int axis, int step) const {
    const double here = fields_[f][Index(p)];
    p[axis] += step;
    return step * (fields_[f][Index(p)] - here);
  }
  double dt_;
  std::array<std::vector<double>, 9> fields_;
  std::array<std::vector<double>, 3> eps_;
  std::map<std::array<int, 3>, double> couplings_;
};

TEST(Coupling, EqualsTheSumsWrittenOutAndKeepsTheEnergy) {
  constexpr int n = Textbook::kCells;
  const Axis axis = Axis::Uniform(1, n);
  const Lattice lattice({axis, axis, axis},
                        {Both(Wall::Pec, 0), Both(Wall::Pec, 0), Both(Wall::Pec, 0)});
  MediumMap media = MixedMedia();
  media.media.resize(1);
  media.sample = [sample = media.sample](Component c, const IndexBox& box) {
    domain::MediumBlock block = sample(c, box);
    block.conductivity.clear();
    block.dispersive.clear();
    return block;
  };
  media = CoupledMedia(lattice, media);
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, Options(Precision::Float64, 3));
  Textbook textbook(media, engine->TimeStep());
  // A start without E, so that D is known.
  const auto noise = [](int c, int i, int j, int k) {
    const std::array<int, 3> p{i, j, k};
    return p[(c + 1) % 3] == n || p[(c + 2) % 3] == n ? 0.0 : Noise(c, i, j, k);
  };
  for (int c = 0; c < 3; ++c) {
    engine->SetField(static_cast<Component>(3 + c),
                     [&](int i, int j, int k) { return noise(c, i, j, k); });
    for (int k = 0; k <= n; ++k) {
      for (int j = 0; j <= n; ++j) {
        for (int i = 0; i <= n; ++i) textbook.At(Textbook::H + c, i, j, k) = noise(c, i, j, k);
      }
    }
  }
  const double start = textbook.Step();
  double last = 0;
  for (int step = 1; step < 800; ++step) last = textbook.Step();
  EXPECT_NEAR(last / start, 1, 1e-11);
  engine->Advance(800);
  double difference = 0;
  const IndexBox mine = engine->Owned();
  for (int c = 0; c < 6; ++c) {
    const auto values = engine->Field(static_cast<Component>(c), mine);
    size_t at = 0;
    for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
      for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
        for (int i = mine.lo[0]; i < mine.hi[0]; ++i) {
          const int f = c < 3 ? Textbook::E + c : c;
          difference = std::max(difference, std::abs(values[at++] - textbook.At(f, i, j, k)));
        }
      }
    }
  }
  // The fields are of order 1; rounding of 800 steps.
  EXPECT_LT(difference, 1e-11);
}

TEST(Coupling, RefusesACourantNumberThatMightGrow) {
  const Lattice lattice = CoupledLattices()[3];
  EngineOptions options;
  options.courant = 0.97;
  EXPECT_THROW(MakeEngine(MPI_COMM_WORLD, lattice, CoupledMedia(lattice), options),
               base::UserError);
}

}  // namespace
