#include "io/disk_reserve.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

int OpenWithoutName(const std::string& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  // Network file systems want a name first.
  std::string name = folder + "/.reserve-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

/// 0, or what the system says.
int Fill(int file, long bytes) {
  if (fallocate(file, 0, 0, bytes) == 0) return 0;
  if (errno != EOPNOTSUPP) return errno;
  const std::vector<char> zeros(static_cast<std::size_t>(bytes));
  const ssize_t written = write(file, zeros.data(), zeros.size());
  if (written < 0) return errno;
  return written < bytes ? ENOSPC : 0;
}

}  // namespace

DiskReserve::DiskReserve(const std::string& path, long bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    bytes = std::min(bytes, static_cast<long>(limit.rlim_cur));
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  file_ = OpenWithoutName(folder.empty() ? "." : folder);
  const int error = file_ < 0 ? errno : Fill(file_, bytes);
  if (error == ENOSPC || error == EDQUOT) {
    fault_ = fmt::format("{}: cannot be written: {}; free some space or write elsewhere", path,
                         std::strerror(error));
  }
  if (error != 0) Release();
}

DiskReserve::DiskReserve(DiskReserve&& other) noexcept
    : file_(std::exchange(other.file_, -1)), fault_(std::move(other.fault_)) {}

DiskReserve& DiskReserve::operator=(DiskReserve&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(fault_, other.fault_);
  return *this;
}

DiskReserve::~DiskReserve() {
  Release();
}

void DiskReserve::Release() {
  if (file_ >= 0) close(file_);
  file_ = -1;
}

}  // namespace symwave::io
