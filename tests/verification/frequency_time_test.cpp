// Both full-wave solvers have one operator in space: what the leapfrog transforms at w' obeys the
// frequency domain at w = 2 sin(w' dt / 2) / dt, with media as the leapfrog steps them.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/messages.hpp"
#include "domain/graded_axis.hpp"
#include "domain/yee_media.hpp"
#include "solvers/fdfd/driven_fields.hpp"
#include "solvers/fdtd/engine.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using domain::Component;
using domain::Wall;
using solvers::fdfd::DrivenFields;
using solvers::fdfd::PointCurrent;

/// A short pulse without a mean, which would leave static fields behind, at the times at which it
/// drives E or H.
class Pulse : public solvers::fdtd::SignalSet {
 public:
  Pulse(double dt, bool electric) : dt_(dt), shift_(electric ? 0.5 : 0.0) {}
  int Count() const override { return 1; }
  void Evaluate(long step, double* values) override { values[0] = step < EndStep() ? At(step) : 0; }
  long EndStep() const override { return 350; }
  Complex Transform(double omega) const {
    Complex sum = 0;
    for (long n = 0; n < EndStep(); ++n) {
      sum += dt_ * At(n) * std::exp(Complex(0, omega * (static_cast<double>(n) + shift_) * dt_));
    }
    return sum;
  }

 private:
  double At(long step) const {
    const double t = (static_cast<double>(step) + shift_) / 25 - 7;
    return std::exp(-t * t) * std::sin(3 * t);
  }
  double dt_, shift_;
};

domain::Axis Graded(double low, double high, double fine) {
  domain::GradedAxisOptions options;
  options.low = low;
  options.high = high;
  options.cell = 0.08;
  options.refinements = {{-0.3, 0.4, fine}};
  return domain::GradedAxis(options);
}

/// A box of lossy media, one of them with a pole, and of lossless ones in it with walls across both
/// axes, which couple Ex and Ey. Loss ends on nodes: points with a little of it would keep their
/// charge for long.
domain::MediumMap LossyMedia(const domain::Lattice& lattice) {
  const std::vector<domain::Medium> media{{"base", 2.0, 1.5, {}},
                                          {"poles", 3.0, 0.6, {{4.0, 7.0, 0.9}}},
                                          {"glass", 2.0, 0, {}},
                                          {"core", 4.6, 0, {}},
                                          {"hole", 1.5, 0, {}}};
  std::vector<domain::ExtrudedShape> shapes(4);
  const auto box = [&](double x0, double x1, double y0, double y1, const std::string& material) {
    const auto node = [&](int axis, double at) {
      return lattice.Node(axis, lattice.NearestNode(axis, at));
    };
    return BoxShape(node(0, x0), node(0, x1), node(1, y0), node(1, y1), material);
  };
  shapes[0].shape = box(-0.7, -0.2, -0.6, 0.1, "poles");
  shapes[1].shape = box(-0.1, 0.7, -0.55, 0.65, "glass");
  shapes[2].shape = {domain::Straight{{0.1, -0.35}, {0.5, 0.5}, 0.3}, "core", ""};
  shapes[3].shape = {domain::Circle{{0.3, 0.12}, 0.17}, "hole", ""};
  return domain::MakeMediumMap(lattice, domain::Structure("base", {}, shapes), media, 4.0);
}

struct Problem {
  std::string name;
  domain::Lattice lattice;
};

std::vector<Problem> Problems() {
  using domain::AxisEnd;
  using domain::FieldSet;
  const domain::Axis x = Graded(-1, 1, 0.03), y = Graded(-0.8, 0.8, 0.05);
  const std::array<AxisEnd, 2> pec{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}};
  const std::array<AxisEnd, 2> mixed{AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 0}};
  const std::array<AxisEnd, 2> pmc{AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pmc, 0}};
  const std::array<AxisEnd, 2> periodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};
  const domain::Axis even = domain::Axis::Uniform(0.06, 33);
  std::vector<Problem> problems;
  for (const FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
    const std::string name = fields == FieldSet::Ez ? "Ez, " : "Hz, ";
    problems.push_back({name + "walls", {fields, {x, y}, {mixed, pmc}}});
    problems.push_back({name + "walls the other way", {fields, {y, x}, {pec, mixed}}});
    problems.push_back({name + "periodic", {fields, {even, y}, {periodic, mixed}}});
    problems.push_back({name + "Bloch", {fields, {even, even}, {periodic, periodic}, {0.8, -0.5}}});
  }
  return problems;
}

struct Sources {
  std::vector<std::pair<Component, std::array<int, 3>>> at;
};

Sources SourcesOf(const domain::Lattice& lattice) {
  const auto near = [&](double x, double y) {
    return std::array<int, 3>{lattice.NearestNode(0, x), lattice.NearestNode(1, y), 0};
  };
  if (lattice.Fields() == domain::FieldSet::Ez) {
    return {{{Component::Ez, near(-0.5, 0.4)},
             {Component::Hy, near(0.3, -0.5)},
             {Component::Hx, near(-0.1, 0.5)}}};
  }
  // The currents of E stand beside slanted walls, where both components couple.
  return {{{Component::Hz, near(-0.5, 0.4)},
           {Component::Ex, near(0.42, -0.18)},
           {Component::Ey, near(0.08, 0.27)}}};
}

