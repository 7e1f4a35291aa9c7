// Chips composed of parts that are solved once: against the whole device, and their gradients.
#include <gtest/gtest.h>

#include "tests/verification/small_chip.hpp"
#include "tests/verification/waveguide_media.hpp"
#include "training/chip/composed_chip.hpp"
#include "training/gradient_check.hpp"

namespace symwave::verification {
namespace {

using domain::Element;
using training::ErrorPass;
using training::chip::SolverKind;

constexpr double kApart = 0.9, kCell = 0.0625, kMiddle = 2;

domain::Shape BendShape(double x0, double y0, double x1, double y1) {
  return {domain::SBend{{x0, y0}, {x1, y1}, 0.4}, "core", "test"};
}

/// A guide that comes close to its image about y = 0 on both sides of the middle.
void AddArm(std::vector<domain::Shape>& shapes, double side) {
  const double out = side * kApart, in = side * 0.34, w = 0.2;
  const double bend = 4, middle = kMiddle, end = middle + 2 * bend + 0.5;
  shapes.push_back(BoxShape(-end - 3, -end, out - w, out + w));
  for (const double x : {-end, middle}) {
    shapes.push_back(BendShape(x, out, x + bend, in));
    shapes.push_back(BoxShape(x + bend, x + bend + 0.5, in - w, in + w));
    shapes.push_back(BendShape(x + bend + 0.5, in, x + 2 * bend + 0.5, out));
  }
  shapes.push_back(BoxShape(-middle, middle, out - w, out + w));
  shapes.push_back(BoxShape(end, end + 3, out - w, out + w));
}

Element Heater(const std::string& name, double y, double length, double spread) {
  Element element;
  element.name = name;
  const double a = 0.5 * length;
  element.outline = {{{-a, y - 0.25}, {a, y - 0.25}, {a, y + 0.25}, {-a, y + 0.25}}};
  element.switching = 1;
  element.spread = spread;
  return element;
}

/// A Mach-Zehnder interferometer of two couplers, or two guides, with a heater on each arm that
/// reaches the other one.
training::chip::ChipOptions Interferometer(Polarization polarization, bool couplers) {
  std::vector<domain::Shape> shapes;
  for (const double side : {1.0, -1.0}) {
    if (couplers) {
      AddArm(shapes, side);
    } else {
      shapes.push_back(BoxShape(-14, 14, side * kApart - 0.2, side * kApart + 0.2));
    }
  }
  training::chip::ChipOptions options;
  auto& device = options.device;
  device.comm = MPI_COMM_WORLD;
  device.lattice = std::make_shared<const domain::Lattice>(
      domain::UniformLattice(GridOf(polarization, kCell, 2 * kMiddle + 19, 5, 1.0)));
  domain::FrequencyMedia media = MediaOf(shapes, {{"core", 2.848 * 2.848}, {"clad", 2.085}});
  media.mirror_symmetric = true;
  device.media = domain::MakePermittivityMap(*device.lattice, media);
  device.omega = 2 * M_PI / 1.55;
  for (const double side : {-1.0, 1.0}) {
    for (const double y : {kApart, -kApart}) {
      device.ports.push_back(PortAt(side < 0 ? "in" : "out", (kMiddle + 9) * side, y,
                                    side < 0 ? Direction::PlusX : Direction::MinusX, 1.7));
    }
  }
  options.inputs = 2;
  options.elements = {Heater("top", kApart, 3, 0.5), Heater("low", -kApart, 3, 0.5)};
  options.drive = training::chip::IdealActuatorResponse(2);
  return options;
}

training::chip::Composition Halves(const training::chip::ChipOptions& options) {
  training::chip::Cut cut;
  for (const double y : {-kApart, kApart}) {
    cut.guides.push_back(PortAt("guide", 0, y, Direction::PlusX, 1.7));
  }
  return training::chip::WholeColumns(options.device.ports, {cut});
}

Eigen::MatrixXcd ScatteringOf(training::OpticalSystem& chip, const Eigen::VectorXd& commands) {
  chip.Program(commands);
  return chip
      .Transmit(Eigen::MatrixXcd::Identity(chip.Inputs(), chip.Inputs()), training::Side::Input)
      .outputs;
}

/// Cut between couplers and arms, too; what lies on either side of y = 0 is a part of its own where
/// the guides run apart from each other.
training::chip::Composition Pieces(const training::chip::ChipOptions& options, bool couplers) {
  const double at = kMiddle - 0.25;
  std::vector<training::chip::Cut> cuts;
  for (const double x : {-at, 0.0, at}) {
    cuts.push_back(Halves(options).cuts.front());
    cuts.back().x = x;
    cuts.back().elements = x == 0;
    for (domain::PlanePort& guide : cuts.back().guides) guide.at[0] = x;
  }
  const training::chip::Composition whole =
      training::chip::WholeColumns(options.device.ports, cuts);
  training::chip::Composition pieces{cuts, {}};
  for (const training::chip::Part& column : whole.parts) {
    if (couplers && (column.column == 0 || column.column == 3)) {
      pieces.parts.push_back(column);
      continue;
    }
    for (const int guide : {0, 1}) {  // the lower one first, while ports begin with the upper one
      training::chip::Part part;
      part.column = column.column;
      part.y[guide == 0 ? 1 : 0] = 0;
      if (column.column == 0) part.ports = {1 - guide};
      if (column.column == 3) part.ports = {3 - guide};
      if (!column.left.empty()) part.left = {guide};
      if (!column.right.empty()) part.right = {guide};
      pieces.parts.push_back(part);
    }
  }
  return pieces;
}

double Apart(const training::chip::ChipOptions& options,
             const training::chip::Composition& composition, double phase) {
  training::chip::ComposedChip composed(options, composition);
  training::chip::ChipSystem whole(options);
  const Eigen::Vector2d commands(phase, 0.2);
  const Eigen::MatrixXcd reference = ScatteringOf(whole, commands);
  return (ScatteringOf(composed, commands) - reference).norm() / reference.norm();
}

// Guides alone leave nothing out; bends radiate, and the next part takes some of it up.
TEST(Composition, IsTheWholeChipButForWhatTheGuidesDoNotCarry) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    const training::chip::ChipOptions straight = Interferometer(polarization, false);
    const double at_rest = Apart(straight, Halves(straight), -0.2);
    const double turned = Apart(straight, Halves(straight), -2.5);
    const training::chip::ChipOptions bent = Interferometer(polarization, true);
    const double couplers = Apart(bent, Halves(bent), -2.5);
    std::printf("composed and whole: two guides %.1e, turned by 2.5 rad %.1e, couplers %.1e\n",
                at_rest, turned, couplers);
    EXPECT_LT(at_rest, 2e-4);
    EXPECT_LT(turned, 3e-3);
    EXPECT_LT(couplers, 0.01);
  }
}

