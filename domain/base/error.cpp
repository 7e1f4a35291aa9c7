#include "domain/base/error.hpp"

#include <algorithm>
#include <vector>

#include "domain/base/job_end.hpp"

namespace symwave::base {

namespace {

int WorldRank() {
  int initialized = 0;
  int rank = 0;
  MPI_Initialized(&initialized);
  if (initialized) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

}  // namespace

UserError::UserError(const std::string& sentence) : std::runtime_error(sentence) {
  RememberError(what());
}

InternalError::InternalError(const std::string& what) : std::logic_error(what) {
  RememberError(what.c_str());
}

void Require(bool condition, const char* what, const char* file, int line) {
  if (condition) return;
  throw InternalError(
      fmt::format("{}:{}: '{}' does not hold on rank {}", file, line, what, WorldRank()));
}

void Petsc(PetscErrorCode code, const char* file, int line) {
  if (code == 0) return;
  const char* text = nullptr;
  PetscErrorMessage(code, &text, nullptr);
  throw InternalError(fmt::format("{}:{}: PETSc error {} on rank {}: {}", file, line,
                                  static_cast<int>(code), WorldRank(), text ? text : "unknown"));
}

void Mpi(int code, const char* file, int line) {
  if (code == MPI_SUCCESS) return;
  throw InternalError(fmt::format("{}:{}: MPI error {} on rank {}", file, line, code, WorldRank()));
}

int EditDistance(const std::string& a, const std::string& b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace symwave::base
