#include "io/table.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/messages.hpp"

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

}  // namespace

Table::Table(MPI_Comm comm, std::string path, const std::vector<std::string>& columns)
    : comm_(comm),
      path_(std::move(path)),
      columns_(columns.size()),
      text_(CommaLine(columns) + "\n") {}

void Table::Open() {
  file_.reset(std::fopen(path_.c_str(), "w"));
  if (!file_) Fail("{}: cannot be written: {}", path_, std::strerror(errno));
  Append(text_);
}

void Table::Append(const std::string& text) {
  const bool written = std::fputs(text.c_str(), file_.get()) >= 0;
  if (!written || std::fflush(file_.get()) != 0) {
    Fail("{}: cannot be written: {}", path_, std::strerror(errno));
  }
}

void Table::Row(const std::vector<Cell>& cells) {
  base::FaultPoint("table/row");
  base::Require(cells.size() == columns_, "a row has one cell per column");
  std::string line;
  for (size_t k = 0; k < cells.size(); ++k) line += (k == 0 ? "" : ",") + Text(cells[k]);
  line += "\n";
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    if (!file_) Open();
    Append(line);
    text_ += line;
  });
}

void Table::SaveOrRestore(base::StateArchive& archive, const std::string& name) {
  std::string text = text_;
  if (!archive.Restoring()) base::Broadcast(comm_, text);
  archive.Value(name, text);
  if (!archive.Restoring()) return;
  base::AgreeOnFailure(comm_, [&] {
    if (base::Communicator::RankIn(comm_) != 0) return;
    text_ = text;
    Open();
  });
}

}  // namespace symwave::io
