// Static condensation must equal the monolithic solve to rounding; both must not depend on ranks.
#include "solvers/fdfd/condensation.hpp"

#include <gtest/gtest.h>

#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using solvers::Response;
using solvers::fdfd::CondensedDevice;
using solvers::fdfd::DeviceDescription;
using solvers::fdfd::MonolithicDevice;

constexpr Complex kI(0, 1);

struct Case {
  Polarization polarization;
  bool mirrored;
};

/// Two guides coupled by a scatterer on the left and (mirrored or not) on the right; the cells of
/// two strips can be changed. Round walls cross their borders.
struct Fixture {
  domain::Lattice lattice;
  DeviceDescription description;
  std::vector<solvers::fdfd::ColumnRange> strips;

  Fixture(MPI_Comm comm, const Case& of)
      : lattice(domain::UniformLattice(GridOf(of.polarization, 0.05, 6, 3, 0.5))) {
    const bool mirrored = of.mirrored;
    std::vector<domain::Shape> shapes = {BoxShape(-9, 9, -0.8, -0.4),
                                         BoxShape(-9, 9, 0.4, 0.8),
                                         BoxShape(-1.9, -1.2, -0.5, 0.7),
                                         BoxShape(1.2, 1.9, -0.5, 0.7),
                                         {domain::Circle{{-0.7, 0.2}, 0.35}, "core", ""},
                                         {domain::Circle{{0.7, 0.2}, 0.35}, "core", ""}};
    if (!mirrored) shapes.push_back(BoxShape(1.3, 1.7, -0.9, 0.2));
    description.comm = comm;
    description.lattice = std::make_shared<const domain::Lattice>(lattice);
    domain::FrequencyMedia media = MediaOf(shapes, {{"core", 8.1 + 0.01 * kI}, {"clad", 2.09}});
    media.mirror_symmetric = mirrored;
    description.media = domain::MakePermittivityMap(lattice, media);
    description.omega = 2 * M_PI / 1.55;
    for (const double y : {0.6, -0.6}) {
      description.ports.push_back(PortAt("in", -2.5, y, Direction::PlusX, 1.2));
      description.ports.push_back(PortAt("out", 2.5, y, Direction::MinusX, 1.2));
    }
    const int middle = solvers::fdfd::PlanePoints(lattice).Nx() / 2;
    strips = {{middle - 14, middle - 8}, {middle + 8, middle + 14}};
    for (const auto& strip : strips) {
      for (int j = 20; j < 35; ++j) {
        for (const int i : {strip.begin, strip.begin + 3}) {
          if (of.polarization == Polarization::Ez) {
            description.points.push_back({domain::Component::Ez, {i + 1, j + 1, 0}});
            continue;
          }
          description.points.push_back({domain::Component::Ex, {i, j, 0}});
          description.points.push_back({domain::Component::Ey, {i + 1, j, 0}});
        }
      }
    }
  }

  std::vector<Complex> Change(int step) const {
    std::vector<Complex> change;
    for (size_t c = 0; c < description.points.size(); ++c) {
      change.push_back(0.3 * std::cos(0.7 * c + step) + 0.05 * kI * std::sin(0.3 * c));
    }
    return change;
  }
};

Response Respond(solvers::ProgrammableDevice& device, const Fixture& fixture) {
  device.Program(fixture.Change(0));
  device.Program(fixture.Change(1));
  return device.Launch(Eigen::MatrixXcd::Identity(4, 4));
}

class Condensation : public testing::TestWithParam<Case> {};

TEST_P(Condensation, EqualsTheMonolithicSolve) {
  const Fixture fixture(MPI_COMM_WORLD, GetParam());
  MonolithicDevice whole(fixture.description);
  CondensedDevice condensed(fixture.description, fixture.strips);
  const Response expected = Respond(whole, fixture);
  const Response actual = Respond(condensed, fixture);
  EXPECT_LT((actual.outgoing - expected.outgoing).norm(), 1e-10 * expected.outgoing.norm());
  EXPECT_LT((actual.points - expected.points).norm(), 1e-10 * expected.points.norm());
  EXPECT_LT((actual.outgoing - actual.outgoing.transpose()).norm(), 1e-11);
  EXPECT_LT(condensed.Unknowns(), whole.Unknowns() / 5);
}

TEST_P(Condensation, DoesNotDependOnRanks) {
  const Fixture together(MPI_COMM_WORLD, GetParam());
  const Fixture alone(MPI_COMM_SELF, GetParam());
  CondensedDevice many(together.description, together.strips);
  CondensedDevice one(alone.description, alone.strips);
  const Response a = Respond(many, together);
  const Response b = Respond(one, alone);
  EXPECT_LT((a.outgoing - b.outgoing).norm(), 1e-10);
  EXPECT_LT((a.points - b.points).norm(), 1e-10 * b.points.norm());
}

