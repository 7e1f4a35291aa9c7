#include "jobs/run/run_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/output_directory.hpp"
#include "io/test_delay.hpp"
#include "io/whole_file.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

namespace {

const std::string kCheckpoints = R"(checkpoint(-\d+)?(_\d+)?\.h5(\.previous)?)";

/// Plain files only, sorted.
std::vector<std::string> FilesLike(const std::string& directory, const std::string& pattern) {
  const std::regex name(pattern);
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (std::regex_match(entry.path().filename().string(), name) &&
        entry.is_regular_file(ignored)) {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// What a run writes into its folder. A field of unequal cells is a plain .h5, a common ending: one
/// without the .xmf that belongs to it may be the user's.
std::vector<std::string> FilesOfRun(const std::string& directory) {
  std::vector<std::string> paths = FilesLike(
      directory, kCheckpoints +
                     R"(|checkpoint.*\.h5\.tmp|part_.+\.h5(\.tmp)?|history\.csv|results\.h5|)" +
                     R"((summary\.json|status\.json|report\.html|field_.+\.(hdf|xmf))(\.tmp)?)");
  for (const fs::path path : FilesLike(directory, R"(field_.+\.h5)")) {
    if (fs::exists(fs::path(path).replace_extension(".xmf"))) paths.push_back(path.string());
  }
  return paths;
}

bool HasCheckpoint(const std::string& directory) {
  return !FilesLike(directory, kCheckpoints).empty();
}

/// Whether the last run in this folder has come to its end: one that ends leaves results.
bool Ended(const std::string& directory) {
  return fs::exists(directory + "/results.h5") && fs::exists(directory + "/summary.json");
}

template <class Work>
void Change(const fs::path& path, Work&& work) {
  std::error_code error;
  work(error);
  if (error) {
    base::Fail("{}: is of an earlier run and cannot be removed: {}; choose another --output",
               path.string(), error.message());
  }
}

void Remove(const fs::path& path) {
  Change(path, [&](std::error_code& error) { fs::remove(path, error); });
}

/// The first of unfinished, unfinished_2 ... that is free.
std::string FreeFolder(const std::string& directory) {
  std::string aside = directory + "/unfinished";
  for (int number = 2; fs::exists(aside); ++number) {
    aside = fmt::format("{}/unfinished_{}", directory, number);
  }
  return aside;
}

/// A training that has not ended, in `directory` or its folder `running`, into a folder of its own.
void MoveTrainingAside(const std::string& from, const std::string& directory) {
  const std::string aside = FreeFolder(directory);
  Change(aside, [&](std::error_code& error) { fs::create_directory(aside, error); });
  for (const fs::path path : FilesLike(from, kCheckpoints + R"(|history\.csv|status\.json)")) {
    Change(path, [&](std::error_code& error) {
      fs::rename(path, fs::path(aside) / path.filename(), error);
    });
  }
  base::Warn(
      "{} held a training that has not ended; its checkpoint is now in {}: go on with it by "
      "--output {} --resume",
      directory, aside, aside);
}

/// In the folder of a complete run: the names of its files, for a start that finds some of them
/// moved and others not.
constexpr const char* kList = "files.txt";

/// Removes the files of a run in the folder `running`, and the folder where it is empty then.
void Clear(const std::string& running) {
  for (const fs::path path : FilesOfRun(running)) Remove(path);
  Remove(running + "/" + kList + ".tmp");
  std::error_code not_empty;
  fs::remove(running, not_empty);
}

/// Files in the order in which they become visible: what others are read by comes last.
std::vector<fs::path> InOrder(const std::string& running) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(running)) paths.push_back(entry.path());
  const auto rank = [](const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "summary.json" ? 2 : name == "results.h5" ? 1 : 0;
  };
  std::sort(paths.begin(), paths.end(), [&](const fs::path& a, const fs::path& b) {
    return std::pair(rank(a), a) < std::pair(rank(b), b);
  });
  return paths;
}

/// The place of a file of the run, unless a folder has its name.
bool HasPlace(const fs::path& path, const std::string& directory) {
  return !fs::is_directory(fs::path(directory) / path.filename());
}

bool Contains(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

std::vector<std::string> NamesOf(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const fs::path path : paths) names.push_back(path.filename().string());
  return names;
}

/// A file that cannot be sealed, on a full disk, is as good as one of an older version.
void SealAll(const std::string& running) {
  for (const fs::path& path : InOrder(running)) {
    if (path.extension() != ".h5" && path.extension() != ".hdf") continue;
    try {
      io::SealFile(path.string());
    } catch (const base::UserError&) {
      continue;
    }
  }
}

void WriteList(const std::string& running, const std::vector<std::string>& superseded) {
  const std::vector<std::string> without = NamesOf(superseded);
  std::string names;
  for (const fs::path& path : InOrder(running)) {
    const std::string name = path.filename().string();
    if (!Contains(without, name)) names += name + "\n";
  }
  io::WriteTextAtomically(MPI_COMM_SELF, running + "/" + kList, names);
}

std::vector<std::string> ReadList(const std::string& complete) {
  std::ifstream file(complete + "/" + kList);
  std::vector<std::string> names;
  for (std::string name; std::getline(file, name);) names.push_back(name);
  return names;
}

/// Removes the files of an earlier run that are not among `made`.
void RemoveOthers(const std::string& directory, const std::vector<std::string>& made) {
  std::string removed;
  for (const fs::path path : FilesOfRun(directory)) {
    const std::string name = path.filename().string();
    if (Contains(made, name)) continue;
    Remove(path);
    removed += (removed.empty() ? "" : ", ") + name;
  }
  if (!removed.empty()) base::Info("removed from an earlier run in {}: {}", directory, removed);
}

/// Moves the files of a complete run up, in the order of its list, but for those without a place;
/// checkpoints that are not in it are superseded.
void MoveUp(const std::string& complete, const std::string& directory) {
  const std::vector<std::string> names = ReadList(complete);
  for (const std::string& name : names) {
    const fs::path path = fs::path(complete) / name;
    const fs::path target = fs::path(directory) / name;
    if (!fs::exists(path) || !HasPlace(path, directory)) continue;
    Change(target, [&](std::error_code& error) { fs::rename(path, target, error); });
    io::TestDelay("results.move");
  }
  for (const fs::path path : FilesLike(complete, kCheckpoints)) {
    if (!Contains(names, path.filename().string())) Remove(path);
  }
  RemoveOthers(directory, names);
  io::FlushEntries(directory);
  std::error_code ignored;
  fs::remove(fs::path(complete) / kList, ignored);
  fs::remove(complete, ignored);
  if (fs::exists(complete)) fs::rename(complete, directory + "/running", ignored);
}

}  // namespace

