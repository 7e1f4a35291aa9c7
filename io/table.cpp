#include "io/table.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "io/atomic_file.hpp"

namespace symwave::io {

namespace {

using base::Fail;

std::string CommaLine(const std::vector<std::string>& columns) {
  std::string line;
  for (const auto& column : columns) line += (line.empty() ? "" : ",") + column;
  return line;
}

/// Quotes where a comma, a quote or a line break would change the columns.
std::string Text(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string Text(const Table::Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return Text(*text);
  if (const auto* number = std::get_if<long>(&cell)) return fmt::format("{}", *number);
  return fmt::format("{}", std::get<double>(cell));
}

/// Bytes of the file at `path` up to the end of row `rows`; checks the line of names.
long LengthOf(const std::string& path, const std::string& names, long rows) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  const std::string text = content.str();
  if (text.compare(0, names.size() + 1, names + "\n") != 0) {
    Fail("{}: the columns are not {}; the file belongs to another run", path, names);
  }
  size_t end = names.size() + 1;
  for (long row = 0; row < rows; ++row) {
    const size_t next = text.find('\n', end);
    if (next == std::string::npos) {
      Fail("{}: has only {} of the {} rows that the checkpoint knows", path, row, rows);
    }
    end = next + 1;
  }
  return static_cast<long>(end);
}

}  // namespace

Table::Table(MPI_Comm comm, std::string path, std::size_t columns, long rows)
    : comm_(comm), path_(std::move(path)), columns_(columns), rows_(rows) {}

Table::Table(MPI_Comm comm, const std::string& path, const std::vector<std::string>& columns)
    : Table(comm, path, columns.size(), 0) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    file_.reset(std::fopen(path.c_str(), "w"));
    if (!file_) Fail("{}: cannot be written: {}", path, std::strerror(errno));
    WriteLine(CommaLine(columns));
  });
}

Table Table::Resume(MPI_Comm comm, const std::string& path, const std::vector<std::string>& columns,
                    long rows) {
  const bool first = base::Communicator::RankIn(comm) == 0;
  int exists = first && access(path.c_str(), F_OK) == 0;
  base::Mpi(MPI_Bcast(&exists, 1, MPI_INT, 0, comm));
  if (!exists && rows == 0) return Table(comm, path, columns);
  Table table(comm, path, columns.size(), rows);
  base::AgreeOnFailure(comm, [&] {
    if (!first) return;
    if (!exists) Fail("{}: is missing, but the checkpoint knows {} rows of it", path, rows);
    const long length = LengthOf(path, CommaLine(columns), rows);
    if (truncate(path.c_str(), length) != 0) {
      Fail("{}: cannot be written: {}", path, std::strerror(errno));
    }
    table.file_.reset(std::fopen(path.c_str(), "a"));
    if (!table.file_) Fail("{}: cannot be written: {}", path, std::strerror(errno));
  });
  return table;
}

void Table::WriteLine(const std::string& line) {
  const bool written = std::fprintf(file_.get(), "%s\n", line.c_str()) >= 0;
  if (!written || std::fflush(file_.get()) != 0) {
    Fail("{}: cannot be written: {}", path_, std::strerror(errno));
  }
}

void Table::Row(const std::vector<Cell>& cells) {
  base::FaultPoint("table/row");
  base::Require(cells.size() == columns_, "a row has one cell per column");
  std::string line;
  for (size_t k = 0; k < cells.size(); ++k) line += (k == 0 ? "" : ",") + Text(cells[k]);
  base::AgreeOnFailure(comm_, [&] {
    if (file_) WriteLine(line);
  });
  ++rows_;
}

void Table::Flush() {
  base::AgreeOnFailure(comm_, [&] {
    if (file_) FlushPages(path_);
  });
}

}  // namespace symwave::io
