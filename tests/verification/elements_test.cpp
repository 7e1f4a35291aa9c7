// Any device learns: elements of all kinds, which may overlap, on a drawn device of two guides and
// a multimode section, for Ez and Hz in both solvers and in three dimensions.
#include <gtest/gtest.h>

#include <algorithm>

#include "solvers/fdfd/condensation.hpp"
#include "tests/verification/small_chip.hpp"
#include "tests/verification/waveguide_media.hpp"
#include "training/gradient_check.hpp"

namespace symwave::verification {
namespace {

using domain::Element;
using training::ErrorPass;
using training::chip::SolverKind;

Element BoxElement(const std::string& name, double x, double y, double length, double width) {
  Element element;
  element.name = name;
  const double a = 0.5 * length, b = 0.5 * width;
  element.outline = {{{x - a, y - b}, {x + a, y - b}, {x + a, y + b}, {x - a, y + b}}};
  return element;
}

/// A segment with steps and a heater with a Gaussian that reaches the other guide on each guide, a
/// loss, a triangle and its image.
std::vector<Element> Elements(double spread) {
  std::vector<Element> elements{
      BoxElement("top", 0, 0.6, 1.2, 0.4), BoxElement("low", 0, -0.6, 0.8, 0.3),
      BoxElement("loss", 0, 0.6, 1.2, 0.4), BoxElement("left", -1.4, 0.6, 0.4, 0.4),
      BoxElement("right", 1.4, 0.6, 0.4, 0.4)};
  elements[0].switching = 0.4;
  elements[1].spread = spread;
  elements[2].attenuates = true;
  elements[3].outline = {{{-1.7, -0.8}, {-1.2, -0.8}, {-1.2, -0.4}}};
  elements[4].outline = {{{1.2, -0.8}, {1.7, -0.8}, {1.2, -0.4}}};
  return elements;
}

/// Two guides that a box on their middle couples.
training::chip::ChipOptions Drawn(Polarization polarization, SolverKind solver, bool symmetric,
                                  double spread = 0.5) {
  std::vector<domain::Shape> shapes{BoxShape(-9, 9, 0.4, 0.8), BoxShape(-9, 9, -0.8, -0.4),
                                    BoxShape(-0.5, 0.5, -0.4, 0.4)};
  if (!symmetric) shapes.push_back(BoxShape(0.8, 1.1, -0.4, 0.1));
  training::chip::ChipOptions options;
  auto& device = options.device;
  device.comm = MPI_COMM_WORLD;
  device.lattice = std::make_shared<const domain::Lattice>(
      domain::UniformLattice(GridOf(polarization, 0.1, 5, 4.4, 1.6)));
  domain::FrequencyMedia media = MediaOf(shapes, {{"core", 6.25}, {"clad", 2.085}});
  media.mirror_symmetric = symmetric;
  device.media = domain::MakePermittivityMap(*device.lattice, media);
  device.omega = 2 * M_PI / 1.55;
  for (const double side : {-1.0, 1.0}) {
    for (const double y : {0.6, -0.6}) {
      device.ports.push_back(PortAt(side < 0 ? "in" : "out", 2.2 * side, y,
                                    side < 0 ? Direction::PlusX : Direction::MinusX, 1.2));
    }
  }
  options.inputs = 2;
  options.elements = Elements(spread);
  options.solver = solver;
  options.drive = training::chip::IdealActuatorResponse(5);
  return options;
}

struct Trained {
  training::Network network;
  training::NetworkEngine engine;
  training::SampleSet samples = TwoFeatures();
  Eigen::VectorXd commands;

