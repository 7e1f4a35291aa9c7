// A CSV table that grows line by line and can be read while it grows.
#pragma once

#include <mpi.h>

#include <cstdio>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "domain/base/state_archive.hpp"

namespace symwave::io {

/// Rank 0 writes and flushes every row; all members are collective.
class Table {
 public:
  using Cell = std::variant<double, long, std::string>;

  /// The first row starts a new file with a line of column names.
  Table(MPI_Comm comm, std::string path, const std::vector<std::string>& columns);

  /// One cell per column. Doubles are written so that they read back as the same number.
  void Row(const std::vector<Cell>& cells);

  /// The whole text is part of the state; restoring writes the file anew, whatever has become of
  /// it.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name);

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void Open();
  void Append(const std::string& text);

  MPI_Comm comm_;
  std::string path_;
  std::size_t columns_;
  // Of rank 0.
  std::string text_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace symwave::io
