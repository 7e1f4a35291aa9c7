// Runs whose energy hardly falls.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "solvers/fdtd/run_control.hpp"
#include "tests/unit/solvers/fake_engine.hpp"

namespace symwave::solvers::fdtd {
namespace {

domain::Lattice Cube() {
  const domain::Axis axis = domain::Axis::Uniform(0.1, 8);
  return domain::Lattice({axis, axis, axis}, {});
}

/// Rises until step 1000 and falls by 10 dB every 1000 steps from there on.
double PulseEnergy(long step) {
  return step <= 1000 ? 3e-3 * static_cast<double>(step)
                      : 3 * std::pow(10.0, -(static_cast<double>(step) - 1000) / 1000);
}

// A pulse of 1200 steps and 800 of transit: 10 times these without a fall by 0.1 dB, 1000 times at
// the latest.
TEST(RunUntilDecayed, EndsUnconvergedWhereTheEnergyHardlyFalls) {
  RunControl control;
  control.source_end = 1200;
  control.transit = 800;
  FakeEngine stuck(MPI_COMM_WORLD, Cube());
  // Falls to -57 dB and stays there.
  stuck.energy = [](long step) { return std::max(PulseEnergy(step), 3 * std::pow(10.0, -5.7)); };
  const RunResult stalled = RunUntilDecayed(stuck, control);
  EXPECT_EQ(stalled.end, RunEnd::Stalled);
  EXPECT_FALSE(stalled.converged);
  EXPECT_NEAR(stalled.last.step, 6700 + 20000, 2 * control.check_every);
  EXPECT_NE(stalled.message.find("has not fallen by 0.1 dB in 20000 steps"), std::string::npos)
      << stalled.message;

  FakeEngine slow(MPI_COMM_WORLD, Cube());
  // 0.2 dB in 20000 steps.
  slow.energy = [](long step) {
    return step <= 1000 ? 1e-3 * static_cast<double>(step) : std::pow(10.0, -1e-6 * step);
  };
  control.check_every = 640;
  const RunResult longest = RunUntilDecayed(slow, control);
  EXPECT_EQ(longest.end, RunEnd::StepLimit);
  EXPECT_FALSE(longest.converged);
  EXPECT_EQ(longest.last.step, 1000 * 2000);

  // With a limit of one's own it goes on to that.
  FakeEngine limited(MPI_COMM_WORLD, Cube());
  limited.energy = stuck.energy;
  control.max_steps = 100000;
  EXPECT_EQ(RunUntilDecayed(limited, control).last.step, 100000);
}

// Frames and checkpoints between the steps take time of the run, not of its steps.
TEST(RunUntilDecayed, CountsNoPausesInItsRate) {
  FakeEngine engine(MPI_COMM_WORLD, Cube());
  engine.energy = PulseEnergy;
  RunControl control;
  control.time = 640 * engine.time_step;
  int pauses = 0;
  control.next_pause = [](long step) { return (step / 64 + 1) * 64; };
  control.pause = [&](long) {
    ++pauses;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  };
  control.progress = [](const RunProgress&) { return true; };
  const RunProgress last = RunUntilDecayed(engine, control).last;
  EXPECT_EQ(pauses, 10);
  EXPECT_GT(last.seconds, 0.2);
  EXPECT_GT(last.mcells_per_second, 1e-6 * 512 * 640 / 0.1);
}

}  // namespace
}  // namespace symwave::solvers::fdtd
