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

  /// Like Resume, but grows as "<path>.running" until Commit, so that a table of an earlier run
  /// stays whole. `rows` are taken from there, or from `path` where an ended run is extended; with
  /// rows = 0 it starts anew.
  static Table Beside(MPI_Comm comm, const std::string& path,
                      const std::vector<std::string>& columns, long rows);
  /// Brings the table to the disk and, where it grew beside, to its own name. No row after it.
  void Commit();

  /// One cell per column. Doubles are written so that they read back as the same number.
  void Row(const std::vector<Cell>& cells);
  long Rows() const { return rows_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Table(MPI_Comm comm, std::string path, std::size_t columns, long rows);
  void WriteLine(const std::string& line);

  MPI_Comm comm_;
  std::string path_;
  std::string final_path_;  ///< empty: the table grows in place
  std::size_t columns_;
  long rows_;
  std::unique_ptr<std::FILE, CloseFile> file_;  ///< rank 0 only
};

}  // namespace symwave::io
