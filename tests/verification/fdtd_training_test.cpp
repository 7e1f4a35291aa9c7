// A chip solved in time domain: the same S, fields and gradients as the frequency domain on the
// same lattice, and a gradient that equals finite differences of itself.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "tests/verification/small_chip.hpp"
#include "training/gradient_check.hpp"

namespace symwave::verification {
namespace {

using solvers::fdfd::MonolithicDevice;
using solvers::fdtd::TimeDomainDevice;
using solvers::fdtd::TimeDomainOptions;
using training::ErrorPass;

/// The small chip on cells of 0.1 um, which keep a run below a second.
SmallChip CoarseChip(MPI_Comm comm, double pml, bool attenuators = false) {
  SmallChip chip(comm, 2, 1, false, true, attenuators);
  auto& device = chip.options.device;
  device.lattice = std::make_shared<const domain::Lattice>(domain::UniformLattice(
      GridOf(Polarization::Ez, 0.1, chip.layout.size[0], chip.layout.size[1], pml)));
  device.media = domain::MakePermittivityMap(*device.lattice, chip.media);
  return chip;
}

/// The optics of the chip with some of its cells changeable, and changes of index and loss.
struct Programmed {
  solvers::fdfd::DeviceDescription optics;
  std::vector<Complex> change;

  explicit Programmed(const SmallChip& chip) : optics(chip.options.device) {
    const int count = chip.Elements();
    for (const auto& c : training::chip::ChipSystem(chip.options).Changes(SomeCommands(count))) {
      optics.points.push_back({c.component, c.point});
      change.push_back(c.eps + Complex(0, 0.05));
    }
  }
};

double Relative(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  return (a - b).norm() / b.norm();
}

// Both solve one operator at one frequency (the transform frequency takes the time step out), so
// the PMLs make the whole difference, and it goes away as they grow thicker.
TEST(TimeDomainDevice, EqualsTheFrequencyDomainUpToThePml) {
  struct Case {
    double pml, courant, tolerance;
  };
  for (const auto& [pml, courant, tolerance] :
       {Case{1.6, 0.95, 5e-4}, Case{1.6, 0.5, 5e-4}, Case{3.2, 0.95, 3e-5}}) {
    const SmallChip chip = CoarseChip(MPI_COMM_WORLD, pml);
    const Programmed programmed(chip);
    MonolithicDevice reference(programmed.optics);
    reference.Program(programmed.change);
    const Eigen::MatrixXcd launched = Eigen::MatrixXcd::Identity(4, 1);
    const auto expected = reference.Launch(launched);
    TimeDomainOptions options;
    options.courant = courant;
    TimeDomainDevice device(programmed.optics, options);
    device.Program(programmed.change);
    const auto actual = device.Launch(launched);
    EXPECT_LT(Relative(actual.outgoing, expected.outgoing), tolerance);
    EXPECT_LT(Relative(actual.points, expected.points), tolerance);
    std::printf("PML %.1f um, Courant %.2f: S differs by %.1e, fields by %.1e, %ld steps\n", pml,
                courant, Relative(actual.outgoing, expected.outgoing),
                Relative(actual.points, expected.points), device.Runs().Steps());
  }
}

TEST(TimeDomainDevice, IsReciprocalAndSuperposesAndDoesNotDependOnRanks) {
  const SmallChip together = CoarseChip(MPI_COMM_WORLD, 0.8);
  const SmallChip alone = CoarseChip(MPI_COMM_SELF, 0.8);
  const Programmed both(together);
  TimeDomainDevice device(both.optics, {});
  device.Program(both.change);
  const Eigen::MatrixXcd s = device.Launch(Eigen::MatrixXcd::Identity(4, 4)).outgoing;
  // What is still in the lattice at the end breaks the symmetry, 1e-7 at most.
  EXPECT_LT(Relative(s.transpose(), s), 1e-7);
  std::printf("norm(S - S^T) / norm(S) = %.1e\n", Relative(s.transpose(), s));

  Eigen::MatrixXcd launched = Eigen::MatrixXcd::Zero(4, 2);
  launched << 1, 2, Complex(0, 1), 0, 0, 0, 0, 0.5;
  EXPECT_LT(Relative(device.Launch(launched).outgoing, s * launched), 1e-13);
  EXPECT_EQ(device.Statistics().solves, 4) << "the answers of a program are kept";

  const Programmed one(alone);
  TimeDomainDevice serial(one.optics, {});
  serial.Program(one.change);
  const auto expected = serial.Launch(Eigen::MatrixXcd::Identity(4, 1));
  const auto actual = device.Launch(Eigen::MatrixXcd::Identity(4, 1));
  EXPECT_LT(Relative(actual.outgoing, expected.outgoing), 1e-11);
  EXPECT_LT(Relative(actual.points, expected.points), 1e-11);
}

// Each group solves the whole device; a run that fails in one of them fails on all ranks.
TEST(TimeDomainDevice, DealsRunsToGroupsOfRanks) {
  const Programmed both(CoarseChip(MPI_COMM_WORLD, 0.8));
  const Eigen::MatrixXcd all = Eigen::MatrixXcd::Identity(4, 4);
  TimeDomainOptions options;
  TimeDomainDevice together(both.optics, options);
  options.groups = 2;
  TimeDomainDevice dealt(both.optics, options);
  for (TimeDomainDevice* device : {&together, &dealt}) device->Program(both.change);
  const auto expected = together.Launch(all), actual = dealt.Launch(all);
  EXPECT_LT(Relative(actual.outgoing, expected.outgoing), 1e-11);
  EXPECT_LT(Relative(actual.points, expected.points), 1e-11);
  EXPECT_EQ(dealt.Statistics().solves, 4);
  EXPECT_EQ(dealt.Runs().Steps(), together.Runs().Steps());
  options.max_steps = 200;
  TimeDomainDevice hasty(both.optics, options);
  EXPECT_THROW(hasty.Launch(all.leftCols(1)), base::UserError);  // by the first group alone
}

training::ElectronicsOptions Electronics() {
  training::ElectronicsOptions options;
  options.loss.gain = 8;
  options.reencoding.gain = 2;
  return options;
}

/// One block of the chip under the trainer, which does not know what solves it.
struct Trained {
  SmallChip chip;
  training::Network network;
  training::NetworkEngine engine;
  training::SampleSet samples = TwoFeatures();
  Eigen::VectorXd commands;

