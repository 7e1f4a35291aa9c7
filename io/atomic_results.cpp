#include "io/atomic_results.hpp"

#include <exception>
#include <filesystem>
#include <utility>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/test_delay.hpp"

namespace symwave::io {

namespace fs = std::filesystem;
using base::Communicator;

namespace {

std::string Incomplete(const std::string& folder) {
  return (fs::path(folder) / "results.incomplete").string();
}

std::string Complete(const std::string& folder) {
  return (fs::path(folder) / "results.complete").string();
}

void Expect(const std::error_code& error, const fs::path& path, const char* what) {
  if (error) base::Fail("{}: cannot be {}: {}", path.string(), what, error.message());
}

/// By one rank: everything of results.complete into the folder, which is safe to do again.
void MoveAll(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(Complete(folder), error)) {
    files.push_back(entry.path());
  }
  Expect(error, Complete(folder), "read");
  for (const fs::path& file : files) {
    fs::rename(file, fs::path(folder) / file.filename(), error);
    Expect(error, fs::path(folder) / file.filename(), "replaced");
    TestDelay("results.move");
  }
  FlushEntries(folder);
  fs::remove(Complete(folder), error);
  Expect(error, Complete(folder), "removed");
}

/// By one rank.
void RecoverHere(const std::string& folder) {
  std::error_code error;
  if (fs::is_directory(Complete(folder), error)) MoveAll(folder);
  fs::remove_all(Incomplete(folder), error);
  Expect(error, Incomplete(folder), "removed");
}

/// Files of the incomplete results; on every rank the same, for they are all written.
std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path().string());
  }
  return files;
}

}  // namespace

AtomicResults::AtomicResults(MPI_Comm comm, std::string folder)
    : comm_(comm), folder_(std::move(folder)), exceptions_(std::uncaught_exceptions()) {
  Recover(comm, folder_);
  base::AgreeOnFailure(comm, [&] {
    if (Communicator::RankIn(comm_) != 0) return;
    std::error_code error;
    fs::create_directories(Incomplete(folder_), error);
    Expect(error, Incomplete(folder_), "made");
  });
}

AtomicResults::~AtomicResults() {
  if (committed_) return;
  if (file_ && std::uncaught_exceptions() > exceptions_) file_->Abandon();
  file_.reset();
  if (Communicator::RankIn(comm_) != 0) return;
  std::error_code ignored;
  fs::remove_all(Incomplete(folder_), ignored);
}

std::string AtomicResults::Folder() const {
  return Incomplete(folder_);
}

Hdf5File& AtomicResults::File() {
  if (!file_) {
    file_ = std::make_unique<Hdf5File>(Hdf5File::Create(comm_, Folder() + "/results.h5"));
  }
  return *file_;
}

void AtomicResults::Commit() {
  if (file_) file_->Close();
  file_.reset();
  // Every rank flushes the pages of its node; rank 0 alone lists, moves and removes.
  MPI_Barrier(comm_);
  base::AgreeOnFailure(comm_, [&] {
    for (const std::string& file : FilesIn(Folder())) FlushPages(file);
  });
  TestDelay("results.commit");
  base::AgreeOnFailure(comm_, [&] {
    if (Communicator::RankIn(comm_) != 0) return;
    FlushEntries(Folder());
    std::error_code error;
    fs::rename(Folder(), Complete(folder_), error);
    Expect(error, Complete(folder_), "made");
    FlushEntries(folder_);
    MoveAll(folder_);
  });
  committed_ = true;
}

void AtomicResults::Recover(MPI_Comm comm, const std::string& folder) {
  base::AgreeOnFailure(comm, [&] {
    if (Communicator::RankIn(comm) == 0) RecoverHere(folder);
  });
}

}  // namespace symwave::io
