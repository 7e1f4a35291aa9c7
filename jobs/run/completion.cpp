#include "jobs/run/completion.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/folder_files.hpp"
#include "io/folder_lock.hpp"
#include "io/test_delay.hpp"
#include "io/whole_file.hpp"
#include "jobs/run/run_files.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

namespace {

constexpr const char* kComplete = "/.complete";
/// Names, a line each, and a last line by which the list is known to be whole.
constexpr const char* kList = "/files.txt";
constexpr const char* kEnd = "end of the list";

bool Contains(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

/// Names of the files but the superseded ones, in the order in which they become visible: what
/// others are read by comes last.
std::vector<std::string> NamesInOrder(const std::string& running,
                                      const std::vector<std::string>& superseded) {
  std::vector<std::string> names;
  for (const fs::path path : FilesOfRun(running)) {
    if (!Contains(superseded, path.string())) names.push_back(path.filename().string());
  }
  const auto place = [](const std::string& name) {
    return name == "summary.json" ? 2 : name == "results.h5" ? 1 : 0;
  };
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return names;
}

/// What a kill has cut off, and the run that went on did not write again.
void RemoveUnfinished(const std::string& running) {
  for (const fs::path path : FilesOfRun(running)) {
    if (path.extension() == ".tmp") Remove(path);
  }
}

/// A file that cannot be sealed, on a full disk, is as good as one of an older version.
void SealAll(const std::string& running) {
  for (const fs::path path : FilesOfRun(running)) {
    if (path.extension() != ".h5" && path.extension() != ".hdf") continue;
    try {
      io::SealFile(path.string());
    } catch (const base::UserError&) {
      continue;
    }
  }
}

/// Empty where the list is missing or not whole.
std::optional<std::vector<std::string>> ReadList(const std::string& complete) {
  std::ifstream file(complete + kList);
  std::vector<std::string> names;
  for (std::string name; std::getline(file, name);) names.push_back(name);
  if (names.empty() || names.back() != kEnd) return std::nullopt;
  names.pop_back();
  return names;
}

/// Removes the files of an earlier run that are not among `made`.
void RemoveOthers(const std::string& directory, const std::vector<std::string>& made) {
  std::vector<std::string> removed;
  for (const fs::path path : FilesOfRun(directory)) {
    const std::string name = path.filename().string();
    if (Contains(made, name)) continue;
    Remove(path);
    removed.push_back(name);
  }
  if (!removed.empty()) {
    base::Info("removed from an earlier run in {}: {}", directory, base::FirstOf(removed));
  }
}

/// The list goes first: without files and list it is nothing but a folder. Files without a place
/// keep theirs, with the lock as the mark of a run.
void RemoveFolder(const std::string& complete, const std::string& directory) {
  std::error_code ignored;
  fs::remove(complete + kList, ignored);
  const fs::directory_iterator entries(complete, ignored);
  if (std::distance(begin(entries), end(entries)) > 1) {
    fs::rename(complete, directory + "/running", ignored);
    return;
  }
  fs::remove(complete + "/" + io::FolderLock::kFile, ignored);
  fs::remove(complete, ignored);
}

/// From here on the run is complete, whatever happens.
void Commit(const std::string& running, const std::string& directory) {
  Move(running, directory + kComplete);
  io::FlushEntries(directory);
}

void MoveUp(const std::string& complete, const std::string& directory,
            const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string path = complete + "/" + name;
    if (!fs::exists(path) || !HasPlace(path, directory)) continue;
    Move(path, directory + "/" + name);
    io::TestDelay("results.move");
  }
  for (const fs::path path : io::FilesLike(complete, kCheckpoints)) {
    if (!Contains(names, path.filename().string())) Remove(path);
  }
  RemoveOthers(directory, names);
  io::FlushEntries(directory);
  RemoveFolder(complete, directory);
}

}  // namespace

std::string CompletedFolder(const std::string& directory) {
  return directory + kComplete;
}

bool HasPlace(const std::string& path, const std::string& directory) {
  const fs::path place = fs::path(directory) / fs::path(path).filename();
  return !fs::is_directory(place) || fs::exists(place / kPicturesMark);
}

void CompleteRun(const std::string& running, const std::string& directory,
                 const std::vector<std::string>& superseded) {
  RemoveUnfinished(running);
  SealAll(running);
  io::TestDelay("results.list");
  const std::vector<std::string> names = NamesInOrder(running, superseded);
  std::string list;
  for (const std::string& name : names) list += name + "\n";
  io::WriteTextAtomically(MPI_COMM_SELF, running + kList, list + kEnd + "\n");
  io::TestDelay("results.commit");
  Commit(running, directory);
  MoveUp(directory + kComplete, directory, names);
}

void FinishCompletion(const std::string& directory) {
  const std::string running = directory + "/running", complete = directory + kComplete;
  if (!fs::exists(complete) && ReadList(running)) {
    const io::FolderLock lock(running);
    Commit(running, directory);
  }
  if (!fs::exists(complete)) return;
  const auto names = ReadList(complete);
  if (!names && io::FilesLike(complete, "(?!lock$).*").empty()) {
    RemoveFolder(complete, directory);
    return;
  }
  if (!names) {
    base::Fail("{}: is of no run that has been completed; move it away, or choose another --output",
               complete);
  }
  const io::FolderLock lock(complete);
  MoveUp(complete, directory, *names);
}

}  // namespace symwave::jobs::run
