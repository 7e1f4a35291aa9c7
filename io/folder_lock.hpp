// One process at a time writes in a folder.
#pragma once

#include <string>

namespace symwave::io {

/// Holds the file `lock` of a folder, which names its holder, until it is destroyed or the process
/// ends, however it ends. Of one process, not collective. On a file system that knows no locks
/// (flock) it holds nothing and refuses nobody.
class FolderLock {
 public:
  static constexpr const char* kFile = "lock";

  FolderLock() = default;
  /// Takes the lock of an existing folder. UserError where another process holds it: which one, on
  /// which machine and since when; and where the file cannot be made.
  explicit FolderLock(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept { *this = std::move(other); }
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock() { Release(); }

  /// The folder may have been renamed meanwhile.
  void Release();

 private:
  int file_ = -1;
};

}  // namespace symwave::io
