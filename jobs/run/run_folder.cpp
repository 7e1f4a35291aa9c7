#include "jobs/run/run_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/output_directory.hpp"
#include "io/test_delay.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

namespace {

const std::string kCheckpoints = R"(checkpoint(-\d+)?(_\d+)?\.h5(\.previous)?)";

const std::string kRecords = R"(history\.csv|status\.json)";

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

void MoveFiles(const std::vector<std::string>& files, const std::string& to) {
  for (const fs::path path : files) {
    Change(path, [&](std::error_code& error) {
      fs::rename(path, fs::path(to) / path.filename(), error);
    });
  }
}

/// What a run that goes on from a complete one writes on; its checkpoints are read where they are.
void CopyRecords(const std::string& from, const std::string& to) {
  for (const fs::path path : FilesLike(from, kRecords)) {
    const fs::path copy = fs::path(to) / path.filename();
    Change(copy, [&](std::error_code& error) { fs::copy_file(path, copy, error); });
  }
}

/// Of a small file, "" where there is none.
std::string TextOf(const std::string& path) {
  std::ostringstream text;
  std::ifstream file(path);
  if (file) text << file.rdbuf();
  return text.str();
}

/// Removes the files of a run in the folder `running`, and the folder where it is empty then.
void Clear(const std::string& running) {
  for (const fs::path path : FilesOfRun(running)) Remove(path);
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

/// In the folder of a complete run: the names of its files, for a start that finds some of them
/// moved and others not.
constexpr const char* kList = "files.txt";

void WriteList(const std::string& running) {
  std::string names;
  for (const fs::path& path : InOrder(running)) names += path.filename().string() + "\n";
  const std::string path = running + "/" + kList;
  std::ofstream(path) << names;
  io::FlushPages(path);
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
    if (std::find(made.begin(), made.end(), name) != made.end()) continue;
    Remove(path);
    removed += (removed.empty() ? "" : ", ") + name;
  }
  if (!removed.empty()) base::Info("removed from an earlier run in {}: {}", directory, removed);
}

/// Moves the files of a complete run up, in the order of its list, but for those without a place.
void MoveUp(const std::string& complete, const std::string& directory) {
  const std::vector<std::string> names = ReadList(complete);
  for (const std::string& name : names) {
    const fs::path path = fs::path(complete) / name;
    const fs::path target = fs::path(directory) / name;
    if (!fs::exists(path) || !HasPlace(path, directory)) continue;
    Change(target, [&](std::error_code& error) { fs::rename(path, target, error); });
    io::TestDelay("results.move");
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
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    made_ = !fs::exists(directory_);
    if (!resume || HasCheckpoint(Running()) || HasCheckpoint(CompleteRun()) ||
        HasCheckpoint(directory_)) {
      return;
    }
    base::Fail("{}: there is no checkpoint in this folder; start again without --resume",
               directory_);
  });
  io::PrepareOutputDirectory(comm, directory_);
  int goes_on = 0;  // with a run that has not ended
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    if (fs::exists(CompleteRun())) MoveUp(CompleteRun(), directory_);
    goes_on = resume && HasCheckpoint(Running()) ? 1 : 0;
    if (goes_on == 0) Start();
    if (goes_on == 0 && resume) CopyRecords(directory_, Running());
    checkpoints_ = FilesLike(Running(), kCheckpoints);
    status_ = TextOf(Running() + "/status.json");
  });
  base::Mpi(MPI_Bcast(&goes_on, 1, MPI_INT, 0, comm_));
  if (resume) restore_from_ = goes_on != 0 ? Running() : directory_;
}

void RunFolder::Start() {
  if (HasCheckpoint(Running())) MoveAside(Running());
  if (HasCheckpoint(directory_) && !Ended(directory_)) MoveAside(directory_);
  Clear(Running());
  Change(Running(), [&](std::error_code& error) { fs::create_directories(Running(), error); });
}

void RunFolder::MoveAside(const std::string& from) {
  const std::string aside = FreeFolder(directory_);
  Change(aside, [&](std::error_code& error) { fs::create_directory(aside, error); });
  moved_.emplace_back(from, aside);
  const bool running = from == Running();
  MoveFiles(running ? FilesOfRun(from) : FilesLike(from, kCheckpoints + "|" + kRecords), aside);
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

void RunFolder::Complete() {
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    WriteList(Running());
    io::TestDelay("results.commit");
    Change(CompleteRun(),
           [&](std::error_code& error) { fs::rename(Running(), CompleteRun(), error); });
    io::FlushEntries(directory_);
    MoveUp(CompleteRun(), directory_);
  });
}

void RunFolder::Abandon() {
  if (base::Communicator::RankIn(comm_) != 0) return;
  if (FilesLike(Running(), kCheckpoints) != checkpoints_) return;
  std::error_code ignored;
  if (checkpoints_.empty()) {
    Clear(Running());
    MoveBack();
    if (made_) fs::remove(directory_, ignored);
  } else if (!status_.empty()) {
    io::WriteTextAtomically(MPI_COMM_SELF, Running() + "/status.json", status_);
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
