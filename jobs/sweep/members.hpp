// The members of a sweep: every combination of its values, each a run in a folder of its own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/deck.hpp"
#include "jobs/sweep/sweep_file.hpp"

namespace symwave::jobs::sweep {

struct Member {
  long number = 0;                       ///< from 1; the name of its folder
  std::vector<io::Override> settings{};  ///< what it has instead of the deck's values

  /// Keys and values as text.
  std::vector<std::pair<std::string, std::string>> Values() const;
  /// "shapes[2].width = 0.4 um, grid.cell = 0.05 um".
  std::string Text() const;
};

/// Numbered in the order of the blocks grid, zip, random, seeds, of which the last varies fastest,
/// as does the last key of the grid. UserError where there are more than kMostMembers.
std::vector<Member> Expand(const SweepFile& file);

/// "DIR/member_0007".
std::string MemberFolder(const std::string& directory, long number);

}  // namespace symwave::jobs::sweep
