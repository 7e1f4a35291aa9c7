#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"

namespace symwave::io {

namespace {

using base::Fail;

/// Flushes a file or the entries of a folder to disk.
void Flush(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) Fail("{}: cannot be opened to be flushed: {}", path, std::strerror(errno));
  const int failed = fsync(file) != 0 ? errno : 0;
  close(file);
  // Some file systems cannot flush a folder; the rename is then as safe as they make it.
  if (failed != 0 && failed != EINVAL) {
    Fail("{}: cannot be written: {}", path, std::strerror(failed));
  }
}

void FlushFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  FlushEntries(folder.empty() ? "." : folder);
}

void Replace(const std::string& path, const std::string& temporary) {
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    Fail("{}: cannot be replaced: {}", path, std::strerror(errno));
  }
  FlushFolderOf(path);
}

void WriteText(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) Fail("{}: cannot be written: {}", path, std::strerror(errno));
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int reason = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written) Fail("{}: cannot be written: {}", path, std::strerror(reason));
  if (!closed) Fail("{}: cannot be written: {}", path, std::strerror(errno));
}

}  // namespace

void ReplaceAtomically(MPI_Comm comm, const std::string& path,
                       const std::function<void(const std::string& temporary)>& write) {
  base::FaultPoint("file/write");
  const bool first = base::Communicator::RankIn(comm) == 0;
  const std::string temporary = path + ".tmp";
  try {
    write(temporary);
    FlushFile(comm, temporary);
  } catch (...) {
    if (first) std::remove(temporary.c_str());
    throw;
  }
  MoveIntoPlace(comm, temporary, path);
}

void FlushFile(MPI_Comm comm, const std::string& path) {
  base::AgreeOnFailure(comm, [&] { Flush(path, O_RDONLY); });
}

void FlushEntries(const std::string& folder) {
  Flush(folder, O_RDONLY | O_DIRECTORY);
}

void MoveIntoPlace(MPI_Comm comm, const std::string& temporary, const std::string& path) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    try {
      Replace(path, temporary);
    } catch (...) {
      std::remove(temporary.c_str());
      throw;
    }
  });
}

void ReplaceText(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".tmp";
  try {
    WriteText(temporary, text);
    Flush(temporary, O_RDONLY);
    Replace(path, temporary);
  } catch (...) {
    std::remove(temporary.c_str());
    throw;
  }
}

void WriteTextAtomically(MPI_Comm comm, const std::string& path, const std::string& text) {
  const bool first = base::Communicator::RankIn(comm) == 0;
  ReplaceAtomically(comm, path, [&](const std::string& temporary) {
    base::AgreeOnFailure(comm, [&] {
      if (first) WriteText(temporary, text);
    });
  });
}

}  // namespace symwave::io
