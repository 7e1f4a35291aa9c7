#include "jobs/run_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/checksum.hpp"

namespace symwave::jobs {

namespace fs = std::filesystem;

namespace {

const std::string kCheckpoints = R"(checkpoint(_\d+)?\.h5(\.previous)?)";

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
      directory, kCheckpoints + R"(|checkpoint(_\d+)?\.h5\.tmp|history\.csv|results\.h5|)" +
                     R"((summary\.json|report\.html|field_.+\.(hdf|xmf))(\.tmp)?)");
  for (const fs::path path : FilesLike(directory, R"(field_.+\.h5)")) {
    if (fs::exists(fs::path(path).replace_extension(".xmf"))) paths.push_back(path.string());
  }
  return paths;
}

/// Whether there is a training that --resume would go on with: one that ends leaves results.
bool Unfinished(const std::string& directory) {
  const bool ended =
      fs::exists(directory + "/results.h5") && fs::exists(directory + "/summary.json");
  return !ended && !FilesLike(directory, kCheckpoints).empty();
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

/// Into the first free one of unfinished, unfinished_2 ...
void MoveTrainingAside(const std::string& directory) {
  std::string aside = directory + "/unfinished";
  for (int number = 2; fs::exists(aside); ++number) {
    aside = fmt::format("{}/unfinished_{}", directory, number);
  }
  Change(aside, [&](std::error_code& error) { fs::create_directory(aside, error); });
  for (const fs::path path : FilesLike(directory, kCheckpoints + R"(|history\.csv)")) {
    Change(path, [&](std::error_code& error) {
      fs::rename(path, fs::path(aside) / path.filename(), error);
    });
  }
  base::Warn(
      "{} held a training that has not ended; its checkpoint is now in {}: go on with it by "
      "--output {} --resume",
      directory, aside, aside);
}

/// Whether the course of a training depends on this line of a section of the resolved deck.
bool Decides(const std::string& section, const std::string& line) {
  if (section == "compute") return line.find("precision:") != std::string::npos;
  return section != "output" && section != "sweep" && section != "title";
}

}  // namespace

std::string Fingerprint(const Deck& deck) {
  std::string kept, section;
  for (size_t begin = 0; begin < deck.resolved.size();) {
    size_t end = deck.resolved.find('\n', begin);
    if (end == std::string::npos) end = deck.resolved.size();
    const std::string line = deck.resolved.substr(begin, end - begin);
    if (!line.empty() && line[0] != ' ') section = line.substr(0, line.find(':'));
    if (Decides(section, line)) kept += line + '\n';
    begin = end + 1;
  }
  return io::ChecksumText(kept);
}

void RemoveOldRun(MPI_Comm comm, const std::string& directory) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    if (Unfinished(directory)) MoveTrainingAside(directory);
    std::string removed;
    for (const fs::path path : FilesOfRun(directory)) {
      Change(path, [&](std::error_code& error) { fs::remove(path, error); });
      removed += (removed.empty() ? "" : ", ") + path.filename().string();
    }
    if (!removed.empty()) base::Info("removed from an earlier run in {}: {}", directory, removed);
  });
}

void RequireCheckpoint(MPI_Comm comm, const std::string& directory) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    if (!FilesLike(directory, kCheckpoints).empty()) return;
    base::Fail("{}: there is no checkpoint in this folder; start again without --resume",
               directory);
  });
}

std::vector<std::string> CheckpointFiles(const std::string& directory) {
  return FilesLike(directory, R"(checkpoint(_\d+)?\.h5)");
}

}  // namespace symwave::jobs