std::vector<Component> ComponentsOf(const domain::Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

/// The transforms of a run of the leapfrog, and the currents and media that they belong to.
struct Stepped {
  solvers::yee::DftBlock fields;
  std::vector<PointCurrent> currents;
  double omega = 0;
  domain::PermittivityMap media;
};

Stepped StepThrough(const domain::Lattice& lattice, double omega) {
  const domain::MediumMap media = LossyMedia(lattice);
  solvers::fdtd::EngineOptions options;
  options.precision = solvers::fdtd::Precision::Float64;
  options.courant = 0.8;
  const auto engine = solvers::fdtd::MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  const double dt = engine->TimeStep();
  Stepped result;
  result.omega = 2 / dt * std::sin(0.5 * omega * dt);
  result.media = domain::PermittivityAt(media, domain::SteppedFrequency(omega, dt));
  double weight = 1;
  for (const auto& [component, point] : SourcesOf(lattice).at) {
    const auto pulse = std::make_shared<Pulse>(dt, domain::IsElectric(component));
    const Complex value = lattice.HasBlochPhase() ? Complex(weight, 0.4) : Complex(weight);
    engine->AddCurrent({pulse, {{component, point, 0, value}}, {}});
    result.currents.push_back({component, point, value * pulse->Transform(omega)});
    weight = -0.7 * weight;
  }
  const int number = engine->AddDft({lattice.AllPoints(), ComponentsOf(lattice), {omega}});
  engine->Advance(12000);
  result.fields = engine->Dft(number);
  return result;
}

// Graded axes, all walls, periodic ends and Bloch phases, currents of E and of H, media with loss
// and poles, and walls across both axes, where Ex and Ey couple: all six components.
TEST(FrequencyDomain, IsTheTransformOfTheLeapfrog) {
  for (const Problem& problem : Problems()) {
    const Stepped stepped = StepThrough(problem.lattice, 4.3);
    DrivenFields solver(MPI_COMM_WORLD, problem.lattice, {});
    const int number = solver.AddDft(
        {problem.lattice.AllPoints(), ComponentsOf(problem.lattice), {stepped.omega}});
    solver.Solve(stepped.omega, stepped.media, stepped.currents);
    const solvers::yee::DftBlock solved = solver.Dft(number);
    // The solvers deal points to ranks in different ways: all of them on every rank.
    const domain::IndexBox all = problem.lattice.AllPoints();
    const std::vector<Component> components = ComponentsOf(problem.lattice);
    for (size_t c = 0; c < components.size(); ++c) {
      std::vector<Complex> a(static_cast<size_t>(all.Count())), b = a;
      const auto spread = [&](const solvers::yee::DftBlock& block, std::vector<Complex>& values) {
        for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
          for (int i = block.box.lo[0]; i < block.box.hi[0]; ++i) {
            values[static_cast<size_t>(all.Offset(i, j, 0))] =
                block.At(static_cast<int>(c), 0, i, j, 0);
          }
        }
        base::SumInPlace(MPI_COMM_WORLD, values.data(), values.size());
      };
      spread(stepped.fields, a);
      spread(solved, b);
      double difference = 0, norm = 0;
      for (size_t p = 0; p < a.size(); ++p) {
        difference += std::norm(a[p] - b[p]);
        norm += std::norm(b[p]);
      }
      EXPECT_GT(norm, 0);
      EXPECT_LT(std::sqrt(difference / norm), 1e-10)
          << problem.name << ", " << domain::NameOf(components[c]);
    }
  }
}

/// A guide with a bump, symmetric about y = 0, on the upper half of the lattice or the whole.
solvers::fdfd::Scattering ThroughBump(domain::FieldSet fields, bool half) {
  using domain::AxisEnd;
  const double h = 0.05;
  std::vector<double> x, y;
  for (int i = 0; i <= 120; ++i) x.push_back(h * (i - 60));
  for (int j = half ? 0 : -45; j <= 45; ++j) y.push_back(h * j);
  const bool ez = fields == domain::FieldSet::Ez;
  const AxisEnd pml{ez ? Wall::Pec : Wall::Pmc, 20};
  const AxisEnd mirror{ez ? Wall::Pmc : Wall::Pec, 0};  // of the even mode
  const domain::Lattice lattice(fields, {domain::Axis(x), domain::Axis(y)},
                                {{{pml, pml}, {half ? mirror : pml, pml}}});
  const domain::FrequencyMedia media =
      MediaOf({BoxShape(-9, 9, -0.2, 0.2), {domain::Circle{{0.1, 0}, 0.43}, "core", ""}},
              {{"core", 8.1}, {"clad", 2.09}});
  solvers::fdfd::Simulation simulation(MPI_COMM_WORLD, lattice, {});
  return simulation.Solve(1.55, domain::MakePermittivityMap(lattice, media),
                          {PortAt("in", -1.5, 0, Direction::PlusX, 2.2),
                           PortAt("out", 1.5, 0, Direction::MinusX, 2.2)});
}

TEST(FrequencyDomain, HalfOfASymmetricDeviceIsTheWhole) {
  for (const auto fields : {domain::FieldSet::Ez, domain::FieldSet::Hz}) {
    const auto half = ThroughBump(fields, true), whole = ThroughBump(fields, false);
    EXPECT_LT((half.s - whole.s).norm(), 1e-9);
    EXPECT_GT(std::abs(whole.s(0, 0)), 0.02);
    for (size_t p = 0; p < 2; ++p) {
      EXPECT_NEAR(half.power[p].radiated, whole.power[p].radiated, 1e-9);
      EXPECT_LT(half.power[p].balance_error, 1e-4);
    }
  }
}

}  // namespace
}  // namespace symwave::verification