  explicit Trained(training::chip::SolverKind solver, bool attenuators)
      : chip(Make(solver, attenuators)),
        network(MPI_COMM_WORLD, {chip.Make()}),
        engine(network, Electronics(), 2, 2),
        commands(SomeCommands(network.Commands())) {
    for (int c = 0; c < commands.size(); ++c) {
      if (!chip.Phases(c)) commands[c] = 0.3 + 0.2 * std::abs(commands[c]);
    }
  }
  static SmallChip Make(training::chip::SolverKind solver, bool attenuators) {
    SmallChip chip = CoarseChip(MPI_COMM_WORLD, 1.6, attenuators);
    chip.options.solver = solver;
    return chip;
  }
  Eigen::VectorXd Gradient(ErrorPass pass) {
    return engine.TakeStep(commands, pass, samples, training::AllSamples(samples), 0).gradient;
  }
};

TEST(TimeDomainTraining, GradientEqualsItsDifferencesAndTheFrequencyDomain) {
  Trained time(training::chip::SolverKind::TimeDomain, true);
  const Eigen::VectorXd forward = time.Gradient(ErrorPass::Symmetric);
  const Eigen::VectorXd reverse = time.Gradient(ErrorPass::Reverse);
  EXPECT_LT((forward - reverse).norm(), 1e-7 * reverse.norm());
  // Along one direction in all phase shifters and attenuators: differences of fourth order, and a
  // loss that is exact to the residual of the runs, 1e-7.
  const Eigen::VectorXd direction = SomeCommands(static_cast<int>(time.commands.size())).reverse();
  const auto along = [&](const Eigen::VectorXd& t) {
    return time.engine.Evaluate(time.commands + t[0] * direction, time.samples).loss;
  };
  const double difference = training::CentralDifference(along, Eigen::VectorXd::Zero(1), 0, 3e-3);
  const double deviation =
      std::abs(forward.dot(direction) - difference) / (forward.norm() * direction.norm());
  EXPECT_LT(deviation, 1e-6);

  Trained frequency(training::chip::SolverKind::FrequencyDomain, true);
  const Eigen::VectorXd expected = frequency.Gradient(ErrorPass::Symmetric);
  // The PMLs differ, see above.
  EXPECT_LT((forward - expected).norm(), 1e-3 * expected.norm());
  std::printf(
      "gradient: forward against reverse %.1e, against differences %.1e, against the "
      "frequency domain %.1e\n",
      (forward - reverse).norm() / reverse.norm(), deviation,
      (forward - expected).norm() / expected.norm());
}

}  // namespace
}  // namespace symwave::verification
