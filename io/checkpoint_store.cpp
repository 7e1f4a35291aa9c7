#include "io/checkpoint_store.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/messages.hpp"
#include "domain/base/process.hpp"
#include "domain/base/try_on_all.hpp"
#include "io/atomic_file.hpp"
#include "io/checkpoint_archive.hpp"
#include "io/file_seal.hpp"
#include "io/folder_files.hpp"
#include "io/hdf5.hpp"
#include "io/test_delay.hpp"
#include "io/whole_file.hpp"

namespace symwave::io {

namespace fs = std::filesystem;
using base::Communicator;

namespace {

const std::string kFormat = "symwave checkpoint";
constexpr std::int64_t kVersion = 2;
constexpr int kDigits = 6;

void WriteInfo(Hdf5File& file, const CheckpointInfo& info) {
  file.WriteText("/meta/format", kFormat);
  file.WriteScalar("/meta/format_version", kVersion);
  file.WriteText("/meta/fingerprint", info.fingerprint.Text());
  file.WriteText("/meta/job", info.job);
  file.WriteText("/meta/title", info.title);
  file.WriteText("/meta/code_version", info.code_version);
  file.WriteText("/meta/unit", info.unit, {"", "of done and total"});
  file.WriteScalar("/meta/done", info.done);
  file.WriteScalar("/meta/total", info.total);
  file.WriteScalar("/meta/ranks", std::int64_t{Communicator::SizeOf(file.Comm())});
  std::string written = base::UtcNow();
  base::Mpi(MPI_Bcast(written.data(), static_cast<int>(written.size()), MPI_CHAR, 0, file.Comm()));
  file.WriteText("/meta/written", written, {"", "UTC"});
}

CheckpointInfo ReadInfo(const Hdf5File& file) {
  if (!file.Has("/meta/format") || file.ReadText("/meta/format") != kFormat) {
    base::Fail("{}: this is no {}; give the folder of the run to resume", file.Path(), kFormat);
  }
  const auto version = file.ReadScalar<std::int64_t>("/meta/format_version");
  if (version != kVersion) {
    base::Fail(
        "{}: the checkpoint has format {}, this program reads format {}; start again without "
        "--resume",
        file.Path(), version, kVersion);
  }
  CheckpointInfo info;
  info.fingerprint = Fingerprint::FromText(file.ReadText("/meta/fingerprint"), file.Path());
  info.job = file.ReadText("/meta/job");
  info.title = file.ReadText("/meta/title");
  info.code_version = file.ReadText("/meta/code_version");
  info.unit = file.ReadText("/meta/unit");
  info.done = file.ReadScalar<std::int64_t>("/meta/done");
  info.total = file.ReadScalar<std::int64_t>("/meta/total");
  info.ranks = file.ReadScalar<std::int64_t>("/meta/ranks");
  info.written = file.ReadText("/meta/written");
  return info;
}

/// Collective: the lines of rank 0 on every rank.
std::vector<std::string> Shared(MPI_Comm comm, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  base::Broadcast(comm, text);
  std::vector<std::string> shared;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    shared.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return shared;
}

/// Collective: what FilesLike finds on rank 0.
std::vector<std::string> Listed(MPI_Comm comm, const std::string& folder,
                                const std::string& pattern) {
  std::vector<std::string> paths;
  base::AgreeOnFailure(comm, [&] {
    if (Communicator::RankIn(comm) == 0) paths = FilesLike(folder, pattern);
  });
  return Shared(comm, paths);
}

const std::string kNumber = R"(_\d{6,18}\.h5)";

/// Of a path <folder>/<name>_<number>.h5, of at most 18 digits.
long NumberOf(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  return std::stol(stem.substr(stem.rfind('_') + 1));
}

}  // namespace

CheckpointInfo ReadCheckpointInfo(MPI_Comm comm, const std::string& path) {
  return ReadInfo(Hdf5File::OpenRead(comm, path));
}

CheckpointStore::CheckpointStore(MPI_Comm comm, std::string folder, std::string name, int keep)
    : comm_(comm), folder_(std::move(folder)), name_(std::move(name)), keep_(std::max(1, keep)) {
  base::Require(std::regex_match(name_, std::regex("[A-Za-z0-9-]+")),
                "a store's name is of letters, digits and '-'");
  for (const std::string& path : Listed(comm_, folder_, name_ + kNumber + R"(\.tmp)")) {
    if (Communicator::RankIn(comm_) == 0) std::remove(path.c_str());
  }
}

std::vector<std::string> CheckpointStore::Files() const {
  std::vector<std::string> paths = Listed(comm_, folder_, name_ + kNumber);
  std::sort(paths.begin(), paths.end(),
            [](const std::string& a, const std::string& b) { return NumberOf(a) < NumberOf(b); });
  return paths;
}

std::string CheckpointStore::Save(const CheckpointInfo& info, const Exchange& state) {
  const bool first = Communicator::RankIn(comm_) == 0;
  base::AgreeOnFailure(comm_, [&] {
    std::error_code error;
    if (first) fs::create_directories(folder_, error);
    if (error) base::Fail("{}: cannot be made: {}", folder_, error.message());
  });
  const std::vector<std::string> files = Files();
  const long number = files.empty() ? 1 : NumberOf(files.back()) + 1;
  const std::string path =
      (fs::path(folder_) / fmt::format("{}_{:0{}}.h5", name_, number, kDigits)).string();
  const std::string temporary = path + ".tmp";
  try {
    WriteFile(temporary, info, state);
    base::AgreeOnFailure(comm_, [&] {
      if (first) SealFile(temporary);
    });
    FlushFile(comm_, temporary);
    TestDelay("checkpoint.verify");
    const FileCheck check = CheckFile(comm_, temporary);
    if (!check.fault.empty()) {
      base::Fail("{}; what was written cannot be read back: the disk may be faulty", check.fault);
    }
  } catch (const base::UserError&) {
    Discard(temporary);
    throw;
  }
  TestDelay("checkpoint.rename");
  MoveIntoPlace(comm_, temporary, path);
  TestDelay("checkpoint.remove");
  RemoveOldest();
  return path;
}

void CheckpointStore::WriteFile(const std::string& path, const CheckpointInfo& info,
                                const Exchange& state) const {
  Hdf5File file = Hdf5File::Create(comm_, path);
  base::FaultPoint("checkpoint/write");
  WriteInfo(file, info);
  TestDelay("checkpoint.header");
  CheckpointArchive archive(file, false);
  state(archive);
  TestDelay("checkpoint.write");
  file.Close();
}

void CheckpointStore::Discard(const std::string& temporary) const {
  if (Communicator::RankIn(comm_) == 0) std::remove(temporary.c_str());
}

void CheckpointStore::RemoveOldest() {
  const std::vector<std::string> files = Files();
  if (Communicator::RankIn(comm_) != 0) return;
  int kept = 0;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    // What is truncated is none to fall back on.
    if (kept < keep_ && IsSealed(*file)) {
      ++kept;
    } else if (std::remove(file->c_str()) != 0) {
      base::Warn("{}: an old checkpoint, cannot be removed", *file);
    }
  }
}