  explicit Trained(const training::chip::ChipOptions& options)
      : network(MPI_COMM_WORLD, {std::make_shared<training::chip::ChipSystem>(options)}),
        engine(network, {}, 2, 2),
        commands(SomeCommands(network.Commands())) {
    // The mirror images of a pair have one command; a loss is positive.
    commands[2] = 0.4;
    commands[4] = commands[3];
  }
  /// Summed over the pair.
  Eigen::VectorXd Gradient(ErrorPass pass) {
    Eigen::VectorXd gradient =
        engine.TakeStep(commands, pass, samples, training::AllSamples(samples), 0).gradient;
    gradient[3] += gradient[4];
    return gradient.head(4);
  }
  double Along(const Eigen::VectorXd& direction, double step) {
    return training::CentralDifference(
        [&](const Eigen::VectorXd& t) {
          Eigen::VectorXd moved = commands;
          moved.head(4) += t[0] * direction;
          moved[4] = moved[3];
          return engine.Evaluate(moved, samples).loss;
        },
        Eigen::VectorXd::Zero(1), 0, step);
  }
};

double Relative(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return (a - b).norm() / b.norm();
}

TEST(Elements, OfADrawnDeviceLearnByForwardMode) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    const char* name = polarization == Polarization::Ez ? "Ez" : "Hz";
    Eigen::VectorXd of_frequency_domain;
    for (const SolverKind solver : {SolverKind::FrequencyDomain, SolverKind::TimeDomain}) {
      const bool time = solver == SolverKind::TimeDomain;
      Trained trained(Drawn(polarization, solver, true));
      const Eigen::VectorXd forward = trained.Gradient(ErrorPass::Symmetric);
      const Eigen::VectorXd reverse = trained.Gradient(ErrorPass::Reverse);
      EXPECT_LT(Relative(forward, reverse), time ? 1e-5 : 1e-7);
      double worst = 0;
      for (int e = 0; e < 4; ++e) {
        const double difference = trained.Along(Eigen::VectorXd::Unit(4, e), 3e-3);
        worst = std::max(worst, std::abs(forward[e] - difference) / forward.norm());
      }
      EXPECT_LT(worst, time ? 1e-5 : 1e-7);
      if (!time) of_frequency_domain = forward;
      EXPECT_LT(Relative(forward, of_frequency_domain), 0.02);  // windows of ports and PMLs differ
      std::printf("%s, %s domain: forward mode against reverse %.1e, against differences %.1e\n",
                  name, time ? "time" : "frequency", Relative(forward, reverse), worst);
    }
  }
}

// Within strips between the ports the fixed parts are eliminated once; a heater that reaches the
// ports takes the whole device.
TEST(Elements, AreCondensedWhereTheyLeaveThePortsAlone) {
  for (const double spread : {0.1, 0.5}) {
    training::chip::ChipOptions options =
        Drawn(Polarization::Ez, SolverKind::FrequencyDomain, true, spread);
    const training::chip::ChipSystem system(options);
    const auto* condensed = dynamic_cast<const solvers::fdfd::CondensedDevice*>(&system.Device());
    EXPECT_EQ(condensed != nullptr, spread < 0.2);
    Trained fast(options);
    options.condensation = false;
    Trained whole(options);
    EXPECT_LT(Relative(fast.Gradient(ErrorPass::Symmetric), whole.Gradient(ErrorPass::Symmetric)),
              1e-9);
  }
}

/// Elements as above and a box beside each triangle, in these groups, with heaters that are off.
training::chip::ChipOptions Grouped(Polarization polarization,
                                    const std::vector<std::string>& groups) {
  training::chip::ChipOptions options = Drawn(polarization, SolverKind::FrequencyDomain, true);
  options.elements.push_back(BoxElement("box left", -1.4, 0.6, 0.4, 0.4));
  options.elements.push_back(BoxElement("box right", 1.4, 0.6, 0.4, 0.4));
  options.drive = training::chip::IdealActuatorResponse(7);
  options.drive.offset << 0.3, -0.4, 0, 0.2, 0.2, 0.1, 0.1;
  for (size_t e = 0; e < groups.size(); ++e) options.elements[e].group = groups[e];
  return options;
}

struct GroupCase {
  std::vector<std::string> groups;  ///< of the elements
  std::vector<int> images;          ///< of the commands
};

// A group may hold heaters that reach each other (middle), its own mirror image in another element
// (sides), one element alone; or be the mirror image of another group (left, right).
TEST(Elements, OfAGroupShareACommand) {
  const std::vector<GroupCase> cases{
      {{"middle", "middle", "", "sides", "sides", "", ""}, {0, 1, 2, 4, 3}},
      {{"alone", "", "", "left", "right", "left", "right"}, {0, 1, 2, 4, 3}}};
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    for (const auto& [groups, images] : cases) {
      const training::chip::ChipOptions shared = Grouped(polarization, groups);
      Trained grouped(shared), single(Grouped(polarization, {}));
      ASSERT_EQ(grouped.network.Shape(0).mirror_images, images);
      const std::vector<int> numbers = domain::CommandNumbers(shared.elements);
      const std::vector<bool>& losses = grouped.network.Shape(0).attenuators;
      EXPECT_EQ(std::count(losses.begin(), losses.end(), true), 1);
      EXPECT_TRUE(losses[static_cast<size_t>(numbers[2])]);
      grouped.commands = SomeCommands(5).cwiseAbs();
      for (int c = 0; c < 5; ++c) grouped.commands[std::max(c, images[c])] = grouped.commands[c];
      for (int e = 0; e < 7; ++e) single.commands[e] = grouped.commands[numbers[e]];
      const auto gradient = [](Trained& of, ErrorPass pass) {
        const auto all = training::AllSamples(of.samples);
        return of.engine.TakeStep(of.commands, pass, of.samples, all, 0).gradient;
      };
      const Eigen::VectorXd forward = gradient(grouped, ErrorPass::Symmetric);
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(5);
      const Eigen::VectorXd of_elements = gradient(single, ErrorPass::Symmetric);
      for (int e = 0; e < 7; ++e) sum[numbers[e]] += of_elements[e];
      EXPECT_LT(Relative(forward, sum), 1e-10);
      EXPECT_LT(Relative(forward, gradient(grouped, ErrorPass::Reverse)), 1e-7);
      const auto loss = [&](const Eigen::VectorXd& at) {
        return grouped.engine.Evaluate(at, grouped.samples).loss;
      };
      for (int c = 0; c < 5; ++c) {
        const double difference = training::CentralDifference(loss, grouped.commands, c, 3e-3);
        EXPECT_NEAR(forward[c], difference, 1e-7 * forward.norm()) << groups[0] << " " << c;
      }
    }
  }
}

