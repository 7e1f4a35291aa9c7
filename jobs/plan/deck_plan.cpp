#include "jobs/plan/deck_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/base/error.hpp"
#include "jobs/run/plan_text.hpp"

namespace symwave::jobs::plan {

namespace {

using run::Machine;
using run::Prediction;
using run::RankLayout;
using run::Work;

/// Nodes of a table that nobody has asked for.
constexpr int kMostListed = 1024;
/// Parts of the time that are shown.
constexpr double kShown = 0.02;

std::vector<int> ListedNodes(const DeckPlan& plan) {
  std::vector<int> nodes;
  for (int n = plan.best.nodes; n <= kMostListed; n *= 2) {
    nodes.push_back(n);
    if (n > plan.scaling_end) break;
  }
  return nodes;
}

std::string BytesText(double bytes) {
  if (bytes < 1e9) return fmt::format("{:.0f} MB", std::max(1.0, 1e-6 * bytes));
  if (bytes < 1e12) return fmt::format("{:.1f} GB", 1e-9 * bytes);
  return fmt::format("{:.1f} TB", 1e-12 * bytes);
}

/// "steps 12 s, port modes 3 s".
std::string PartsText(const Prediction& made) {
  std::string text;
  for (const auto& [name, seconds] : made.parts) {
    if (seconds < kShown * made.seconds) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, run::DurationText(seconds));
  }
  return text;
}

std::string TimeText(const Work& work, double seconds) {
  return fmt::format("{}{}", work.at_least ? "> " : "", run::DurationText(seconds));
}

std::string BlocksText(const Work& work, const Prediction& made) {
  if (work.lattice) {
    return fmt::format("{} x {} x {}", made.blocks[0], made.blocks[1], made.blocks[2]);
  }
  return fmt::format("{} at a time", made.groups);
}

std::string RowText(const DeckPlan& plan, const Prediction& made) {
  const std::string start = fmt::format("  {:>6} {:>8} ", made.layout.nodes, made.layout.Ranks());
  if (!made.possible) return start + "the lattice cannot be cut into so many blocks\n";
  return start + fmt::format("{:>11} {:>8.0f} % {:>10} {:>11.3g} {:>9.0f} %  {}{}\n",
                             BytesText(made.rank_bytes), 100 * made.node_share,
                             TimeText(plan.work, made.seconds), made.CoreHours(),
                             100 * plan.EfficiencyOf(made), BlocksText(plan.work, made),
                             made.Fits() ? "" : "; does not fit into the memory");
}

std::string NodesText(int nodes) {
  return fmt::format("{} node{}", nodes, nodes == 1 ? "" : "s");
}

/// Of the nodes that nobody has asked for and that cannot hold the job.
std::string TooFewText(const DeckPlan& plan) {
  const int first = plan.predictions.front().layout.nodes;
  if (!plan.listed || first == 1) return "";
  return fmt::format("  {:>6} {:>8} do{} not have the memory\n",
                     first == 2 ? "1" : fmt::format("1 to {}", first / 2), "",
                     first == 2 ? "es" : "");
}

std::string ScalingText(const DeckPlan& plan) {
  const int first = plan.predictions.front().layout.nodes;
  if (plan.listed && plan.scaling_end < first) {
    return fmt::format(
        "  scaling        {} are there for their memory: beyond {}, half of the cores' time is "
        "lost\n",
        NodesText(first), NodesText(plan.scaling_end));
  }
  return fmt::format("  scaling        {}: beyond, half of the cores' time is lost\n",
                     NodesText(plan.scaling_end));
}

std::string LayoutText(const DeckPlan& plan) {
  const RankLayout& best = plan.best;
  std::string text = fmt::format("{} of {} thread{} on each node", run::RanksText(best.tasks),
                                 best.threads, best.threads == 1 ? "" : "s");
  if (best.threads != plan.work.threads && !plan.work.threads_key.empty()) {
    text += fmt::format(" (--set {}={})", plan.work.threads_key, best.threads);
  }
  return text;
}

nlohmann::ordered_json LayoutJson(const RankLayout& layout) {
  return {{"nodes", layout.nodes},
          {"tasks_per_node", layout.tasks},
          {"threads", layout.threads},
          {"ranks", layout.Ranks()}};
}

nlohmann::ordered_json RowJson(const DeckPlan& plan, const Prediction& made) {
  nlohmann::ordered_json row = LayoutJson(made.layout);
  row["possible"] = made.possible;
  if (!made.possible) return row;
  row["seconds"] = made.seconds;
  row["core_hours"] = made.CoreHours();
  row["memory_per_rank_bytes"] = made.rank_bytes;
  row["share_of_node_memory"] = made.node_share;
  row["fits"] = made.Fits();
  row["efficiency"] = plan.EfficiencyOf(made);
  if (plan.work.lattice) {
    row["blocks"] = made.blocks;
  } else {
    row["groups"] = made.groups;
  }
  for (const auto& [name, seconds] : made.parts) row["parts"][name] = seconds;
  return row;
}

void RequireCores(const Machine& machine, int tasks, int threads) {
  if (tasks * threads <= machine.cores) return;
  const std::string of_threads = threads == 1 ? "" : fmt::format(" of {} threads", threads);
  base::Fail("--tasks: {}{} on each node, which has {} core{} by {}", tasks, of_threads,
             machine.cores, machine.cores == 1 ? "" : "s", machine.where);
}

}  // namespace

