#include "jobs/plan/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>

#include "jobs/run/plan_text.hpp"

namespace symwave::jobs::plan {

namespace {

std::string RowText(const SweepPlan& plan, const SweepRow& row) {
  const std::string start = fmt::format("  {:>6} {:>8}   ", row.layout.nodes, row.layout.Ranks());
  if (!row.possible) return start + "more ranks than the blocks of some members\n";
  const char* more = plan.at_least ? "> " : "";
  return start +
         fmt::format("{:>11} {:>11} {:>11} {:>11} {:>11}  member {}, {}{}\n",
                     fmt::format("{:.0f} MB", 1e-6 * row.rank_bytes),
                     fmt::format("{:.0f} %", 100 * row.node_share),
                     more + run::DurationText(row.seconds),
                     more + run::DurationText(row.seconds / static_cast<double>(plan.members)),
                     fmt::format("{}{:.3g}", more, row.CoreHours()), row.longest_member, more,
                     run::DurationText(row.longest));
}

}  // namespace

void Sum(SweepRow& row, const std::vector<double>& seconds, const std::vector<double>& rank_bytes,
         const std::vector<double>& node_share) {
  row.seconds = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  const auto longest = std::max_element(seconds.begin(), seconds.end());
  row.longest = *longest;
  row.longest_member = 1 + std::distance(seconds.begin(), longest);
  row.rank_bytes = *std::max_element(rank_bytes.begin(), rank_bytes.end());
  row.node_share = *std::max_element(node_share.begin(), node_share.end());
}

double TimeOfGroups(std::vector<double> seconds, int groups) {
  std::sort(seconds.begin(), seconds.end(), std::greater<>());
  std::vector<double> ends(static_cast<std::size_t>(groups), 0.0);
  for (const double one : seconds) *std::min_element(ends.begin(), ends.end()) += one;
  return *std::max_element(ends.begin(), ends.end());
}

std::string SweepPlanText(const SweepPlan& plan) {
  std::string text = fmt::format("{}: {} members of {}\n", plan.sweep, plan.members, plan.deck);
  text += fmt::format("  machine        {}, {}; {} core{} and {:.1f} GB in a node\n",
                      plan.machine.where, plan.machine.measured, plan.machine.cores,
                      plan.machine.cores == 1 ? "" : "s", 1e-9 * plan.machine.memory);
  text += fmt::format("  {:>6} {:>8}   {:>11} {:>11} {:>11} {:>11} {:>11}  {}\n", "nodes", "ranks",
                      "memory/rank", "of a node", "time of all", "mean", "core-hours", "longest");
  for (const SweepRow& row : plan.rows) text += RowText(plan, row);
  return text +
         "  members        one after another with these ranks each; several at a time take as many "
         "core-hours\n";
}

nlohmann::ordered_json SweepPlanJson(const SweepPlan& plan) {
  nlohmann::ordered_json json{{"sweep", plan.sweep},
                              {"deck", plan.deck},
                              {"members", plan.members},
                              {"machine", plan.machine.where},
                              {"at_least", plan.at_least}};
  json["plans"] = nlohmann::ordered_json::array();
  for (const SweepRow& row : plan.rows) {
    nlohmann::ordered_json one{{"nodes", row.layout.nodes},
                               {"tasks_per_node", row.layout.tasks},
                               {"threads", row.layout.threads},
                               {"possible", row.possible}};
    if (row.possible) {
      one.update({{"seconds", row.seconds},
                  {"core_hours", row.CoreHours()},
                  {"longest_member", row.longest_member},
                  {"longest_seconds", row.longest},
                  {"rank_bytes", row.rank_bytes},
                  {"node_share", row.node_share}});
    }
    json["plans"].push_back(one);
  }
  return json;
}

}  // namespace symwave::jobs::plan
