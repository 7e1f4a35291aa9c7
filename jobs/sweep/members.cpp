#include "jobs/sweep/members.hpp"

#include <utility>

#include "domain/base/error.hpp"
#include "jobs/sweep/axis_values.hpp"

namespace symwave::jobs::sweep {

namespace {

/// Axes whose k-th values go together.
using Joined = std::vector<const Axis*>;

/// Every key of the grid, then each of the other blocks as one.
std::vector<Joined> JoinedAxes(const SweepFile& file) {
  std::vector<Joined> all;
  for (const Axis& axis : file.grid) all.push_back({&axis});
  for (const auto* block : {&file.zip, &file.random, &file.seeds}) {
    Joined joined;
    for (const Axis& axis : *block) joined.push_back(&axis);
    if (!joined.empty()) all.push_back(std::move(joined));
  }
  return all;
}

void RequireCount(const SweepFile& file, const std::vector<Joined>& axes) {
  double count = 1;
  for (const Joined& joined : axes) count *= static_cast<double>(joined[0]->values.size());
  if (count <= kMostMembers) return;
  base::Fail("{}: {:.0f} members, more than the {} that one sweep may have; give fewer values",
             file.path, count, kMostMembers);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Member::Values() const {
  std::vector<std::pair<std::string, std::string>> values;
  values.reserve(settings.size());
  for (const io::Override& setting : settings) {
    values.emplace_back(setting.key, io::FlowText(setting.value));
  }
  return values;
}

std::string Member::Text() const {
  std::string text;
  for (const auto& [key, value] : Values()) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
  }
  return text;
}

std::vector<Member> Expand(const SweepFile& file) {
  const std::vector<Joined> axes = JoinedAxes(file);
  RequireCount(file, axes);
  std::vector<Member> members(1);
  for (const Joined& joined : axes) {
    std::vector<Member> longer;
    longer.reserve(members.size() * joined[0]->values.size());
    for (const Member& member : members) {
      for (std::size_t k = 0; k < joined[0]->values.size(); ++k) {
        longer.push_back(member);
        for (const Axis* axis : joined) {
          longer.back().settings.push_back({axis->key, axis->values[k], axis->values[k].where});
        }
      }
    }
    members = std::move(longer);
  }
  for (std::size_t k = 0; k < members.size(); ++k) members[k].number = static_cast<long>(k) + 1;
  return members;
}

std::string MemberFolder(const std::string& directory, long number) {
  return fmt::format("{}/member_{:04}", directory, number);
}

}  // namespace symwave::jobs::sweep
