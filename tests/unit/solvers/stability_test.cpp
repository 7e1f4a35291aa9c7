// The pre-flight test against closed forms and against the recursion in time itself.
#include "solvers/fdtd/stability.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/yee/thin_pml.hpp"

namespace symwave::solvers::fdtd {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Lattice;
using domain::Medium;
using domain::Wall;

Lattice Cube(double cell, AxisEnd end = {}) {
  const Axis axis = Axis::Uniform(cell, 24);
  const std::array<AxisEnd, 2> ends{end, end};
  return Lattice({axis, axis, axis}, {ends, ends, ends});
}

const Medium kVacuum{"vacuum", 1, 0, {}};
/// Parameters of the order of a metal: plasma frequency 43/um, collisions 0.4/um.
const Medium kDrude{"metal", 1.5, 0, {{43.0 * 43.0, 0, 0.4}}};
const Medium kLorentz{"resonant", 2.0, 0.3, {{300.0, 20.0, 1.5}}};

/// The engine's update of one plane wave with curl curl eigenvalue k^2, written with P at three
/// times; the largest |E| in the second half of `steps` over that in the first.
double GrowthInTime(const Medium& medium, double k, double dt, int steps) {
  const size_t poles = medium.poles.size();
  std::vector<double> p_old(poles, 0), p(poles, 0);
  double e = 1, h = 0.1, first = 0, second = 0;
  for (int n = 0; n < steps; ++n) {
    h -= dt * k * e;
    double current = 0;
    for (size_t m = 0; m < poles; ++m) {
      const auto& pole = medium.poles[m];
      const double half_loss = 0.5 * pole.damping * dt;
      const double next = ((2 - pole.frequency * pole.frequency * dt * dt) * p[m] -
                           (1 - half_loss) * p_old[m] + pole.strength * dt * dt * e) /
                          (1 + half_loss);
      current += (next - p[m]) / dt;
      p_old[m] = p[m];
      p[m] = next;
    }
    const double half_loss = 0.5 * medium.conductivity * dt / medium.eps_inf;
    e = ((1 - half_loss) * e + dt / medium.eps_inf * (k * h - current)) / (1 + half_loss);
    (2 * n < steps ? first : second) = std::max(2 * n < steps ? first : second, std::abs(e));
  }
  return second / first;
}

TEST(LargestStableTimeStep, IsTheCourantLimitTimesTheIndex) {
  const Lattice lattice = Cube(0.05);
  Medium glass{"glass", 2.25, 0, {}};
  // The limit is found by bisection where two roots meet: to about 1e-8.
  EXPECT_NEAR(LargestStableTimeStep(lattice, kVacuum), lattice.CourantLimit(),
              1e-7 * lattice.CourantLimit());
  EXPECT_NEAR(LargestStableTimeStep(lattice, glass), 1.5 * lattice.CourantLimit(),
              1e-7 * lattice.CourantLimit());
  glass.conductivity = 5;
  EXPECT_NEAR(LargestStableTimeStep(lattice, glass), 1.5 * lattice.CourantLimit(),
              1e-7 * lattice.CourantLimit());
}

TEST(LargestStableTimeStep, OfPolesIsWhereTheRootReachesMinusOne) {
  // z = -1: (4 eps_inf - k^2 x)(4 - f^2 x) = 4 s x with x = dt^2 and the largest k^2.
  const Lattice lattice = Cube(0.02);
  const double k2 = 4 / std::pow(lattice.CourantLimit(), 2);
  for (const Medium& medium : {kDrude, kLorentz}) {
    const double f2 = std::pow(medium.poles[0].frequency, 2), eps = medium.eps_inf;
    const double a = k2 * f2, b = 4 * (eps * f2 + k2 + medium.poles[0].strength), c = 16 * eps;
    const double x = 2 * c / (b + std::sqrt(b * b - 4 * a * c));
    EXPECT_NEAR(LargestStableTimeStep(lattice, medium), std::sqrt(x), 1e-7 * std::sqrt(x))
        << medium.name;
  }
}

TEST(LargestStableTimeStep, SeparatesDecayFromGrowthInTime) {
  const Lattice lattice = Cube(0.02);
  Medium two_poles = kLorentz;
  two_poles.poles.push_back({900, 0, 0.2});
  for (const Medium& medium : {kVacuum, kDrude, kLorentz, two_poles}) {
    const double limit = LargestStableTimeStep(lattice, medium);
    const double k = 2 / lattice.CourantLimit();
    EXPECT_LT(GrowthInTime(medium, k, 0.999 * limit, 4000), 1.01) << medium.name;
    EXPECT_GT(GrowthInTime(medium, k, 1.001 * limit, 4000), 1e3) << medium.name;
  }
}

TEST(LargestAmplification, IsOneWithoutLossAndGrowsWithGain) {
  const Lattice lattice = Cube(0.02);
  const double dt = 0.9 * lattice.CourantLimit();
  Medium lossless{"lossless", 2, 0, {{100, 12, 0}, {50, 0, 0}, {80, 12, 0}}};
  EXPECT_NEAR(LargestAmplification(lattice, lossless, dt), 1, 1e-12);
  Medium gain = kVacuum;
  gain.conductivity = -0.1;
  // Static fields: E grows as exp(0.1 t), the midpoint rule by (1 + x) / (1 - x), x = 0.05 dt.
  EXPECT_NEAR(LargestAmplification(lattice, gain, dt), (1 + 0.05 * dt) / (1 - 0.05 * dt), 1e-12);
  EXPECT_EQ(LargestStableTimeStep(lattice, gain), 0);
}

std::string Refusal(const Medium& medium, double courant) {
  const Lattice lattice = Cube(0.05);
  try {
    RequireStable(lattice, {kVacuum, medium}, courant * lattice.CourantLimit());
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(RequireStable, SaysWhatIsWrongWithTheMedium) {
  EXPECT_EQ(Refusal(kLorentz, 0.95), "");
  EXPECT_EQ(Refusal({"negative but passive together", 2, 0, {{300, 20, 1}, {-20, 20, 1}}}, 0.9),
            "");
  const auto expect = [](const std::string& sentence, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
      EXPECT_NE(sentence.find(part), std::string::npos) << part << " in: " << sentence;
    }
  };
  expect(Refusal({"foil", -3, 0, {}}, 0.9), {"'foil'", "eps_inf = -3", "Drude"});
  expect(Refusal({"amp", 1, -0.2, {}}, 0.9), {"'amp'", "conductivity = -0.2", ">= 0"});
  expect(Refusal({"amp", 1, 0, {{30, 5, 0.1}, {30, 9, -0.1}}}, 0.9),
         {"'amp'", "pole 2", "damping = -0.1"});
  expect(Refusal({"amp", 2, 0, {{-30, 9, 0.1}}}, 0.9), {"'amp'", "strength = -30"});
  expect(Refusal({"stiff", 2, 0, {{100, 200, 1}}}, 0.9),
         {"'stiff'", "frequency * dt = 5.196", "below 2", "Courant number below"});
  expect(Refusal({"thin", 0.5, 0, {}}, 0.9), {"'thin'", "Courant number is 0.9", "0.7071"});
  expect(Refusal(kVacuum, 1.01), {"'vacuum'", "Courant number is 1.01", "allowed below 1"});
  expect(Refusal({"void", 1, NAN, {}}, 0.9), {"'void'", "finite"});
}

TEST(RequirePml, RefusesGradingsThatAmplify) {
  EXPECT_NO_THROW(RequirePml({}));
  PmlOptions options;
  options.alpha_max = -0.1;
  EXPECT_THROW(RequirePml(options), base::UserError);
  options = {};
  options.kappa_max = 0.5;
  EXPECT_THROW(RequirePml(options), base::UserError);
  options = {};
  options.reflection = 2;
  EXPECT_THROW(RequirePml(options), base::UserError);
}

TEST(PmlWarnings, NameMetalAndTheIndex) {
  const std::array<double, 2> band{3.5, 4.5};
  const auto warnings = [&](const Medium& medium, int cells, double index) {
    PmlOptions options;
    options.index = index;
    return PmlWarnings(MPI_COMM_WORLD, Cube(0.05, {Wall::Pec, cells}),
                       domain::UniformMedium(medium), options, band);
  };
  EXPECT_TRUE(warnings(kVacuum, 8, 1).empty());
  EXPECT_TRUE(PmlWarnings(MPI_COMM_WORLD, Cube(0.05, {Wall::Pmc, 8}),
                          domain::UniformMedium(kVacuum), {}, band)
                  .empty());
  // One sentence for the six ends of which the same is said.
  const std::string all = "both ends of x, both ends of y and both ends of z";
  const auto one = [&](const std::vector<std::string>& found, const std::string& words) {
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
    EXPECT_NE(found[0].find(all), std::string::npos) << found[0];
  };
  one(warnings(kDrude, 8, 1), "'metal'");
  one({yee::FindThinPml(Cube(0.05, {Wall::Pec, 3})).Sentence()}, "3 cells");
  one(warnings({"glass", 9, 0, {}}, 8, 1), "graded for an index of 1");
  EXPECT_EQ(yee::EndsText({{1, 1}, {0, 0}}), "the low end of x and the high end of y");
}

}  // namespace
}  // namespace symwave::solvers::fdtd
