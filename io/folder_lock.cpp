#include "io/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/process.hpp"

namespace symwave::io {

namespace {

std::string Holder() {
  return fmt::format("process {} on {} since {} UTC", getpid(), base::HostName(), base::UtcNow());
}

std::string ContentOf(int file) {
  std::array<char, 512> text{};
  const ssize_t length = pread(file, text.data(), text.size() - 1, 0);
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length))
                    : "its holder is not known";
}

/// Whether the open file is still the one of that name: the holder before may have removed it.
bool IsStill(int file, const std::string& path) {
  struct stat open_one {
  }, named{};
  return fstat(file, &open_one) == 0 && stat(path.c_str(), &named) == 0 &&
         open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

void WriteHolder(const std::string& path) {
  const std::string holder = Holder();
  const int file = open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  const bool written =
      file >= 0 && write(file, holder.data(), holder.size()) == static_cast<ssize_t>(holder.size());
  const int reason = errno;
  if (file >= 0) close(file);
  if (!written) base::Fail("{}: cannot be written: {}", path, std::strerror(reason));
}

}  // namespace

FolderLock::FolderLock(const std::string& folder) {
  const std::string path = folder + "/" + kFile;
  // Open for reading it keeps no file system from becoming read-only; network file systems lock
  // what is open for writing alone.
  int mode = O_RDONLY;
  for (;;) {
    file_ = open(path.c_str(), mode | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) base::Fail("{}: cannot be made: {}", path, std::strerror(errno));
    const bool locked = flock(file_, LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno == EBADF && mode == O_RDONLY) {
      mode = O_RDWR;
      Release();
      continue;
    }
    if (!locked && errno == EWOULDBLOCK) {
      const std::string holder = ContentOf(file_);
      Release();
      base::Fail(
          "{}: a run is at work in this folder, {}; wait for its end or choose another --output "
          "(if that process is dead, remove {})",
          folder, holder, path);
    }
    if (IsStill(file_, path)) break;
    Release();
  }
  WriteHolder(path);
}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  if (this != &other) {
    Release();
    file_ = std::exchange(other.file_, -1);
  }
  return *this;
}

void FolderLock::Release() {
  if (file_ >= 0) close(file_);
  file_ = -1;
}

}  // namespace symwave::io
