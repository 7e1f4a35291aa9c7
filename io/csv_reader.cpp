#include "io/csv_reader.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include "domain/base/error.hpp"
#include "io/deck.hpp"

namespace symwave::io {

namespace {

using base::Fail;

std::string Trim(const std::string& text) {
  const char* blanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return "";
  std::string cell = text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
    cell = cell.substr(1, cell.size() - 2);
  }
  return cell;
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(Trim(cell));
  if (!line.empty() && line.back() == ',') cells.emplace_back();
  return cells;
}

/// The number in a cell; also NaN and infinity.
std::optional<double> Number(const std::string& cell) {
  const char* begin = cell.data();
  const char* const end = begin + cell.size();
  if (begin != end && *begin == '+') ++begin;
  double value = 0;
  const auto [rest, status] = std::from_chars(begin, end, value);
  if (status == std::errc::result_out_of_range) return std::nan("");
  if (status != std::errc() || rest != end) return std::nullopt;
  return value;
}

bool AllNumbers(const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) {
    if (!Number(cell)) return false;
  }
  return true;
}

std::vector<double> Row(const std::vector<std::string>& cells, const std::string& where) {
  std::vector<double> row;
  for (size_t k = 0; k < cells.size(); ++k) {
    const std::optional<double> value = Number(cells[k]);
    if (!value) Fail("{}: column {} holds \"{}\", not a number", where, k + 1, cells[k]);
    if (!std::isfinite(*value)) {
      Fail("{}: column {} holds \"{}\", not a finite number", where, k + 1, cells[k]);
    }
    row.push_back(*value);
  }
  return row;
}

}  // namespace

NumericCsv ParseNumericCsv(const std::string& text, const std::string& path, CsvHeader header) {
  NumericCsv table;
  table.path = path;
  if (text.find('\0') != std::string::npos) Fail("{}: not a text file; CSV is expected", path);
  const std::string mark = "\xEF\xBB\xBF";
  std::istringstream stream(text.compare(0, mark.size(), mark) == 0 ? text.substr(mark.size())
                                                                    : text);
  bool first = true;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (const std::string trimmed = Trim(line); trimmed.empty() || trimmed[0] == '#') continue;
    if (line.back() == '\r') line.pop_back();
    const std::vector<std::string> cells = Cells(line);
    const bool is_header =
        first && header != CsvHeader::None && (header == CsvHeader::Present || !AllNumbers(cells));
    first = false;
    if (is_header) {
      table.header = cells;
      continue;
    }
    const std::string where = fmt::format("{}:{}", path, number);
    table.rows.push_back(Row(cells, where));
    table.lines.push_back(number);
    if (const size_t width = table.rows.front().size(); table.rows.back().size() != width) {
      Fail("{}: {} columns, but line {} has {}", where, table.rows.back().size(),
           table.lines.front(), width);
    }
  }
  if (table.rows.empty()) Fail("{}: the file holds no rows of numbers", path);
  return table;
}

NumericCsv ReadNumericCsv(MPI_Comm comm, const std::string& path, CsvHeader header) {
  return ParseNumericCsv(ReadTextFile(comm, path, "data file"), path, header);
}

}  // namespace symwave::io