TEST(Elements, OfAnAsymmetricDeviceNeedReverse) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    Trained trained(Drawn(polarization, SolverKind::FrequencyDomain, false));
    const Eigen::VectorXd reverse = trained.Gradient(ErrorPass::Reverse);
    EXPECT_GT(Relative(trained.Gradient(ErrorPass::Symmetric), reverse), 0.05);
    const Eigen::VectorXd direction = Eigen::VectorXd::Ones(4);
    EXPECT_NEAR(reverse.dot(direction), trained.Along(direction, 3e-3), 1e-7 * reverse.norm());
  }
}

/// A strip of silicon with two heaters in three dimensions, coarse.
TEST(Elements, LearnInThreeDimensions) {
  constexpr double kCell = 0.1;
  const auto axis = [](int count) {
    std::vector<double> nodes;
    for (int i = 0; i <= count; ++i) nodes.push_back((i - 0.5 * count) * kCell);
    return domain::Axis(nodes);
  };
  const std::array<domain::AxisEnd, 2> open{domain::AxisEnd{domain::Wall::Pec, 8},
                                            domain::AxisEnd{domain::Wall::Pec, 8}};
  training::chip::ChipOptions options;
  auto& device = options.device;
  device.lattice = std::make_shared<const domain::Lattice>(
      std::array<domain::Axis, 3>{axis(44), axis(34), axis(30)},
      std::array<std::array<domain::AxisEnd, 2>, 3>{open, open, open});
  const domain::MediumMap media =
      GuideMedia(*device.lattice, {"core", 2.5 * 2.5, 0, {}}, {"clad", 1.444 * 1.444, 0, {}},
                 Beam({std::pair(-1e3, 1e3), std::pair(-0.4, 0.4), std::pair(-0.2, 0.2)}));
  device.media = domain::PermittivityAt(media, domain::SteppedFrequency(2 * M_PI / 1.55, 0));
  device.omega = 2 * M_PI / 1.55;
  for (const double side : {-1.0, 1.0}) {
    domain::PlanePort port = PortAt(side < 0 ? "in" : "out", side, 0,
                                    side < 0 ? Direction::PlusX : Direction::MinusX, 1.6);
    port.span = {1.6, 1.4};
    port.modes = {0, 1};
    device.ports.push_back(port);
  }
  options.inputs = 2;  // two modes of one guide
  // Beside the middle of the guide, where the modes mix.
  options.elements = {BoxElement("a", 0, 0.2, 0.6, 0.4), BoxElement("b", -0.5, -0.2, 0.3, 0.4),
                      BoxElement("c", 0.5, -0.2, 0.3, 0.4)};
  for (Element& element : options.elements) element.z = {-0.2, 0.2};
  options.elements[0].spread = 0.2;
  options.solver = SolverKind::TimeDomain;
  options.drive = training::chip::IdealActuatorResponse(3);
  training::Network network(MPI_COMM_WORLD,
                            {std::make_shared<training::chip::ChipSystem>(options)});
  training::NetworkEngine engine(network, {}, 2, 2);
  const training::SampleSet samples = TwoFeatures();
  const std::vector<int> all = training::AllSamples(samples);
  const Eigen::Vector3d commands(0.5, 0.3, 0.3);
  const Eigen::VectorXd forward =
      engine.TakeStep(commands, ErrorPass::Symmetric, samples, all, 0).gradient;
  const Eigen::VectorXd reverse =
      engine.TakeStep(commands, ErrorPass::Reverse, samples, all, 0).gradient;
  const Eigen::Vector3d direction(1, 1, 1);
  const double difference = training::CentralDifference(
      [&](const Eigen::VectorXd& t) {
        return engine.Evaluate(commands + t[0] * direction, samples).loss;
      },
      Eigen::VectorXd::Zero(1), 0, 3e-3);
  const double off = std::abs(forward.dot(direction) - difference) / forward.norm();
  std::printf("three dimensions: forward mode against reverse %.1e, against differences %.1e\n",
              Relative(forward, reverse), off);
  EXPECT_LT(Relative(forward, reverse), 1e-5);
  EXPECT_LT(off, 1e-5);
}

}  // namespace
}  // namespace symwave::verification