// The guides lie 1.8 um from each other, and cuts stand where their elements begin.
TEST(Composition, HasPartsSideBySide) {
  for (const bool couplers : {false, true}) {
    training::chip::ChipOptions options = Interferometer(Polarization::Ez, couplers);
    for (Element& heater : options.elements) {
      heater.outline = Heater("short", heater.Extent(1)[0] + 0.25, 2, 0).outline;
    }
    options.parts = std::make_shared<training::chip::PartStore>();
    const training::chip::Composition pieces = Pieces(options, couplers);
    const double apart = Apart(options, pieces, -1.5);
    std::printf("composed of %zu parts, %zu of them solved: off the whole by %.1e\n",
                pieces.parts.size(), options.parts->Size(), apart);
    EXPECT_LT(apart, couplers ? 0.01 : 1e-3);
    // Right parts are images of left ones; a part above y = 0 is one below it turned over.
    EXPECT_LT(options.parts->Size(), pieces.parts.size());
  }
}

TEST(Composition, KnowsPartsByWhatTheyAre) {
  const training::chip::ChipOptions options = Interferometer(Polarization::Ez, true);
  const training::chip::Composition halves = Halves(options);
  const auto key = [&](const training::chip::ChipOptions& of) {
    return training::chip::KeyOf(
        of, training::chip::PartOf(of.device, halves.cuts, halves.parts.front()));
  };
  training::chip::ChipOptions other = options;
  EXPECT_EQ(key(other), key(options));
  other.device.omega *= 1 + 1e-12;
  EXPECT_NE(key(other), key(options));
  other = options;
  other.solver = SolverKind::TimeDomain;
  EXPECT_NE(key(other), key(options));
  other = options;
  other.device.ports.front().span[0] += 0.1;
  EXPECT_NE(key(other), key(options));
  other = options;
  const domain::IndexBox somewhere{{40, 30, 0}, {41, 31, 1}};
  const domain::Complex there = options.device.media.sample(domain::Component::Ez, somewhere)[0];
  other.device.media = domain::WithChanges(options.device.media,
                                           {{domain::Component::Ez, {40, 30, 0}, 1e-6 * there}});
  EXPECT_NE(key(other), key(options));
}

