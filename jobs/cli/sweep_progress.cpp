#include "jobs/cli/sweep_progress.hpp"

#include <algorithm>
#include <numeric>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"

namespace symwave::jobs::cli {

namespace {

constexpr double kLineInterval = 10;  // s, of each group

}  // namespace

SweepProgress::SweepProgress(MPI_Comm world, MPI_Comm group, const std::vector<double>& costs)
    : counters_(world, kCount),
      group_(group),
      leads_(base::Communicator::RankIn(group) == 0),
      costs_(costs),
      all_costs_(std::accumulate(costs.begin(), costs.end(), 0.0)) {}

long SweepProgress::TakeNext() {
  double place = leads_ ? counters_.Add(kNext, 1) : 0;
  base::Mpi(MPI_Bcast(&place, 1, MPI_DOUBLE, 0, group_));
  return static_cast<long>(place);
}

void SweepProgress::TakeNoMore() {
  if (leads_) counters_.Add(kNext, static_cast<double>(costs_.size()));
}

std::string SweepProgress::Line() {
  const long members = static_cast<long>(costs_.size());
  const long done = static_cast<long>(counters_.Get(kDone));
  const long failed = static_cast<long>(counters_.Get(kFailed));
  const long taken = std::min(members, static_cast<long>(counters_.Get(kNext)));
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double share = counters_.Get(kCost) / all_costs_;
  std::string line = fmt::format("sweep  {}/{} done", done, members);
  if (failed > 0) line += fmt::format(", {} failed", failed);
  if (taken > done + failed) line += fmt::format(", {} running", taken - done - failed);
  if (done + failed < members && share > 0) {
    line += ", " + io::Progress::Duration(seconds * (1 / share - 1)) + " left";
  }
  return line + ", " + io::Progress::Duration(seconds);
}

void SweepProgress::Ended(const sweep::Member& member, int code, const std::string& failure) {
  if (!leads_) return;
  const bool failed = !failure.empty();
  const double ended =
      1 + counters_.Add(failed ? kFailed : kDone, 1) + counters_.Get(failed ? kDone : kFailed);
  counters_.Add(kCost, costs_[static_cast<std::size_t>(member.number - 1)]);
  if (failed) {
    base::LogRemark(
        fmt::format("member {} ({}) failed: {}", member.number, member.Text(), failure));
  } else if (code != 0) {
    base::LogRemark(
        fmt::format("member {} ({}) is incomplete, see its log.txt", member.number, member.Text()));
  }
  const bool last = ended >= static_cast<double>(costs_.size());
  if (!last && std::chrono::duration<double>(Clock::now() - printed_).count() < kLineInterval) {
    return;
  }
  printed_ = Clock::now();
  base::LogRemark(Line());
}

}  // namespace symwave::jobs::cli
