#include "jobs/run/run_files.hpp"

#include <system_error>

#include "domain/base/error.hpp"
#include "io/checkpoint_store.hpp"
#include "io/folder_files.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

const char* const kCheckpoints = io::kCheckpointFiles;
const char* const kRecords = R"(history\.csv|status\.json)";

namespace {

void Require(const std::error_code& error, const fs::path& path, const char* what) {
  if (!error) return;
  base::Fail("{}: cannot be {}: {}; choose another --output", path.string(), what, error.message());
}

/// Whether the data of unequal cells are a run's: field_in.h5 or field_in_000300.h5 of
/// field_in.xmf.
bool HasIndex(const fs::path& path) {
  const std::string stem = path.stem().string();
  const size_t letters = stem.find_last_not_of("0123456789") + 1;
  const bool numbered = letters > 0 && letters < stem.size() && stem[letters - 1] == '_';
  const fs::path series =
      path.parent_path() / (stem.substr(0, numbered ? letters - 1 : 0) + ".xmf");
  return fs::exists(fs::path(path).replace_extension(".xmf")) || (numbered && fs::exists(series));
}

}  // namespace

std::vector<std::string> FilesOfRun(const std::string& directory) {
  std::vector<std::string> paths = io::FilesLike(
      directory,
      std::string(kCheckpoints) + "|" + kRecords +
          R"(|checkpoint.*\.h5\.tmp|part_.+\.h5(\.tmp)?|results\.h5|)" +
          R"((summary\.json|status\.json|report\.html|field.*\.(hdf|hdf\.series|xmf))(\.tmp)?)");
  for (const fs::path path : io::FilesLike(directory, R"(field.*\.h5)")) {
    if (HasIndex(path)) paths.push_back(path.string());
  }
  const fs::path pictures = fs::path(directory) / kPictures;
  if (fs::exists(pictures / kPicturesMark)) paths.push_back(pictures.string());
  return paths;
}

bool HasCheckpoint(const std::string& directory) {
  return !io::FilesLike(directory, kCheckpoints).empty();
}

bool HasEnded(const std::string& directory) {
  return fs::exists(directory + "/results.h5") && fs::exists(directory + "/summary.json");
}

void Remove(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  Require(error, path, "removed");
}

void Move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  // A folder of pictures takes the place of the one before.
  if (fs::is_directory(from) && fs::exists(to / kPicturesMark)) Remove(to);
  fs::rename(from, to, error);
  Require(error, from, "moved");
}

void Copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  Require(error, to, "written");
}

void MakeFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  Require(error, path, "made");
}

}  // namespace symwave::jobs::run
