// What the full-wave chip of inputs/iris_chip.yaml costs, one figure a line:
//   mpirun -n 2 build/release/tests/bench/chip_bench [factorizations | condensation | samples]
//   1. LDL^T against LU: analysis, factorization, solution of all ports, memory
//   2. a training step on the whole block against the statically condensed one
//   3. a training step of two blocks in the port basis for 100 to 100,000 samples
#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include "domain/base/runtime.hpp"
#include "domain/block_chip.hpp"
#include "domain/uniform_lattice.hpp"
#include "solvers/fdfd/simulation.hpp"
#include "training/chip/chip_system.hpp"
#include "training/network_engine.hpp"

namespace {

using namespace symwave;

constexpr double kWavelength = 1.55;

struct Block {
  domain::BlockLayout layout;
  training::chip::ChipOptions options;
};

domain::BlockChip IrisBlock() {
  domain::BlockChip chip;
  chip.guide_width = 0.3;
  chip.lead = 1;
  chip.segment = {{0, 0}, 3, 0.5, 1};
  return chip;
}

domain::Lattice LatticeFor(const domain::BlockLayout& layout) {
  domain::UniformLatticeOptions options;
  options.cell = 0.05;
  options.size = layout.size;
  return domain::UniformLattice(options);
}

Block MakeBlock(MPI_Comm comm) {
  Block block{domain::MakeBlockLayout(IrisBlock(), "oxide"), {}};
  const domain::BlockLayout& layout = block.layout;
  auto& device = block.options.device;
  device.comm = comm;
  device.lattice = std::make_shared<const domain::Lattice>(LatticeFor(layout));
  device.omega = 2 * M_PI / kWavelength;
  domain::FrequencyMedia drawn;
  domain::StructureLayer layer;
  layer.base = "oxide";
  layer.regions = domain::ComposeRegions(layout.shapes);
  drawn.structure = std::make_shared<const domain::Structure>(std::move(layer));
  drawn.materials = {{"core", 2.848 * 2.848}, {"oxide", 1.444 * 1.444}};
  drawn.background = "oxide";
  drawn.mirror_symmetric = true;
  device.media = domain::MakePermittivityMap(*device.lattice, drawn);
  device.ports = layout.inputs;
  device.ports.insert(device.ports.end(), layout.outputs.begin(), layout.outputs.end());
  block.options.inputs = static_cast<int>(layout.inputs.size());
  block.options.elements = domain::ElementsOf(layout.segments, false);
  block.options.drive =
      training::chip::IdealActuatorResponse(static_cast<int>(layout.segments.size()));
  return block;
}

bool Speaks() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank == 0;
}

void CompareFactorizations(Block& block) {
  using namespace solvers::fdfd;
  for (const Factorization kind : {Factorization::Ldlt, Factorization::Lu}) {
    DirectSolverOptions options;
    options.factorization = kind;
    Simulation simulation(MPI_COMM_WORLD, *block.options.device.lattice, options);
    simulation.Solve(kWavelength, block.options.device.media, block.options.device.ports);
    const SolverStatistics first = simulation.Statistics();
    simulation.Solve(kWavelength, block.options.device.media, block.options.device.ports);
    const SolverStatistics& both = simulation.Statistics();
    if (Speaks()) {
      std::printf(
          "%-6s unknowns %ld  analysis %.2f s  factor %.2f s  solve %ld ports %.2f s  "
          "memory %.0f MB  residual %.1e\n",
          kind == Factorization::Ldlt ? "LDL^T" : "LU", simulation.Points().Unknowns(),
          first.analysis_seconds, both.factor_seconds - first.factor_seconds, first.solves,
          both.solve_seconds - first.solve_seconds, both.memory_mb, both.max_relative_residual);
    }
  }
}

/// Median seconds of Program and Transmit of all inputs.
double StepSeconds(training::chip::ChipSystem& system) {
  std::vector<double> seconds;
  for (int k = 0; k < 7; ++k) {
    MPI_Barrier(system.Comm());
    const double start = MPI_Wtime();
    system.Program(Eigen::VectorXd::Constant(system.Elements(), 0.1 * k));
    system.Transmit(Eigen::MatrixXcd::Identity(system.Inputs(), system.Inputs()),
                    training::Side::Input);
    seconds.push_back(MPI_Wtime() - start);
  }
  std::nth_element(seconds.begin(), seconds.begin() + 3, seconds.end());
  return seconds[3];
}

void CompareCondensation(Block& block) {
  for (const bool condensation : {false, true}) {
    block.options.condensation = condensation;
    const double start = MPI_Wtime();
    training::chip::ChipSystem system(block.options);
    const double built = MPI_Wtime() - start;
    const double step = StepSeconds(system);
    if (Speaks()) {
      std::printf("%-10s step on %ld unknowns: %.3f s (built once in %.1f s)\n",
                  condensation ? "condensed" : "whole", system.Device().Unknowns(), step, built);
    }
  }
}

training::SampleSet RandomSamples(int count) {
  training::SampleSet samples;
  samples.classes = 3;
  samples.features.resize(count, 4);
  std::mt19937_64 generator(1);
  for (int s = 0; s < count; ++s) {
    samples.labels.push_back(s % 3);
    for (int f = 0; f < 4; ++f) samples.features(s, f) = (generator() >> 11) * 0x1p-53;
  }
  return samples;
}

void MeasureSampleCost(bool condensation) {
  // Two blocks, one group of ranks for each, as in a run.
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const int groups = std::min(size, 2);
  const int group = rank * groups / size;
  MPI_Comm comm = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, group, 0, &comm);
  {
    Block block = MakeBlock(comm);
    block.options.condensation = condensation;
    const auto system = std::make_shared<training::chip::ChipSystem>(block.options);
    std::vector<std::shared_ptr<training::OpticalSystem>> blocks(2);
    for (int b = 0; b < 2; ++b) {
      if (b % groups == group) blocks[b] = system;
    }
    training::Network network(MPI_COMM_WORLD, blocks);
    training::NetworkEngine engine(network, {}, 4, 3);
    double reference = 0;
    for (const int count : condensation ? std::vector<int>{100, 1000, 10000, 100000}
                                        : std::vector<int>{100, 100000}) {
      const training::SampleSet samples = RandomSamples(count);
      const auto all = training::AllSamples(samples);
      std::vector<double> seconds;
      for (int k = 0; k < 7; ++k) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double start = MPI_Wtime();
        engine.TakeStep(Eigen::VectorXd::Constant(network.Commands(), 0.1 * k),
                        training::ErrorPass::Symmetric, samples, all, 0);
        seconds.push_back(MPI_Wtime() - start);
      }
      std::nth_element(seconds.begin(), seconds.begin() + 3, seconds.end());
      if (reference == 0) reference = seconds[3];
      if (Speaks()) {
        std::printf("training step, 2 %s blocks, %6d samples: %.3f s (%.2f x)\n",
                    condensation ? "condensed" : "whole", count, seconds[3],
                    seconds[3] / reference);
      }
    }
  }
  MPI_Comm_free(&comm);
}

}  // namespace

int main(int argc, char** argv) {
  base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] {
    const std::string what = argc > 1 ? argv[1] : "";
    Block block = MakeBlock(MPI_COMM_WORLD);
    if (what.empty() || what == "factorizations") CompareFactorizations(block);
    if (what.empty() || what == "condensation") CompareCondensation(block);
    if (what.empty() || what == "samples") {
      MeasureSampleCost(false);
      MeasureSampleCost(true);
    }
    return 0;
  });
}
