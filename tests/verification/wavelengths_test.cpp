// One set of commands for several wavelengths: a chip at each of them changes its index as commands
// do at the first; the gradient of the mean loss is exact, and runs in time domain are shared.
#include <gtest/gtest.h>

#include <memory>

#include "tests/verification/small_chip.hpp"
#include "training/chip_objective.hpp"
#include "training/gradient_check.hpp"
#include "training/mean_objective.hpp"

namespace symwave::verification {
namespace {

using training::ErrorPass;
using training::chip::ChipSystem;
using training::chip::SolverKind;

const std::vector<double> kWavelengths{1.55, 1.47};

double OmegaOf(double wavelength) {
  return 2 * M_PI / wavelength;
}

double Relative(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  return (a - b).norm() / b.norm();
}

SmallChip ChipOf(MPI_Comm comm, SolverKind solver) {
  SmallChip chip(comm, 2, 1, false);
  auto& device = chip.options.device;
  device.lattice = std::make_shared<const domain::Lattice>(domain::UniformLattice(
      GridOf(Polarization::Ez, 0.1, chip.layout.size[0], chip.layout.size[1], 1.6)));
  device.media = domain::MakePermittivityMap(*device.lattice, chip.media);
  chip.options.solver = solver;
  return chip;
}

/// The same hardware at every wavelength.
std::vector<std::shared_ptr<ChipSystem>> ChipsAt(
    const SmallChip& chip, const std::shared_ptr<training::chip::SharedRuns>& runs = nullptr) {
  std::vector<std::shared_ptr<ChipSystem>> chips;
  for (const double wavelength : kWavelengths) {
    training::chip::ChipOptions options = chip.options;
    options.device.omega = OmegaOf(wavelength);
    options.shared_runs = runs;
    if (!chips.empty()) options.index_per_unit = chips.front()->IndexPerUnit();
    chips.push_back(std::make_shared<ChipSystem>(options));
  }
  return chips;
}

std::vector<std::shared_ptr<ChipSystem>> WithSharedRuns(const SmallChip& chip) {
  std::vector<double> omegas;
  omegas.reserve(std::size(kWavelengths));
  for (const double wavelength : kWavelengths) omegas.push_back(OmegaOf(wavelength));
  return ChipsAt(chip,
                 std::make_shared<training::chip::SharedRuns>(omegas, chip.options.time_domain));
}

/// A task of its own at every wavelength, the second with other labels and fewer samples.
struct Tasks {
  std::vector<std::unique_ptr<training::Network>> networks;
  std::vector<std::unique_ptr<training::NetworkEngine>> engines;
  std::vector<training::SampleSet> samples{TwoFeatures(), TwoFeatures()};
  Eigen::VectorXd commands;

  explicit Tasks(const std::vector<std::shared_ptr<ChipSystem>>& chips) {
    samples[1].features.conservativeResize(8, Eigen::NoChange);
    samples[1].labels = {0, 0, 1, 1, 0, 1, 1, 1};
    for (const auto& chip : chips) {
      networks.push_back(std::make_unique<training::Network>(
          MPI_COMM_WORLD, std::vector<std::shared_ptr<training::OpticalSystem>>{chip}));
      engines.push_back(std::make_unique<training::NetworkEngine>(
          *networks.back(), training::ElectronicsOptions{}, 2, 2));
    }
    commands = SomeCommands(networks.front()->Commands());
  }