INSTANTIATE_TEST_SUITE_P(MirroredOrNot, Condensation,
                         testing::Values(Case{Polarization::Ez, false},
                                         Case{Polarization::Ez, true},
                                         Case{Polarization::Hz, false},
                                         Case{Polarization::Hz, true}));

// dS_ba / d eps = +- (i w / 4) V E_b E_a at points of every component, beside slanted walls, too.
TEST(MonolithicDevice, HasTheGradientOfItsDifferences) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    DeviceDescription description;
    description.comm = MPI_COMM_WORLD;
    description.lattice = std::make_shared<const domain::Lattice>(
        domain::UniformLattice(GridOf(polarization, 0.06, 4.8, 3, 0.6)));
    const domain::Lattice& lattice = *description.lattice;
    const domain::FrequencyMedia media =
        MediaOf({BoxShape(-9, 9, -0.25, 0.25), {domain::Circle{{0.2, 0.1}, 0.5}, "core", ""}},
                {{"core", 8.1 + 0.01 * kI}, {"clad", 2.09}});
    description.media = domain::MakePermittivityMap(lattice, media);
    description.omega = 2 * M_PI / 1.55;
    description.ports = {PortAt("in", -1.5, 0, Direction::PlusX, 2),
                         PortAt("out", 1.5, 0, Direction::MinusX, 2)};
    const auto add = [&](domain::Component c, double x, double y) {
      if (!lattice.Has(c)) return;
      description.points.push_back({c, {lattice.NearestNode(0, x), lattice.NearestNode(1, y), 0}});
    };
    for (const auto c : {domain::Component::Ex, domain::Component::Ey, domain::Component::Ez}) {
      add(c, 0.1, 0.05);
      add(c, 0.55, 0.42);  // near the wall of the disc
      add(c, -0.6, -0.2);
    }
    MonolithicDevice device(description);
    const auto count = static_cast<long>(description.points.size());
    const auto respond = [&](long changed, double by) {
      std::vector<Complex> change(static_cast<size_t>(count), 0.02);
      if (changed >= 0) change[static_cast<size_t>(changed)] += by;
      device.Program(change);
      return device.Launch(Eigen::MatrixXcd::Identity(2, 2));
    };
    const Response middle = respond(-1, 0);
    EXPECT_LT((middle.outgoing - middle.outgoing.transpose()).norm(), 1e-11);
    for (long p = 0; p < count; ++p) {
      const double step = 1e-3, volume = description.VolumeOf(description.points[p]);
      const Eigen::MatrixXcd difference =
          (respond(p, step).outgoing - respond(p, -step).outgoing) / (2 * step);
      const Eigen::MatrixXcd gradient = description.AmplitudeSign() * 0.25 * kI *
                                        description.omega * volume *
                                        middle.points.row(p).transpose() * middle.points.row(p);
      EXPECT_LT((difference - gradient).norm(), 2e-5 * gradient.norm()) << p;
      EXPECT_GT(gradient.norm(), 1e-8);
    }
  }
}

TEST(Simulation, DoesNotDependOnRanks) {
  const Fixture fixture(MPI_COMM_WORLD, {Polarization::Ez, false});
  solvers::fdfd::Simulation many(MPI_COMM_WORLD, fixture.lattice, {});
  solvers::fdfd::Simulation one(MPI_COMM_SELF, fixture.lattice, {});
  const auto a = many.Solve(1.55, fixture.description.media, fixture.description.ports);
  const auto b = one.Solve(1.55, fixture.description.media, fixture.description.ports);
  EXPECT_LT((a.s - b.s).norm(), 1e-10);
  for (size_t p = 0; p < a.power.size(); ++p) {
    EXPECT_NEAR(a.power[p].radiated, b.power[p].radiated, 1e-10);
    EXPECT_NEAR(a.power[p].absorbed, b.power[p].absorbed, 1e-10);
    // Lossy guides: unit power holds at the port layer itself, half a cell from the box; what is
    // lost in between is the tolerance.
    EXPECT_LT(a.power[p].balance_error, 2e-3);
    EXPECT_GT(a.power[p].absorbed, 1e-3);
  }
}

TEST(Simulation, LuEqualsLdlt) {
  const Fixture fixture(MPI_COMM_WORLD, {Polarization::Ez, false});
  solvers::fdfd::DirectSolverOptions lu;
  lu.factorization = solvers::fdfd::Factorization::Lu;
  lu.workspace_percent = 1;
  solvers::fdfd::Simulation with_lu(MPI_COMM_WORLD, fixture.lattice, lu);
  solvers::fdfd::Simulation with_ldlt(MPI_COMM_WORLD, fixture.lattice, {});
  const auto a = with_lu.Solve(1.55, fixture.description.media, fixture.description.ports);
  const auto b = with_ldlt.Solve(1.55, fixture.description.media, fixture.description.ports);
  EXPECT_LT((a.s - b.s).norm(), 1e-10);
}

}  // namespace
}  // namespace symwave::verification
