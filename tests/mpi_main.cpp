// The main of every test program: GoogleTest on MPI. All ranks run all tests; a test passes only
// when it passes on every rank.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/runtime.hpp"

namespace {

using symwave::base::Communicator;
using symwave::base::Mpi;

/// Ends each test with a reduction over the ranks, so that a failure on one rank fails the test of
/// rank 0. Rank 0 reports; the other ranks print their failed expectations only.
class FailTogether : public testing::EmptyTestEventListener {
 public:
  FailTogether() : comm_(Communicator::Duplicate(MPI_COMM_WORLD)) {}

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (comm_.Rank() == 0 || !result.failed()) return;
    const char* file = result.file_name() ? result.file_name() : "unknown file";
    std::fprintf(stderr, "[rank %d] %s:%d: Failure\n%s\n", comm_.Rank(), file,
                 std::max(result.line_number(), 0), result.message());
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const int failed_here = test.result()->Failed() ? 1 : 0;
    std::vector<int> failed(comm_.Size());
    Mpi(MPI_Allgather(&failed_here, 1, MPI_INT, failed.data(), 1, MPI_INT, comm_.Get()));
    const auto first = std::find(failed.begin(), failed.end(), 1);
    if (comm_.Rank() == 0 && failed_here == 0 && first != failed.end()) {
      ADD_FAILURE() << "failed on rank " << first - failed.begin();
    }
  }

 private:
  Communicator comm_;
};

/// Runs all tests and returns the exit code that all ranks share. Collective.
int RunAllTests() {
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  if (Communicator::RankIn(MPI_COMM_WORLD) != 0) {
    delete listeners.Release(listeners.default_result_printer());
    delete listeners.Release(listeners.default_xml_generator());
  }
  FailTogether fail_together;
  listeners.Append(&fail_together);
  int result = RUN_ALL_TESTS();
  listeners.Release(&fail_together);
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD));
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  symwave::base::Runtime runtime(argc, argv);
  return RunAllTests();
}