  training::Measurement Learn(ErrorPass pass) {
    return With(pass, [&](training::Objective& mean) {
      return mean.Learn(commands, training::AllSamples(samples[0]), 0);
    });
  }
  template <class Work>
  training::Measurement With(ErrorPass pass, Work&& work) {
    training::ChipObjectiveOptions options;
    options.error_pass = pass;
    std::vector<std::unique_ptr<training::ChipObjective>> parts;
    std::vector<training::Objective*> all;
    for (size_t k = 0; k < engines.size(); ++k) {
      parts.push_back(
          std::make_unique<training::ChipObjective>(*engines[k], samples[k], samples[k], options));
      all.push_back(parts.back().get());
    }
    training::MeanObjective mean(all);
    return work(mean);
  }
};

TEST(Wavelengths, GradientOfTheMeanLossIsExact) {
  Tasks tasks(ChipsAt(ChipOf(MPI_COMM_WORLD, SolverKind::FrequencyDomain)));
  const training::Measurement forward = tasks.Learn(ErrorPass::Symmetric);
  const training::Measurement reverse = tasks.Learn(ErrorPass::Reverse);
  ASSERT_EQ(forward.parts.size(), 2u);
  EXPECT_NEAR(forward.loss, 0.5 * (forward.parts[0].loss + forward.parts[1].loss), 1e-14);
  EXPECT_GT(std::abs(forward.parts[0].loss - forward.parts[1].loss), 0.01) << "two tasks";
  EXPECT_EQ(forward.passes, 2 * (12 + 8));
  EXPECT_LT(Relative(forward.gradient, reverse.gradient), 1e-7);
  double worst = 0;
  for (Eigen::Index e = 0; e < tasks.commands.size(); ++e) {
    const double difference = training::CentralDifference(
        [&](const Eigen::VectorXd& moved) {
          return tasks
              .With(ErrorPass::Symmetric,
                    [&](training::Objective& mean) {
                      return mean.Probe(moved, training::AllSamples(tasks.samples[0]), 0);
                    })
              .loss;
        },
        tasks.commands, e, 3e-3);
    worst = std::max(worst, std::abs(forward.gradient[e] - difference) / forward.gradient.norm());
  }
  EXPECT_LT(worst, 1e-7);
  std::printf("gradient of two wavelengths: against reverse %.1e, against differences %.1e\n",
              Relative(forward.gradient, reverse.gradient), worst);
}

// A command turns light by k0 d n_eff / d n of its wavelength: the index is that of the first.
TEST(Wavelengths, CommandsChangeOneIndex) {
  const SmallChip chip = ChipOf(MPI_COMM_SELF, SolverKind::FrequencyDomain);
  const auto chips = ChipsAt(chip);
  training::chip::ChipOptions alone = chip.options;
  alone.device.omega = OmegaOf(kWavelengths[1]);
  const ChipSystem own(alone);
  const Eigen::VectorXd commands = SomeCommands(chip.Elements());
  const auto first = chips[0]->Changes(commands), second = chips[1]->Changes(commands);
  for (size_t p = 0; p < first.size(); ++p) EXPECT_EQ(first[p].eps, second[p].eps);
  // More radians at the shorter wavelength, whose light is held closer by the guide, too.
  const double ratio = std::real(chips[1]->IndexPerUnit()[0] / own.IndexPerUnit()[0]);
  EXPECT_GT(ratio, kWavelengths[0] / kWavelengths[1]);
  EXPECT_LT(ratio, 1.15);
  alone.index_per_unit = own.IndexPerUnit();
  const auto again = ChipSystem(alone).Changes(commands), once = own.Changes(commands);
  for (size_t p = 0; p < once.size(); ++p) EXPECT_EQ(again[p].eps, once[p].eps);
}

TEST(Wavelengths, TheMeanIsThatOfTheChipsOneByOne) {
  const SmallChip chip = ChipOf(MPI_COMM_WORLD, SolverKind::FrequencyDomain);
  Tasks tasks(ChipsAt(chip));
  const training::Measurement mean = tasks.With(
      ErrorPass::Symmetric, [&](training::Objective& o) { return o.Test(tasks.commands, 0); });
  for (size_t k = 0; k < kWavelengths.size(); ++k) {
    Tasks fresh(ChipsAt(chip));
    const auto sums = fresh.engines[k]->Evaluate(tasks.commands, tasks.samples[k]);
    EXPECT_EQ(mean.parts[k].loss, sums.loss);
    EXPECT_EQ(mean.parts[k].accuracy, sums.Accuracy());
  }
  EXPECT_EQ(mean.accuracy, 0.5 * (mean.parts[0].accuracy + mean.parts[1].accuracy));
}

// Every port mode is run once for both wavelengths, whichever asks first.
TEST(Wavelengths, ShareTheRunsOfTheTimeDomain) {
  const SmallChip chip = ChipOf(MPI_COMM_WORLD, SolverKind::TimeDomain);
  const auto shared = WithSharedRuns(chip), each = ChipsAt(chip);
  Tasks tasks(shared), apart(each);
  const training::Measurement forward = tasks.Learn(ErrorPass::Symmetric);
  const training::Measurement expected = apart.Learn(ErrorPass::Symmetric);
  EXPECT_EQ(shared[0]->Spent().solves + shared[1]->Spent().solves, 2);
  EXPECT_EQ(each[0]->Spent().solves + each[1]->Spent().solves, 4);
  EXPECT_NEAR(forward.loss, expected.loss, 1e-6 * expected.loss);
  EXPECT_LT(Relative(forward.gradient, expected.gradient), 1e-5);
  const training::Measurement reverse = tasks.Learn(ErrorPass::Reverse);
  EXPECT_LT(Relative(forward.gradient, reverse.gradient), 1e-5);
  EXPECT_EQ(shared[0]->Spent().solves, 4) << "the runs of the inputs are known";

  Tasks frequency(ChipsAt(ChipOf(MPI_COMM_WORLD, SolverKind::FrequencyDomain)));
  const training::Measurement wanted = frequency.Learn(ErrorPass::Symmetric);
  // The PMLs differ, see fdtd_training_test.cpp.
  EXPECT_LT(Relative(forward.gradient, wanted.gradient), 1e-3);

  auto one = WithSharedRuns(ChipOf(MPI_COMM_SELF, SolverKind::TimeDomain)).front();
  one->Program(tasks.commands);
  shared[0]->Program(tasks.commands);
  const Eigen::MatrixXcd launched = Eigen::MatrixXcd::Identity(2, 2);
  EXPECT_LT(Relative(shared[0]->Transmit(launched, training::Side::Input).outputs,
                     one->Transmit(launched, training::Side::Input).outputs),
            1e-11);
  std::printf(
      "time domain: shared runs against runs of their own %.1e, reverse %.1e, frequency "
      "domain %.1e\n",
      Relative(forward.gradient, expected.gradient), Relative(forward.gradient, reverse.gradient),
      Relative(forward.gradient, wanted.gradient));
}

}  // namespace
}  // namespace symwave::verification