DeckPlan MakePlan(const Work& work, const Machine& machine, const PlanOptions& options) {
  RequireCores(machine, options.tasks, work.threads);
  DeckPlan plan;
  plan.work = work;
  plan.listed = options.nodes.empty();
  plan.machine = machine;
  plan.best = {1, options.tasks, work.threads};
  for (int nodes = 1; nodes <= kMostListed; nodes *= 2) {
    plan.best.nodes = nodes;
    if (options.tasks == 0) plan.best = run::BestOnNode(work, machine, nodes);
    if (run::Predict(work, machine, plan.best).Fits()) break;
  }
  RankLayout layout = plan.best;
  layout.nodes = 1;
  plan.reference = run::Predict(work, machine, layout);
  plan.scaling_end = run::ScalingEnd(work, machine, layout);
  for (const int nodes : options.nodes.empty() ? ListedNodes(plan) : options.nodes) {
    layout.nodes = nodes;
    plan.predictions.push_back(run::Predict(work, machine, layout));
  }
  return plan;
}

std::string PlanText(const DeckPlan& plan) {
  const Machine& machine = plan.machine;
  std::string text = fmt::format("  machine        {}, {}; {} core{} and {} in a node\n",
                                 machine.where, machine.measured, machine.cores,
                                 machine.cores == 1 ? "" : "s", BytesText(machine.memory));
  text += fmt::format("  layout         {}\n", LayoutText(plan));
  text += fmt::format("  {:>6} {:>8} {:>11} {:>10} {:>10} {:>11} {:>11}  {}\n", "nodes", "ranks",
                      "memory/rank", "of a node", "time", "core-hours", "efficiency",
                      plan.work.lattice ? "blocks" : "tasks");
  text += TooFewText(plan);
  for (const Prediction& made : plan.predictions) text += RowText(plan, made);
  text += fmt::format("  time           {}\n", PartsText(plan.predictions.front()));
  text += ScalingText(plan);
  text += fmt::format("  files          about {}\n", BytesText(plan.work.file_bytes));
  for (const std::string& assumed : plan.work.assumptions) {
    text += fmt::format("  assumed        {}\n", assumed);
  }
  return text;
}

nlohmann::ordered_json PlanJson(const DeckPlan& plan) {
  nlohmann::ordered_json json;
  json["machine"] = {{"source", plan.machine.where},
                     {"measured", plan.machine.measured},
                     {"cores_per_node", plan.machine.cores},
                     {"memory_per_node_bytes", plan.machine.memory}};
  json["recommended"] = LayoutJson(plan.best);
  json["at_least"] = plan.work.at_least;
  json["file_bytes"] = plan.work.file_bytes;
  json["scaling_end_nodes"] = plan.scaling_end;
  json["plans"] = nlohmann::ordered_json::array();
  for (const Prediction& made : plan.predictions) json["plans"].push_back(RowJson(plan, made));
  json["assumptions"] = plan.work.assumptions;
  return json;
}

std::string PredictionText(const Work& work, const Machine& machine, const Prediction& here) {
  std::string text = fmt::format(
      "  time           {} {} on {}, by rates {}{}\n", work.at_least ? "at least" : "about",
      run::DurationText(here.seconds), run::RanksText(here.layout.Ranks()),
      machine.where == run::kMeasuredHere ? "" : "of ", machine.where);
  if (here.parts.size() > 1) text += fmt::format("  of it          {}\n", PartsText(here));
  text += fmt::format("  peak memory    about {} per rank; files about {}\n",
                      BytesText(here.rank_bytes), BytesText(work.file_bytes));
  for (const std::string& assumed : work.assumptions) {
    text += fmt::format("  assumed        {}\n", assumed);
  }
  return text;
}

}  // namespace symwave::jobs::plan
