// The merged table of a sweep.
#pragma once

#include <string>
#include <vector>

#include "jobs/sweep/collection.hpp"
#include "jobs/sweep/member_list.hpp"

namespace symwave::jobs::sweep {

/// A value of a deck with the unit that its column has.
struct Column {
  std::string key;
  std::string unit;  ///< that all its values have, "" where they have none or several
  /// Of each member: without the unit of the column. Numbers where all are numbers.
  std::vector<std::string> values;
  bool numeric = false;
};

/// Of the swept keys, in the order in which the members name them.
std::vector<Column> SweptColumns(const MemberList& list);

/// RFC 4180: one line per member with member, swept keys ("shapes[2].width [um]"), state, reason,
/// and every key number that any member has; empty where one has it not.
std::string CsvText(const MemberList& list, const std::vector<MemberResult>& results);

/// The same for programs: keys, members with values, state, reason, numbers, folder.
std::string JsonText(const MemberList& list, const std::vector<MemberResult>& results);

}  // namespace symwave::jobs::sweep
