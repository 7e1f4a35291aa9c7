// Room on a disk that is kept for what must be written at the end.
#pragma once

#include <string>

namespace symwave::io {

/// Of one process. The room is held by a file without a name, so that nothing is left of it when
/// the process is killed.
class DiskReserve {
 public:
  DiskReserve() = default;
  /// Takes `bytes` on the disk of `path`, in whose folder files can be made. Where that is not
  /// possible for another reason than a lack of room, there is no reserve.
  DiskReserve(const std::string& path, long bytes);
  DiskReserve(DiskReserve&& other) noexcept;
  DiskReserve& operator=(DiskReserve&& other) noexcept;
  ~DiskReserve();

  /// Why there is no room: a sentence with the path; "" where there is.
  const std::string& Fault() const { return fault_; }
  void Release();

 private:
  int file_ = -1;
  std::string fault_;
};

}  // namespace symwave::io
