#include "domain/base/agreement.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <numeric>
#include <utility>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace symwave::base {

namespace {

/// Ranks in MPI_COMM_WORLD of the ranks of `comm`, sorted.
std::vector<int> WorldRanks(MPI_Comm comm) {
  MPI_Group group = MPI_GROUP_NULL;
  MPI_Group world = MPI_GROUP_NULL;
  int size = 0;
  MPI_Comm_group(comm, &group);
  MPI_Comm_group(MPI_COMM_WORLD, &world);
  MPI_Group_size(group, &size);
  std::vector<int> here(static_cast<size_t>(size));
  std::vector<int> ranks(here.size());
  std::iota(here.begin(), here.end(), 0);
  MPI_Group_translate_ranks(group, size, here.data(), world, ranks.data());
  MPI_Group_free(&group);
  MPI_Group_free(&world);
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

std::atomic<int> agreements_alive{0};

/// The ranks that threw, as numbered in MPI_COMM_WORLD.
struct Agreement {
  explicit Agreement(std::vector<int> of) : ranks(std::move(of)) { ++agreements_alive; }
  ~Agreement() { --agreements_alive; }
  Agreement(const Agreement&) = delete;
  Agreement& operator=(const Agreement&) = delete;
  const std::vector<int> ranks;
};

/// The agreement of the exception that is on its way or being handled: its copies keep it alive.
std::weak_ptr<const Agreement>& AgreementAlive() {
  static std::weak_ptr<const Agreement> alive;
  return alive;
}

long& Abandoned() {
  static long objects = 0;
  return objects;
}

/// An exception that all ranks of a communicator throw at the same place.
template <class Error>
class Agreed : public Error {
 public:
  template <class... Args>
  explicit Agreed(std::shared_ptr<const Agreement> ranks, const Args&... args)
      : Error(args...), ranks_(std::move(ranks)) {
    AgreementAlive() = ranks_;
  }

 private:
  std::shared_ptr<const Agreement> ranks_;
};

[[noreturn]] void Throw(MPI_Comm comm, FailureKind kind, const std::string& message) {
  const auto ranks = std::make_shared<const Agreement>(WorldRanks(comm));
  if (kind == FailureKind::User) throw Agreed<UserError>(ranks, message);
  if (kind == FailureKind::Memory) throw Agreed<std::bad_alloc>(ranks);
  if (kind == FailureKind::Interrupted) throw Agreed<Interrupted>(ranks);
  throw Agreed<InternalError>(ranks, message);
}

}  // namespace

Failure CurrentFailure() {
  try {
    throw;
  } catch (const UserError& e) {
    return {FailureKind::User, e.what()};
  } catch (const std::bad_alloc&) {
    return {FailureKind::Memory, ""};
  } catch (const Interrupted& e) {
    return {FailureKind::Interrupted, e.what()};
  } catch (const std::filesystem::filesystem_error& e) {
    return {FailureKind::User, fmt::format("{}: {}", e.path1().string(), e.code().message())};
  } catch (const std::exception& e) {
    return {FailureKind::Internal, e.what()};
  } catch (...) {
    return {FailureKind::Internal, "unknown exception"};
  }
}

std::string SentenceOf(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::Memory:
      return "out of memory; use more ranks on more nodes, a larger cell or a smaller grid";
    case FailureKind::Internal:
      return "internal error, a fault of symwave: " + failure.message;
    default:
      return failure.message;
  }
}

void ThrowIfAnyFailed(MPI_Comm comm, const Failure& failure_of_this_rank) {
  int size = 0;
  int rank = 0;
  Mpi(MPI_Comm_size(comm, &size));
  Mpi(MPI_Comm_rank(comm, &rank));
  int failed = failure_of_this_rank.kind == FailureKind::None ? size : rank;
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MIN, comm));
  if (failed == size) return;
  std::string message = failure_of_this_rank.message;
  int told[2] = {static_cast<int>(failure_of_this_rank.kind), static_cast<int>(message.size())};
  Mpi(MPI_Bcast(told, 2, MPI_INT, failed, comm));
  message.resize(static_cast<size_t>(told[1]));
  Mpi(MPI_Bcast(message.data(), told[1], MPI_CHAR, failed, comm));
  Throw(comm, static_cast<FailureKind>(told[0]), message);
}

void ThrowIfAnyFailed(MPI_Comm comm, const std::string& error_of_this_rank) {
  const auto kind = error_of_this_rank.empty() ? FailureKind::None : FailureKind::User;
  ThrowIfAnyFailed(comm, Failure{kind, error_of_this_rank});
}

std::shared_ptr<const void> AgreeToThrow(MPI_Comm comm) {
  const auto agreement = std::make_shared<const Agreement>(WorldRanks(comm));
  AgreementAlive() = agreement;
  return agreement;
}

bool FailureAgreedOn(MPI_Comm comm) {
  int size = 0;
  MPI_Comm_size(comm, &size);
  if (size == 1) return true;
  const auto agreed = AgreementAlive().lock();
  if (!agreed || agreed->ranks.size() < static_cast<size_t>(size)) return false;
  const std::vector<int> ranks = WorldRanks(comm);
  return std::includes(agreed->ranks.begin(), agreed->ranks.end(), ranks.begin(), ranks.end());
}

bool AgreedFailureAlive() {
  return agreements_alive > 0;
}

bool MayCommunicate(MPI_Comm comm) {
  if (std::uncaught_exceptions() == 0 || FailureAgreedOn(comm)) return true;
  ++Abandoned();
  return false;
}

long AbandonedObjects() {
  return Abandoned();
}

bool WaitForOthers(MPI_Comm comm, bool failed) {
  constexpr double kPatience = 4.0;  // s
  // For whom the others did not come once, they will not come to the work around it either.
  static bool left_alone = false;
  if (failed && left_alone) return false;
  MPI_Request request = MPI_REQUEST_NULL;
  Mpi(MPI_Ibarrier(comm, &request));
  const double start = MPI_Wtime();
  int here = 0;
  WaitUntil([&] {
    Mpi(MPI_Test(&request, &here, MPI_STATUS_IGNORE));
    return here != 0 || (failed && MPI_Wtime() - start > kPatience);
  });
  left_alone = left_alone || here == 0;
  return here != 0;
}

}  // namespace symwave::base