std::optional<std::string> CheckpointStore::Newest() const {
  const std::vector<std::string> files = Files();
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const FileCheck check = CheckFile(comm_, *file);
    std::string fault = check.fault;
    if (fault.empty() && !check.sealed) {
      fault = *file + ": is truncated, its last bytes are missing";
    }
    if (fault.empty()) {
      fault = base::TryOnAll(comm_, [&] { ReadCheckpointInfo(comm_, *file); });
    }
    if (fault.empty()) return *file;
    const bool last = std::next(file) == files.rend();
    if (Communicator::RankIn(comm_) == 0) {
      base::Warn("{}{}", fault, last ? "" : "; going on from the checkpoint before it");
    }
  }
  return std::nullopt;
}

std::optional<CheckpointInfo> CheckpointStore::Restore(const Fingerprint& now,
                                                       const Fingerprint::Ignores& ignores,
                                                       const Exchange& state) const {
  const std::optional<std::string> path = Newest();
  if (!path && !Files().empty()) {
    base::Fail("{}: none of the checkpoints in this folder is whole; start again without --resume",
               folder_);
  }
  if (!path) return std::nullopt;
  base::FaultPoint("checkpoint/read");
  Hdf5File file = Hdf5File::OpenRead(comm_, *path);
  CheckpointInfo info = ReadInfo(file);
  now.Require(info.fingerprint, *path, ignores);
  CheckpointArchive archive(file, true);
  state(archive);
  file.Close();
  return info;
}

void CheckpointStore::RequireSame(const Fingerprint& now,
                                  const Fingerprint::Ignores& ignores) const {
  const std::vector<std::string> files = Files();
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    CheckpointInfo info;
    const std::string fault =
        base::TryOnAll(comm_, [&] { info = ReadCheckpointInfo(comm_, *file); });
    if (!fault.empty()) continue;  // Restore names it
    // A wrong bit may lie in what tells runs apart.
    const bool differs = !now.WhyNotFrom(info.fingerprint, *file, ignores).empty();
    if (differs && !CheckFile(comm_, *file).fault.empty()) continue;
    now.Require(info.fingerprint, *file, ignores);
    return;
  }
}

std::vector<std::string> ListStores(MPI_Comm comm, const std::string& folder,
                                    const std::string& stem) {
  std::vector<std::string> names;
  for (const fs::path path : Listed(comm, folder, stem + "(-[A-Za-z0-9-]+)?" + kNumber)) {
    const std::string file = path.filename().string();
    names.push_back(file.substr(0, file.rfind('_')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool CheckpointClock::Due() const {
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - last_;
  int due = seconds_ > 0 && waited.count() >= seconds_ ? 1 : 0;
  base::Mpi(MPI_Bcast(&due, 1, MPI_INT, 0, comm_));
  return due != 0;
}

}  // namespace symwave::io
