// Reciprocity of the discrete equations, media, walls and PML included.
//
// With u = (E, H), volumes V of the points (stretched ones in the PML, at each frequency) and
// Sigma = diag(1, -1) on (E, H), the leapfrog's operator A obeys V Sigma A = (V Sigma A)^T at every
// frequency: dispersion and conductivity are local factors of E. So a source of unit moment
// (current density 1 / V at one point outside the PML) at a, seen at b, equals the swapped pair for
// two electric or two magnetic points, and its negative for one of each, to rounding.
#include <gtest/gtest.h>

#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/waveform.hpp"
#include "tests/verification/fdtd_random_media.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::Lattice;
using domain::Wall;
using namespace solvers::fdtd;

constexpr AxisEnd kPml{Wall::Pec, 6};

Axis Rough(int cells) {
  std::vector<double> nodes{0};
  for (int i = 0; i < cells; ++i) {
    nodes.push_back(nodes.back() + 0.05 * (1 + 0.3 * std::sin(0.9 * i)));
  }
  return Axis(nodes);
}

/// PML, an electric wall, a magnetic wall and a periodic axis.
Lattice Cavity() {
  return Lattice({Rough(34), Rough(25), Rough(18)},
                 {std::array<AxisEnd, 2>{kPml, kPml},
                  {AxisEnd{Wall::Pmc, 0}, kPml},
                  {AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}}});
}
Lattice Open() {
  return Lattice({Rough(28), Rough(25), Rough(26)},
                 {std::array<AxisEnd, 2>{kPml, kPml}, {kPml, AxisEnd{Wall::Pec, 0}}, {kPml, kPml}});
}
Lattice Flat(FieldSet fields) {
  return Lattice(fields, {Rough(34), Rough(29)},
                 {std::array<AxisEnd, 2>{kPml, kPml}, {kPml, kPml}});
}

struct Place {
  Component component;
  std::array<int, 3> point;
};

double Volume(const Lattice& lattice, const Place& p) {
  double volume = 1;
  for (int d = 0; d < 3; ++d) volume *= lattice.Weight(p.component, d, p.point[d]);
  return volume;
}

std::vector<double> Response(const Lattice& lattice, Place source, Place probe, long steps) {
  EngineOptions options;
  options.precision = Precision::Float64;
  const int cells = lattice.Cells(2);
  const auto engine =
      MakeEngine(MPI_COMM_WORLD, lattice, RandomMedia([cells](Component, std::array<int, 3> p) {
                   p[2] = (p[2] + cells) % cells;
                   return p;
                 }),
                 options);
  Current current;
  current.signals = std::make_shared<StepPulse>();
  current.entries.push_back({source.component, source.point, 0, 1 / Volume(lattice, source)});
  engine->AddCurrent(current);
  const int number = engine->AddProbe(probe.component, probe.point);
  engine->Advance(steps);
  return engine->Probe(number);
}

/// The largest |difference| of the swapped responses over the largest value. A response of H to J
/// comes one step later than that of E to K.
double Asymmetry(const Lattice& lattice, const Place& a, const Place& b) {
  constexpr long kSteps = 400;
  const bool mixed = IsElectric(a.component) != IsElectric(b.component);
  const auto forth = Response(lattice, a, b, kSteps);
  const auto back = Response(lattice, b, a, kSteps);
  const int late_forth = mixed && IsElectric(a.component) ? 1 : 0;
  const int late_back = mixed && IsElectric(b.component) ? 1 : 0;
  double difference = 0, largest = 0;
  for (size_t n = 0; n + 1 < forth.size(); ++n) {
    const double x = forth[n + late_forth], y = back[n + late_back];
    difference = std::max(difference, std::abs(mixed ? x + y : x - y));
    largest = std::max(largest, std::abs(x));
  }
  EXPECT_GT(largest, 1e-6);
  return difference / largest;
}

TEST(DiscreteReciprocity, SwappedDipolesGiveEqualSignals) {
  const Place ex{Component::Ex, {9, 9, 8}}, ez{Component::Ez, {20, 16, 15}};
  const Place hy{Component::Hy, {19, 10, 12}}, hx{Component::Hx, {12, 12, 9}};
  const Place ez_on_wall{Component::Ez, {13, 0, 4}};
  for (const Lattice& lattice : {Cavity(), Open()}) {
    EXPECT_LT(Asymmetry(lattice, ex, ez), 1e-11);
    EXPECT_LT(Asymmetry(lattice, ez, hy), 1e-11);
    EXPECT_LT(Asymmetry(lattice, hx, hy), 1e-11);
  }
  EXPECT_LT(Asymmetry(Cavity(), ez_on_wall, ex), 1e-11) << "half a volume at a magnetic wall";
}

TEST(DiscreteReciprocity, In2D) {
  const Place ez{Component::Ez, {9, 11, 0}}, hx{Component::Hx, {25, 19, 0}};
  EXPECT_LT(Asymmetry(Flat(FieldSet::Ez), ez, {Component::Ez, {22, 20, 0}}), 1e-11);
  EXPECT_LT(Asymmetry(Flat(FieldSet::Ez), ez, hx), 1e-11);
  const Place ex{Component::Ex, {9, 11, 0}}, ey{Component::Ey, {25, 19, 0}};
  EXPECT_LT(Asymmetry(Flat(FieldSet::Hz), ex, ey), 1e-11);
  EXPECT_LT(Asymmetry(Flat(FieldSet::Hz), ex, {Component::Hz, {25, 19, 0}}), 1e-11);
}

}  // namespace
}  // namespace symwave::verification
