// A CSV table that grows line by line and can be read while it grows.
#pragma once

#include <mpi.h>

#include <cstdio>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace symwave::io {

/// Rank 0 writes and flushes every row; all members are collective.
class Table {
 public:
  using Cell = std::variant<double, long, std::string>;

  /// Starts a new file with a line of column names.
  Table(MPI_Comm comm, const std::string& path, const std::vector<std::string>& columns);
  /// Goes on with the file of an earlier run: keeps its first `rows` rows and drops what came after
  /// (rows written since the last checkpoint). UserError when the columns differ or rows are
  /// missing. Without a file and with rows = 0 it starts a new one.
  static Table Resume(MPI_Comm comm, const std::string& path,
                      const std::vector<std::string>& columns, long rows);

  /// One cell per column. Doubles are written so that they read back as the same number.
  void Row(const std::vector<Cell>& cells);
  long Rows() const { return rows_; }
  /// Brings all rows to the disk, before a checkpoint counts on them.
  void Flush();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Table(MPI_Comm comm, std::string path, std::size_t columns, long rows);
  void WriteLine(const std::string& line);

  MPI_Comm comm_;
  std::string path_;
  std::size_t columns_;
  long rows_;
  std::unique_ptr<std::FILE, CloseFile> file_;  ///< rank 0 only
};

}  // namespace symwave::io
