#include "io/write_back.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace symwave::io {

WriteBack::WriteBack(const std::string& path) : file_(open(path.c_str(), O_WRONLY | O_CLOEXEC)) {}

WriteBack::~WriteBack() {
  if (file_ >= 0) close(file_);
}

void WriteBack::Start(std::uint64_t offset, std::uint64_t count) const {
  if (file_ < 0) return;
  sync_file_range(file_, static_cast<off_t>(offset), static_cast<off_t>(count),
                  SYNC_FILE_RANGE_WRITE);
}

}  // namespace symwave::io
