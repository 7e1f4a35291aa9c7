// Named stop watches that add up wall-clock seconds.
#pragma once

#include <mpi.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::base {

class Timers {
 public:
  /// Adds the time from its making to its end to one name.
  class Scope {
   public:
    Scope(Timers& timers, std::string name) : timers_(timers), name_(std::move(name)) {
      timers_.Begin(name_);
    }
    ~Scope() {
      timers_.Add(name_, std::chrono::duration<double>(Clock::now() - start_).count());
      timers_.End();
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    using Clock = std::chrono::steady_clock;
    Timers& timers_;
    std::string name_;
    Clock::time_point start_ = Clock::now();
  };

  Scope Measure(std::string name) { return Scope(*this, std::move(name)); }
  /// To be called at the start of every measurement, and with the name of the one around it when it
  /// ends.
  void AtStart(std::function<void(const std::string& name)> call) { at_start_ = std::move(call); }
  void Add(const std::string& name, double seconds) { seconds_[name] += seconds; }
  const std::map<std::string, double>& Seconds() const { return seconds_; }

  /// Collective: the largest time of any rank for every name of rank 0 (0 where a rank lacks it).
  std::map<std::string, double> MaxOverRanks(MPI_Comm comm) const {
    int rank = 0;
    Mpi(MPI_Comm_rank(comm, &rank));
    std::string names;
    for (const auto& [name, seconds] : seconds_) names += name + '\n';
    int length = static_cast<int>(names.size());
    Mpi(MPI_Bcast(&length, 1, MPI_INT, 0, comm));
    names.resize(length);
    Mpi(MPI_Bcast(names.data(), length, MPI_CHAR, 0, comm));
    std::map<std::string, double> result;
    for (size_t begin = 0, end; (end = names.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string name = names.substr(begin, end - begin);
      const auto found = seconds_.find(name);
      double seconds = found == seconds_.end() ? 0.0 : found->second;
      Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm));
      result[name] = seconds;
    }
    return result;
  }

 private:
  void Begin(const std::string& name) {
    open_.push_back(name);
    if (at_start_) at_start_(name);
  }
  void End() {
    open_.pop_back();
    if (at_start_ && !open_.empty()) at_start_(open_.back());
  }

  std::map<std::string, double> seconds_;
  std::vector<std::string> open_;  ///< the innermost one last
  std::function<void(const std::string&)> at_start_;
};

}  // namespace symwave::base