TEST(Composition, HasTheGradientOfItsScattering) {
  training::chip::ChipOptions options = Interferometer(Polarization::Ez, true);
  options.elements.push_back(Heater("loss", kApart, 3, 0));
  options.elements.back().attenuates = true;
  options.drive = training::chip::IdealActuatorResponse(3);
  training::Network network(
      MPI_COMM_WORLD, {std::make_shared<training::chip::ComposedChip>(options, Halves(options))});
  training::NetworkEngine engine(network, {}, 2, 2);
  const training::SampleSet samples = TwoFeatures();
  const Eigen::Vector3d commands(1.3, -0.4, 0.3);
  const auto gradient = [&](ErrorPass pass) {
    return engine.TakeStep(commands, pass, samples, training::AllSamples(samples), 0).gradient;
  };
  const Eigen::VectorXd forward = gradient(ErrorPass::Symmetric);
  for (const ErrorPass pass : {ErrorPass::Mirrored, ErrorPass::Reverse}) {
    EXPECT_LT((forward - gradient(pass)).norm(), 1e-9 * forward.norm());
  }
  for (int c = 0; c < 3; ++c) {
    const double difference = training::CentralDifference(
        [&](const Eigen::VectorXd& at) { return engine.Evaluate(at, samples).loss; }, commands, c,
        1e-3);
    EXPECT_NEAR(forward[c], difference, 1e-7 * forward.norm());
  }
}

/// A strip of silicon in glass with a heater, coarse.
TEST(Composition, HoldsInThreeDimensions) {
  const auto axis = [](int count) { return domain::Axis::Uniform(0.08, count); };
  const std::array<domain::AxisEnd, 2> open{domain::AxisEnd{domain::Wall::Pec, 8},
                                            domain::AxisEnd{domain::Wall::Pec, 8}};
  training::chip::ChipOptions options;
  auto& device = options.device;
  device.lattice = std::make_shared<const domain::Lattice>(
      std::array<domain::Axis, 3>{axis(64), axis(38), axis(34)},
      std::array<std::array<domain::AxisEnd, 2>, 3>{open, open, open});
  const domain::MediumMap media =
      GuideMedia(*device.lattice, {"core", 2.848 * 2.848, 0, {}}, {"clad", 1.444 * 1.444, 0, {}},
                 Beam({std::pair(-1e3, 1e3), std::pair(-0.24, 0.24), std::pair(-0.16, 0.16)}));
  device.media = domain::PermittivityAt(media, domain::SteppedFrequency(2 * M_PI / 1.55, 0));
  device.omega = 2 * M_PI / 1.55;
  for (const double side : {-1.0, 1.0}) {
    device.ports.push_back(PortAt(side < 0 ? "in" : "out", 1.76 * side, 0,
                                  side < 0 ? Direction::PlusX : Direction::MinusX, 1.6));
  }
  options.inputs = 1;
  options.elements = {Heater("heater", 0, 2.4, 0.2)};
  options.elements[0].z = {-0.16, 0.16};
  options.solver = SolverKind::TimeDomain;
  options.time_domain.residual = 1e-5;
  options.drive = training::chip::IdealActuatorResponse(1);
  training::chip::Cut cut;
  cut.guides = {PortAt("guide", 0, 0, Direction::PlusX, 1.6)};
  training::chip::ComposedChip composed(options, training::chip::WholeColumns(device.ports, {cut}));
  training::chip::ChipSystem whole(options);
  for (const double phase : {0.0, 1.5}) {
    const Eigen::VectorXd commands = Eigen::VectorXd::Constant(1, phase);
    const domain::Complex ratio =
        ScatteringOf(composed, commands)(0, 0) / ScatteringOf(whole, commands)(0, 0);
    std::printf("three dimensions, %.1f rad: composed over whole %.5f%+.5fi\n", phase, ratio.real(),
                ratio.imag());
    EXPECT_LT(std::abs(ratio - 1.0), phase == 0 ? 2e-3 : 0.012);
  }
}

}  // namespace
}  // namespace symwave::verification
