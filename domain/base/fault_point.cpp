#include "domain/base/fault_point.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>

#include "domain/base/error.hpp"

namespace symwave::base {

const bool kFaultsArmed = std::getenv("SYMWAVE_TEST_FAULT") != nullptr;

namespace {

struct Fault {
  std::string name;
  std::string kind;
  int rank = 0;
  long count = 1;  ///< passes until it fails
};

/// The fault that was asked for on this rank; without a name on the others.
Fault Asked() {
  std::istringstream text(std::getenv("SYMWAVE_TEST_FAULT"));
  Fault fault;
  std::string rank, count;
  std::getline(text, fault.name, ':');
  std::getline(text, rank, ':');
  std::getline(text, count, ':');
  std::getline(text, fault.kind);
  fault.rank = std::atoi(rank.c_str());
  fault.count = std::atol(count.c_str());
  int mine = 0;
  Mpi(MPI_Comm_rank(MPI_COMM_WORLD, &mine));
  if (mine != fault.rank) fault.name.clear();
  return fault;
}

}  // namespace

void HitFaultPoint(const char* name) {
  static Fault fault = Asked();
  if (fault.name != name || --fault.count != 0) return;
  // Tests take the time from here.
  std::fprintf(stderr, "fault point %s reached on rank %d\n", name, fault.rank);
  const std::string what = fmt::format("fault at {} on rank {}", name, fault.rank);
  if (fault.kind == "memory") throw std::bad_alloc();
  if (fault.kind == "internal") throw InternalError(what);
  if (fault.kind == "exception") throw std::runtime_error(what);
  if (fault.kind == "kill") raise(SIGKILL);
  if (fault.kind == "exit") std::exit(9);
  throw UserError(what);
}

}  // namespace symwave::base
