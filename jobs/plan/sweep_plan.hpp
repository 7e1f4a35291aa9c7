// `symwave plan` of a sweep: what all of its members take.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jobs/run/prediction.hpp"

namespace symwave::jobs::plan {

/// All members on so many nodes each.
struct SweepRow {
  run::RankLayout layout;  ///< of a member
  bool possible = true;    ///< whether all members can be cut into as many blocks
  double seconds = 0;      ///< one member after another
  double longest = 0;      ///< seconds of the member that takes longest
  long longest_member = 0;
  double rank_bytes = 0;  ///< of the member with the fullest ranks
  double node_share = 0;  ///< of the memory of a node, likewise

  double CoreHours() const { return seconds * layout.Cores() / 3600; }
};

struct SweepPlan {
  std::string sweep, deck;  ///< their files
  long members = 0;
  run::Machine machine;
  bool at_least = false;  ///< runs of members may last longer
  std::vector<SweepRow> rows;
};

/// Of what a member takes with the layout of `row`: seconds, bytes of a rank and the share of a
/// node, one of each for every member.
void Sum(SweepRow& row, const std::vector<double>& seconds, const std::vector<double>& rank_bytes,
         const std::vector<double>& node_share);

/// Seconds until all members have ended, where each of `groups` that is free takes the longest that
/// is left.
double TimeOfGroups(std::vector<double> seconds, int groups);

std::string SweepPlanText(const SweepPlan& plan);
nlohmann::ordered_json SweepPlanJson(const SweepPlan& plan);

}  // namespace symwave::jobs::plan
