#include "jobs/run_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/checksum.hpp"

namespace symwave::jobs {

namespace {

std::vector<std::string> FilesLike(const std::string& directory, const std::string& pattern) {
  const std::regex name(pattern);
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (std::regex_match(entry.path().filename().string(), name)) {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
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
  if (base::Communicator::RankIn(comm) == 0) {
    const std::string pattern =
        R"(checkpoint(_\d+)?\.h5(\.previous|\.tmp)?|history\.csv|results\.h5|summary\.json|)"
        R"(report\.html)";
    for (const std::string& path : FilesLike(directory, pattern)) {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
  }
  base::Mpi(MPI_Barrier(comm));
}

void RequireCheckpoint(MPI_Comm comm, const std::string& directory) {
  base::Together(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    if (!FilesLike(directory, R"(checkpoint(_\d+)?\.h5(\.previous)?)").empty()) return;
    base::Fail("{}: there is no checkpoint in this folder; start again without --resume",
               directory);
  });
}

std::vector<std::string> CheckpointFiles(const std::string& directory) {
  return FilesLike(directory, R"(checkpoint(_\d+)?\.h5)");
}

}  // namespace symwave::jobs
