#include "jobs/run/run_folder.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/folder_files.hpp"
#include "io/output_directory.hpp"
#include "jobs/run/completion.hpp"
#include "jobs/run/run_files.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

namespace {

/// The first of unfinished, unfinished_2 ... that is free.
std::string FreeFolder(const std::string& directory) {
  std::string aside = directory + "/unfinished";
  for (int number = 2; fs::exists(aside); ++number) {
    aside = fmt::format("{}/unfinished_{}", directory, number);
  }
  return aside;
}

void MoveFiles(const std::vector<std::string>& files, const std::string& to) {
  for (const fs::path path : files) Move(path, fs::path(to) / path.filename());
}

/// Of a small file, "" where there is none.
std::string TextOf(const std::string& path) {
  std::ostringstream text;
  std::ifstream file(path);
  if (file) text << file.rdbuf();
  return text.str();
}

/// A run leaves its lock and its status in the folder where it works.
void RequireOfARun(const std::string& running) {
  if (!fs::exists(running) || fs::exists(running + "/" + io::FolderLock::kFile) ||
      fs::exists(running + "/status.json") || fs::is_empty(running)) {
    return;
  }
  base::Fail(
      "{}: is of no run, and a run would work in a folder of this name; move it away, or "
      "choose another --output",
      running);
}

}  // namespace

Left WhatIsLeft(MPI_Comm comm, const std::string& directory) {
  Left left = Left::Nothing;
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0 || !fs::exists(directory)) return;
    FinishCompletion(directory);
    const bool ended = HasEnded(directory), beside = HasCheckpoint(directory);
    if (HasCheckpoint(directory + "/running") || (beside && !ended)) {
      left = Left::Checkpoint;
    } else if (ended) {
      left = beside ? Left::Extendable : Left::Results;
    }
  });
  base::Mpi(MPI_Bcast(&left, sizeof left, MPI_BYTE, 0, comm));
  return left;
}

std::string CheckpointFolder(MPI_Comm comm, const std::string& directory) {
  int running = 0;
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) == 0) running = HasCheckpoint(directory + "/running");
  });
  base::Mpi(MPI_Bcast(&running, 1, MPI_INT, 0, comm));
  return running != 0 ? directory + "/running" : directory;
}

RunFolder::RunFolder(MPI_Comm comm, std::string directory, bool resume)
    : comm_(comm), directory_(std::move(directory)) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm_) == 0) made_ = !fs::exists(directory_);
  });
  io::PrepareOutputDirectory(comm, directory_);
  int goes_on = 0;  // with a run that has not ended
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm_) == 0) goes_on = Start(resume) ? 1 : 0;
  });
  base::Mpi(MPI_Bcast(&goes_on, 1, MPI_INT, 0, comm_));
  if (resume) restore_from_ = goes_on != 0 ? Running() : directory_;
}

bool RunFolder::Start(bool resume) {
  FinishCompletion(directory_);
  RequireOfARun(Running());
  MakeFolder(Running());
  lock_ = io::FolderLock(Running());
  const bool goes_on = resume && HasCheckpoint(Running());
  if (!goes_on) {
    if (HasCheckpoint(Running()) || HasEnded(Running())) MoveAside(Running());
    if (!resume && HasCheckpoint(directory_) && !HasEnded(directory_)) MoveAside(directory_);
    Clear();
  }
  if (resume && !goes_on) {
    // Its checkpoints are read where they are.
    for (const fs::path path : io::FilesLike(directory_, kRecords)) {
      Copy(path, fs::path(Running()) / path.filename());
    }
  }
  checkpoints_ = io::FilesLike(Running(), kCheckpoints);
  status_ = TextOf(Running() + "/status.json");
  return goes_on;
}

void RunFolder::Clear() const {
  for (const fs::path path : FilesOfRun(Running())) Remove(path);
}

void RunFolder::MoveAside(const std::string& from) {
  const std::string aside = FreeFolder(directory_);
  MakeFolder(aside);
  moved_.emplace_back(from, aside);
  const bool running = from == Running();
  MoveFiles(
      running ? FilesOfRun(from) : io::FilesLike(from, std::string(kCheckpoints) + "|" + kRecords),
      aside);
  if (HasEnded(aside)) {
    base::Warn(
        "{} held the results of a run that could not be moved to their place; they are now in {}",
        from, aside);
    return;
  }
  base::Warn(
      "{} held a run that has not ended; its checkpoint is now in {}: go on with it by --output {} "
      "--resume",
      directory_, aside, aside);
}

void RunFolder::MoveBack() {
  for (const auto& [from, aside] : moved_) {
    std::error_code ignored;
    fs::create_directories(from, ignored);
    MoveFiles(FilesOfRun(aside), from);
    fs::remove(aside, ignored);
    base::Info("what was moved into {} is back in {}", aside, from);
  }
  moved_.clear();
}

bool RunFolder::HasResults() const {
  int ended = 0;
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) == 0) ended = HasEnded(directory_) ? 1 : 0;
  });
  base::Mpi(MPI_Bcast(&ended, 1, MPI_INT, 0, comm_));
  return ended != 0;
}

void RunFolder::RequirePlaces() const {
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    std::string taken;
    for (const std::string& path : FilesOfRun(Running())) {
      if (HasPlace(path, directory_)) continue;
      taken += (taken.empty() ? "" : ", ") + fs::path(path).filename().string();
    }
    if (taken.empty()) return;
    base::Fail("{}: there are folders of the names {}; these files stay in {}", directory_, taken,
               Running());
  });
}

void RunFolder::Complete(const std::vector<std::string>& superseded) {
  ended_ = true;
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    CompleteRun(Running(), directory_, superseded);
    lock_.Release();
  });
}

std::string RunFolder::Unmoved() const {
  return HasEnded(Running()) ? Running() : CompletedFolder(directory_);
}

void RunFolder::Abandon() {
  if (ended_ || base::Communicator::RankIn(comm_) != 0) return;
  try {
    if (io::FilesLike(Running(), kCheckpoints) == checkpoints_) Undo();
  } catch (const base::UserError&) {
    // Why the run failed is the sentence to be said, such as a disk that has become read-only.
  }
}

void RunFolder::Undo() {
  if (!checkpoints_.empty()) {
    if (!status_.empty()) {
      io::WriteTextAtomically(MPI_COMM_SELF, Running() + "/status.json", status_);
    }
    return;
  }
  Clear();
  MoveBack();
  std::error_code ignored;
  if (!FilesOfRun(Running()).empty()) return;
  fs::remove(Running() + "/" + io::FolderLock::kFile, ignored);
  fs::remove(Running(), ignored);
  lock_.Release();
  if (made_) fs::remove(directory_, ignored);
}

std::string StatusFolder(const std::string& directory) {
  const std::string running = directory + "/running";
  std::error_code unreadable;
  return fs::exists(running + "/status.json", unreadable) || unreadable ? running : directory;
}

}  // namespace symwave::jobs::run
