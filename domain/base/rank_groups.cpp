#include "domain/base/rank_groups.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/error.hpp"
#include "domain/base/packing.hpp"

namespace symwave::base {

RankGroups::RankGroups(MPI_Comm world, int ranks_per_group, int most_groups)
    : world_(world), ranks_(Communicator::SizeOf(world)) {
  Require(ranks_per_group > 0 && most_groups > 0, "groups have ranks");
  count_ = std::clamp(ranks_ / ranks_per_group, 1, most_groups);
  const int rank = Communicator::RankIn(world);
  while (number_ + 1 < count_ && LeaderOf(number_ + 1) <= rank) ++number_;
  group_ = Communicator::Split(world, number_, rank);
}

int RankGroups::LeaderOf(int group) const {
  return static_cast<int>(static_cast<long>(ranks_) * group / count_);
}

std::vector<long> RankGroups::Mine(long items) const {
  std::vector<long> mine;
  for (long item = number_; item < items; item += count_) mine.push_back(item);
  return mine;
}

std::vector<std::vector<char>> RankGroups::Collect(
    long items, const std::vector<std::vector<char>>& mine) const {
  Packer packer;
  if (LeadsGroup()) {
    Require(mine.size() == Mine(items).size(), "something for every item of the group");
    for (const std::vector<char>& bytes : mine) packer.Add(bytes);
  }
  const std::vector<std::vector<char>> all = GatherFromAll(world_, packer.Bytes());
  std::vector<Unpacker> packed(all.begin(), all.end());
  std::vector<std::vector<char>> collected(static_cast<std::size_t>(items));
  for (long item = 0; item < items; ++item) {
    packed[static_cast<std::size_t>(LeaderOf(GroupOf(item)))].Take(
        collected[static_cast<std::size_t>(item)]);
  }
  return collected;
}

std::vector<std::vector<char>> RankGroups::Work(
    long items, const std::function<void(long item, Packer& packer)>& work) const {
  std::vector<std::vector<char>> mine;
  for (const long item : Mine(items)) {
    Packer result, message;
    std::string error;
    try {
      work(item, result);
    } catch (const UserError& failure) {
      // Of one rank alone: the others of the group wait for it.
      if (!FailureAgreedOn(Group())) throw;
      error = failure.what();
    }
    message.Add(error);
    message.Add(result.Bytes());
    mine.push_back(message.Bytes());
  }
  std::vector<std::vector<char>> results = Collect(items, mine);
  for (std::vector<char>& bytes : results) {
    Unpacker message(bytes);
    std::string error;
    message.Take(error);
    ThrowIfAnyFailed(world_, error);
    std::vector<char> result;
    message.Take(result);
    bytes = std::move(result);
  }
  return results;
}

int RanksFor(double item_bytes, double rank_bytes, int ranks) {
  const double wanted = std::ceil(item_bytes / rank_bytes);
  return static_cast<int>(std::clamp(wanted, 1.0, static_cast<double>(ranks)));
}

}  // namespace symwave::base
