// What a run takes of one machine: seconds and bytes.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "jobs/run/machine.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::run {

struct RankLayout {
  int nodes = 1;
  int tasks = 1;  ///< ranks of a node
  int threads = 1;

  int Ranks() const { return nodes * tasks; }
  int Cores() const { return Ranks() * threads; }
};

struct Prediction {
  RankLayout layout;
  bool possible = true;                ///< false: the lattice cannot be cut into as many blocks
  double seconds = 0;                  ///< of the run, without the start of MPI and the report
  double rank_bytes = 0;               ///< at the fullest moment of the fullest rank
  double node_share = 0;               ///< of the memory of a node that its ranks take
  int groups = 1;                      ///< tasks at a time
  std::array<int, 3> blocks{1, 1, 1};  ///< of a lattice, along each axis
  /// What takes how many of the seconds, in the order of the work; halos last.
  std::vector<std::pair<std::string, double>> parts;

  double CoreHours() const { return seconds * layout.Cores() / 3600; }
  bool Fits() const { return node_share <= 1; }
};

/// The same on every rank.
Prediction Predict(const Work& work, const Machine& machine, const RankLayout& layout);

/// Nodes from which on fewer than half of the cores' time is of use, beside one node with the same
/// ranks and threads: the most whose efficiency is at least a half, up to 65,536.
int ScalingEnd(const Work& work, const Machine& machine, const RankLayout& on_a_node);

/// Of the nodes of `on_a_node` and their cores: ranks and threads that take the least time within
/// the memory; threads where the job has a use for them.
RankLayout BestOnNode(const Work& work, const Machine& machine, int nodes);

/// Time of `one` over that of `many`, for the same number of cores.
double Efficiency(const Prediction& one, const Prediction& many);

}  // namespace symwave::jobs::run
