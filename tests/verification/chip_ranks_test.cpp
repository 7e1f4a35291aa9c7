// S-matrices, gradients and trained parameters do not depend on the number of ranks, nor on whether
// the fixed optics are condensed.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "solvers/fdfd/condensation.hpp"
#include "tests/verification/small_chip.hpp"
#include "training/chip_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::verification {
namespace {

struct Training {
  Eigen::VectorXd start, end;  ///< commands
  double first_loss = 0, last_loss = 0;
};

/// Five steps of forward-mode training of two blocks on the ranks of `comm`.
Training Train(MPI_Comm comm, bool condensation) {
  const SmallChip chip(comm, 3, 1, false, condensation);
  const auto system = chip.Make();
  const auto* condensed = dynamic_cast<const solvers::fdfd::CondensedDevice*>(&system->Device());
  EXPECT_EQ(condensed != nullptr, condensation);
  training::Network network(comm, {system, system});
  training::NetworkEngine engine(network, {}, 3, 2);
  const training::SampleSet samples = SomeSamples();
  training::TrainingOptions training;
  training.epochs = 5;
  constexpr auto forward_mode = training::TrainerKind::ForwardMode;
  training::ChipObjective objective(engine, samples, samples,
                                    training::MakeChipOptions(forward_mode, training));
  training::Trainer trainer(objective, {forward_mode, training, {}});
  training::TrainerState state = trainer.Start("ranks");
  Training run;
  run.start = state.commands;
  trainer.Run(state, [](const training::TrainerState&) { return true; });
  run.end = state.commands;
  run.first_loss = state.history.front().loss;
  run.last_loss = state.history.back().loss;
  return run;
}

TEST(TrainedParameters, LeaveTheirStartAndLowerTheLoss) {
  const Training run = Train(MPI_COMM_WORLD, true);
  const Eigen::VectorXd moved = run.end - run.start;
  std::printf("moved by %.3f to %.3f, loss %.4f -> %.4f\n", moved.cwiseAbs().minCoeff(),
              moved.cwiseAbs().maxCoeff(), run.first_loss, run.last_loss);
  EXPECT_GT(moved.cwiseAbs().minCoeff(), 0.01);
  EXPECT_LT(run.last_loss, 0.95 * run.first_loss);
}

TEST(TrainedParameters, DoNotDependOnRanks) {
  if (base::Communicator::SizeOf(MPI_COMM_WORLD) == 1) GTEST_SKIP() << "one rank has no other";
  const Eigen::VectorXd together = Train(MPI_COMM_WORLD, true).end;
  const Eigen::VectorXd alone = Train(MPI_COMM_SELF, true).end;
  std::printf("ranks: %.1e\n", (together - alone).norm());
  EXPECT_LT((together - alone).norm(), 1e-10 * alone.norm());
}

TEST(TrainedParameters, DoNotDependOnCondensation) {
  const Eigen::VectorXd condensed = Train(MPI_COMM_WORLD, true).end;
  const Eigen::VectorXd whole = Train(MPI_COMM_WORLD, false).end;
  std::printf("condensation: %.1e\n", (condensed - whole).norm());
  EXPECT_LT((condensed - whole).norm(), 1e-9 * whole.norm());
}

TEST(PhaseSegment, SwitchesWithoutReflection) {
  // One guide, phases over the whole range: reflection below -30 dB, little loss, the right phase.
  SmallChip chip(MPI_COMM_WORLD, 1, 1, false);
  domain::BlockChip& design = chip.design;
  design.taper_width = 0.3001;
  design.core_width = 0.3001;  // no wider than the guide
  design.core_length = 0.5;
  design.segment = {{0, 0}, 3.0, 0.5, 1.0};
  chip.layout = domain::MakeBlockLayout(design, "clad");
  domain::FrequencyMedia guide =
      MediaOf({BoxShape(-30, 30, -0.15, 0.15)}, {{"core", 2.848 * 2.848}, {"clad", 1.444 * 1.444}});
  guide.mirror_symmetric = true;
  auto& options = chip.options;
  options.device.lattice = std::make_shared<const domain::Lattice>(
      domain::UniformLattice(GridOf(Polarization::Ez, 0.05, chip.layout.size[0], 5, 1)));
  options.device.media = domain::MakePermittivityMap(*options.device.lattice, guide);
  options.elements = domain::ElementsOf(chip.layout.segments, false);
  const double place = 0.5 * chip.layout.size[0] - 0.3;
  options.device.ports = {PortAt("in", -place, 0, Direction::PlusX, 4),
                          PortAt("out", place, 0, Direction::MinusX, 4)};
  options.drive = training::chip::IdealActuatorResponse(1);
  const auto system = chip.Make();

  Eigen::VectorXd command = Eigen::VectorXd::Zero(1);
  system->Program(command);
  const Complex empty =
      system->Transmit(Eigen::MatrixXcd::Ones(1, 1), training::Side::Input).outputs(0, 0);
  double worst_db = -200;
  for (const double phase : {-3.1, -2.0, -1.0, 1.0, 2.0, 3.1}) {
    command[0] = phase;
    system->Program(command);
    const Complex through =
        system->Transmit(Eigen::MatrixXcd::Ones(1, 1), training::Side::Input).outputs(0, 0);
    const Eigen::MatrixXcd launched = Eigen::Vector2cd(1, 0);
    auto& device = const_cast<solvers::ProgrammableDevice&>(system->Device());
    const Complex back = device.Launch(launched).outgoing(0, 0);
    worst_db = std::max(worst_db, 10 * std::log10(std::norm(back)));
    EXPECT_GT(std::norm(through), 0.98) << phase;
    EXPECT_NEAR(std::arg(through / empty * std::exp(Complex(0, -phase))), 0, 0.08) << phase;
  }
  std::printf("phase segment: reflection at most %.1f dB\n", worst_db);
  EXPECT_LT(worst_db, -30);
}

}  // namespace
}  // namespace symwave::verification
