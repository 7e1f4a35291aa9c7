#include "jobs/run/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace symwave::jobs::run {

namespace {

constexpr int kMostNodes = 65536;
/// Steps that ranks take between two exchanges, as the time domain chooses them.
constexpr std::array<int, 4> kSteps{1, 2, 4, 8};
constexpr int kThinnestBlock = 4;
/// A rank takes more of a lattice than the mean, as cuts lie between cells.
constexpr double kImbalance = 1.05;
/// Part of the time of threads that is of use.
constexpr double kThreadEfficiency = 0.9;
/// Ranks share a wavelength rather than fill more than this part of their memory, and than these
/// bytes: simulate/frequency/plan.
constexpr double kFilled = 0.5, kFilledBytes = 4e9;

double ThreadSpeed(int threads) {
  return threads == 1 ? 1 : kThreadEfficiency * threads;
}

/// How the ranks cut a lattice, and what their halos cost.
struct Cut {
  bool possible = false;
  std::array<int, 3> blocks{1, 1, 1};
  double points = 0;     ///< of the halo of a block with the most neighbours
  double redundant = 0;  ///< points updated twice over those of a block, for each step of a pass
  int neighbours = 0;
};

Cut CutInto(const SteppedLattice& lattice, const std::array<int, 3>& blocks) {
  Cut cut;
  cut.blocks = blocks;
  cut.possible = true;
  double volume = 1;
  std::array<double, 3> edge{};
  for (int axis = 0; axis < 3; ++axis) {
    edge[axis] = static_cast<double>(lattice.cells[axis]) / blocks[axis];
    volume *= edge[axis];
    if (blocks[axis] > 1 && edge[axis] < kThinnestBlock) cut.possible = false;
  }
  for (int axis = 0; axis < 3; ++axis) {
    const int sides = std::min(2, blocks[axis] - 1);
    cut.neighbours += sides;
    cut.points += sides * volume / edge[axis];
    cut.redundant += 0.5 * sides / edge[axis];
  }
  return cut;
}

/// That of the smallest halo.
Cut BestCut(const SteppedLattice& lattice, int ranks) {
  Cut best;
  double least = std::numeric_limits<double>::infinity();
  for (int x = 1; x <= ranks; ++x) {
    for (int y = 1; ranks % x == 0 && y <= ranks / x; ++y) {
      if (ranks / x % y != 0) continue;
      const Cut cut = CutInto(lattice, {x, y, ranks / x / y});
      if (!cut.possible || cut.points >= least) continue;
      least = cut.points;
      best = cut;
    }
  }
  return best;
}

class Predictor {
 public:
  Predictor(const Work& work, const Machine& machine, const RankLayout& layout)
      : work_(work), machine_(machine) {
    result_.layout = layout;
  }

  Prediction Make() {
    Group();
    if (work_.lattice) CutLattice();
    for (const Part& part : work_.parts) Add(part.what, SecondsOf(part));
    if (work_.lattice && result_.possible) AddHalos();
    Add("files", work_.file_bytes / machine_.disk);
    Remember();
    return result_;
  }

 private:
  int Ranks() const { return result_.layout.Ranks(); }

  void Add(const std::string& what, double seconds) {
    result_.seconds += seconds;
    for (auto& [name, sum] : result_.parts) {
      if (name != what) continue;
      sum += seconds;
      return;
    }
    result_.parts.emplace_back(what, seconds);
  }

  /// Ranks that share a task at least.
  void Group() {
    const double rank_bytes =
        std::min(kFilledBytes, kFilled * machine_.memory / result_.layout.tasks);
    const double wanted = std::ceil(work_.task_bytes / rank_bytes);
    least_group_ = static_cast<int>(
        std::clamp(wanted, static_cast<double>(std::min(work_.least_group, Ranks())),
                   static_cast<double>(Ranks())));
    result_.groups = GroupsOf(work_.tasks);
  }

  int GroupsOf(double tasks) const {
    return static_cast<int>(std::min<double>(tasks, std::max(1, Ranks() / least_group_)));
  }

  double SecondsOf(const Part& part) const {
    const int groups = GroupsOf(part.tasks);
    const double ranks = work_.divides ? std::max(1, Ranks() / groups) : least_group_;
    const double rounds = std::ceil(part.tasks / groups);
    double task = part.amount * machine_.Of(part.operation);
    if (part.float64) task *= machine_.float64;
    if (part.threaded) task /= ThreadSpeed(result_.layout.threads);
    if (part.steps) task *= repeated_;
    return rounds * task * (1 - part.shared + part.shared / std::pow(ranks, part.spread));
  }

