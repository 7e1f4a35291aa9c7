// `symwave plan`: what a run takes over a range of nodes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jobs/run/prediction.hpp"

namespace symwave::jobs::plan {

struct PlanOptions {
  std::vector<int> nodes;  ///< empty: powers of two to beyond the end of scaling
  int tasks = 0;           ///< ranks of a node; 0: what is fastest
  std::string machine;     ///< file; empty: the one of this user, or this machine
  bool json = false;
};

struct DeckPlan {
  run::Work work;
  run::Machine machine;
  run::RankLayout best;  ///< on one node, or on as many as the memory asks for
  bool listed = true;    ///< whether nobody has asked for these nodes
  std::vector<run::Prediction> predictions;
  run::Prediction reference;  ///< of one node, which efficiencies refer to
  int scaling_end = 1;        ///< nodes

  double EfficiencyOf(const run::Prediction& one) const { return run::Efficiency(reference, one); }
};

DeckPlan MakePlan(const run::Work& work, const run::Machine& machine, const PlanOptions& options);

/// Lines of a table.
std::string PlanText(const DeckPlan& plan);
nlohmann::ordered_json PlanJson(const DeckPlan& plan);

/// Lines of `symwave check`: time, its parts, and what it rests on.
std::string PredictionText(const run::Work& work, const run::Machine& machine,
                           const run::Prediction& here);

}  // namespace symwave::jobs::plan