RunFolder::RunFolder(MPI_Comm comm, std::string directory, bool resume)
    : comm_(comm), directory_(std::move(directory)) {
  io::PrepareOutputDirectory(comm, directory_);
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    if (fs::exists(CompleteRun())) MoveUp(CompleteRun(), directory_);
    if (fs::exists(Running() + "/" + kList)) {
      Commit();
      MoveUp(CompleteRun(), directory_);
    }
    if (!resume) {
      StartNew();
    } else if (!HasCheckpoint(Running())) {
      StartFromComplete();
    }
  });
}

void RunFolder::StartNew() {
  if (HasCheckpoint(Running())) MoveTrainingAside(Running(), directory_);
  if (HasCheckpoint(directory_) && !Ended(directory_)) MoveTrainingAside(directory_, directory_);
  Clear(Running());
  Change(Running(), [&](std::error_code& error) { fs::create_directories(Running(), error); });
}

void RunFolder::StartFromComplete() {
  if (!HasCheckpoint(directory_)) {
    base::Fail("{}: there is no checkpoint in this folder; start again without --resume",
               directory_);
  }
  Clear(Running());
  Change(Running(), [&](std::error_code& error) { fs::create_directories(Running(), error); });
  for (const fs::path path :
       FilesLike(directory_, kCheckpoints + R"(|history\.csv|status\.json)")) {
    const fs::path copy = fs::path(Running()) / path.filename();
    Change(copy, [&](std::error_code& error) { fs::copy_file(path, copy, error); });
  }
}

bool RunFolder::HasResults() const {
  int ended = 0;
  if (base::Communicator::RankIn(comm_) == 0) ended = Ended(directory_) ? 1 : 0;
  base::Mpi(MPI_Bcast(&ended, 1, MPI_INT, 0, comm_));
  return ended != 0;
}

void RunFolder::RequirePlaces() const {
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    std::string taken;
    for (const fs::path& path : InOrder(Running())) {
      if (HasPlace(path, directory_)) continue;
      taken += (taken.empty() ? "" : ", ") + path.filename().string();
    }
    if (taken.empty()) return;
    base::Fail("{}: there are folders of the names {}; these files stay in {}", directory_, taken,
               Running());
  });
}

void RunFolder::Complete(const std::vector<std::string>& superseded) {
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    SealAll(Running());
    io::TestDelay("results.list");
    WriteList(Running(), superseded);
    io::TestDelay("results.commit");
    Commit();
    MoveUp(CompleteRun(), directory_);
  });
}

void RunFolder::Commit() const {
  std::error_code error;
  fs::rename(Running(), CompleteRun(), error);
  if (error) base::Fail("{}: cannot be renamed: {}", Running(), error.message());
  io::FlushEntries(directory_);
}

void RunFolder::Abandon() {
  if (base::Communicator::RankIn(comm_) != 0 || HasCheckpoint(Running())) return;
  try {
    Clear(Running());
  } catch (const base::UserError&) {
    // Why the run failed is the sentence to be said, such as a disk that has become read-only.
  }
}

std::string StatusFolder(const std::string& directory) {
  const std::string running = directory + "/running";
  return fs::exists(running + "/status.json") ? running : directory;
}

std::vector<std::string> CheckpointFiles(const std::string& directory) {
  return FilesLike(directory, R"(checkpoint(_\d+)?\.h5)");
}

}  // namespace symwave::jobs::run
