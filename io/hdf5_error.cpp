#include "io/hdf5_error.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

/// HDF5 ends itself in MPI_Finalize and at exit, and crashes there over a file that it could not
/// close because the disk was full. Started before MPI and without its exit handler it does
/// neither; every file is closed by its owner.
const bool kStarted = H5dont_atexit() >= 0 && H5open() >= 0;

struct Stack {
  std::string deepest;
  std::string all;
};

herr_t Collect(unsigned, const H5E_error2_t* error, void* data) {
  auto* stack = static_cast<Stack*>(data);
  const std::string text = error->desc ? error->desc : "";
  if (!text.empty()) stack->deepest = text;
  stack->all += text + "\n";
  return 0;
}

}  // namespace

void SilenceHdf5() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string Hdf5Reason() {
  Stack stack;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, Collect, &stack);
  const auto says = [&stack](const char* text) {
    return stack.all.find(text) != std::string::npos;
  };
  if (says("No space left")) return "no space left on device; free some and run again";
  if (says("File too large")) return "the file is larger than this system or its limits allow";
  if (says("truncated file")) return "the file is truncated (a run was stopped while writing it)";
  if (says("Disk quota")) return "the disk quota is used up; free some space and run again";
  return stack.deepest.empty() ? "HDF5 gives no reason" : stack.deepest;
}

std::string WhyNotHdf5(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return fmt::format("{}: cannot be read: {}", path, std::strerror(errno));
  }
  if (S_ISDIR(info.st_mode)) return fmt::format("{}: is a folder, not an HDF5 file", path);
  if (access(path.c_str(), R_OK) != 0) {
    return fmt::format("{}: cannot be read: {}", path, std::strerror(errno));
  }
  if (info.st_size == 0) return fmt::format("{}: the file is empty, not an HDF5 file", path);
  if (H5Fis_hdf5(path.c_str()) <= 0) return fmt::format("{}: is not an HDF5 file", path);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) return fmt::format("{}: cannot be opened: {}", path, Hdf5Reason());
  H5Fclose(file);
  return "";
}

std::string WhyNotWritable(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return fmt::format("{}: cannot be written: {}", path, std::strerror(errno));
  close(file);
  return "";
}

std::string WhyNotReserved(const std::string& path, unsigned long long offset,
                           unsigned long long size) {
  constexpr unsigned long long tables = 64 * 1024;
  if (offset == HADDR_UNDEF) return "";
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return fmt::format("{}: cannot be written: {}", path, std::strerror(errno));
  const unsigned long long end = offset + size + tables;
  rlimit limit{};
  const bool limited = getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  int failed = limited && end > limit.rlim_cur ? EFBIG : 0;
  if (failed == 0 && fallocate(file, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                               static_cast<off_t>(size + tables)) != 0) {
    failed = errno;
  }
  close(file);
  // File systems that cannot reserve find out when they write.
  if (failed != ENOSPC && failed != EDQUOT && failed != EFBIG) return "";
  return fmt::format("{}: cannot write {:.3g} MB: {}; free some space or write elsewhere", path,
                     1e-6 * static_cast<double>(size), std::strerror(failed));
}

}  // namespace symwave::io
