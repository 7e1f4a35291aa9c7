// Bringing written data to the disk while the program goes on.
#pragma once

#include <cstdint>
#include <string>

namespace symwave::io {

/// A second descriptor of a file that is being written, by this rank alone. The operating system
/// keeps what is written in its memory until the file is flushed; Start lets the disk begin at
/// once. It only advises: that the data are on the disk, and every error of writing them, is known
/// from flushing the file alone. Where a file cannot be opened a second time, or the system keeps
/// no such data (parallel file systems with caches of their own), nothing happens.
class WriteBack {
 public:
  explicit WriteBack(const std::string& path);
  WriteBack(const WriteBack&) = delete;
  WriteBack& operator=(const WriteBack&) = delete;
  ~WriteBack();

  /// The bytes offset .. offset + count of the file have been written.
  void Start(std::uint64_t offset, std::uint64_t count) const;

 private:
  int file_;
};

}  // namespace symwave::io