  void CutLattice() {
    cut_ = BestCut(*work_.lattice, Ranks());
    result_.possible = cut_.possible;
    result_.blocks = cut_.blocks;
    if (Ranks() == 1 || !cut_.possible) return;
    double least = std::numeric_limits<double>::infinity();
    const double cells = CellSeconds();
    for (const int steps : kSteps) {
      const double cost = cells * cut_.redundant * steps + Latency() / steps;
      if (cost >= least) continue;
      least = cost;
      repeated_ = kImbalance * (1 + cut_.redundant * steps);
      exchanges_ = 1.0 / steps;
    }
  }

  /// Of a rank for its cells in one step.
  double CellSeconds() const {
    double seconds = 0;
    for (const Part& part : work_.parts) {
      if (part.steps) seconds += part.amount * machine_.Of(part.operation);
    }
    return seconds / (Ranks() * work_.lattice->steps);
  }

  double Latency() const {
    const Link& link = result_.layout.nodes > 1 ? machine_.network : machine_.inside;
    return cut_.neighbours * link.latency;
  }

  /// Ranks of a node are neighbours of each other, but those at its surface.
  void AddHalos() {
    if (Ranks() == 1) return;
    const double bytes = cut_.points * work_.lattice->halo_bytes;
    double seconds = bytes / machine_.inside.bandwidth;
    if (result_.layout.nodes > 1) {
      const double outside = std::pow(1.0 / result_.layout.tasks, 1.0 / 3);
      seconds = (1 - outside) * seconds + outside * bytes / machine_.network.bandwidth;
    }
    Add("halos", work_.lattice->steps * (seconds + exchanges_ * Latency()));
  }

  void Remember() {
    const int ranks = std::max(1, Ranks() / result_.groups);
    const double need = work_.memory.PerRank(work_.divides ? ranks : least_group_);
    result_.rank_bytes =
        std::max(work_.program_peak, work_.program_bytes + std::max(need, work_.modes_bytes));
    result_.node_share = result_.rank_bytes * result_.layout.tasks / machine_.memory;
  }

  const Work& work_;
  const Machine& machine_;
  Prediction result_;
  Cut cut_;
  int least_group_ = 1;
  double repeated_ = 1, exchanges_ = 1;
};

}  // namespace

double MemoryNeed::PerRank(int ranks) const {
  const double across = std::floor(std::pow(ranks, 2.0 / 3) + 1e-9);
  return each + shared / ranks + faces / across;
}

void Work::Add(const std::string& what, Operation operation, double amount, double tasks,
               double shared) {
  if (amount <= 0 || tasks <= 0) return;
  Part part;
  part.what = what;
  part.operation = operation;
  part.amount = amount;
  part.tasks = tasks;
  part.shared = shared;
  parts.push_back(part);
}

Prediction Predict(const Work& work, const Machine& machine, const RankLayout& layout) {
  return Predictor(work, machine, layout).Make();
}

double Efficiency(const Prediction& one, const Prediction& many) {
  if (!many.possible) return 0;
  return one.seconds * one.layout.Cores() / (many.seconds * many.layout.Cores());
}

int ScalingEnd(const Work& work, const Machine& machine, const RankLayout& on_a_node) {
  RankLayout layout = on_a_node;
  layout.nodes = 1;
  const Prediction one = Predict(work, machine, layout);
  const auto scales = [&](int nodes) {
    layout.nodes = nodes;
    return Efficiency(one, Predict(work, machine, layout)) >= 0.5;
  };
  int good = 1, bad = 2;
  while (bad <= kMostNodes && scales(bad)) {
    good = bad;
    bad *= 2;
  }
  if (bad > kMostNodes) return kMostNodes;
  while (bad - good > 1) {
    const int middle = (good + bad) / 2;
    (scales(middle) ? good : bad) = middle;
  }
  return good;
}

RankLayout BestOnNode(const Work& work, const Machine& machine, int nodes) {
  RankLayout best{nodes, std::max(1, machine.cores / work.threads), work.threads};
  double least = std::numeric_limits<double>::infinity();
  for (int tasks = machine.cores; tasks >= 1; --tasks) {
    const int threads = work.threads_key.empty() ? 1 : std::max(1, machine.cores / tasks);
    const Prediction made = Predict(work, machine, {nodes, tasks, threads});
    if (!made.possible || !made.Fits() || made.seconds >= 0.98 * least) continue;
    least = made.seconds;
    best = made.layout;
  }
  return best;
}

}  // namespace symwave::jobs::run
