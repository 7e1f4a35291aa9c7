// CSV files, plain or compressed by gzip, with file:line in every complaint.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>
#include <vector>

namespace symwave::io {

enum class CsvHeader {
  None,     ///< every line is data
  Present,  ///< the first line is not data
  Detect    ///< the first line is not data when a cell of it is no number, but the one below is
};

enum class CsvSeparator {
  Detect,  ///< the first of semicolon, tabulator and comma that the first line has, else blanks
  Comma,
  Semicolon,
  Tab,
  Blank  ///< one or more blanks or tabulators
};

struct CsvTable {
  std::string path;
  std::vector<std::string> header;             ///< cells of the header line; empty without one
  std::vector<std::vector<std::string>> rows;  ///< all of the same length
  std::vector<int> lines;                      ///< line in the file of every row, from 1

  size_t Columns() const { return rows.front().size(); }
};

/// The finite or infinite number that is the whole cell; a number too large for double precision is
/// NaN.
std::optional<double> CsvNumber(const std::string& cell);

/// "1,55".
bool HasDecimalComma(const std::string& cell);
/// UserError that shows the number with a point.
[[noreturn]] void FailOfDecimalComma(const std::string& number, const std::string& where);

/// The number in column `column` (from 0) of a row. UserError unless it is finite.
double RequireCsvNumber(const CsvTable& table, size_t row, size_t column);

/// Splits one line at a separator that is not Detect; blanks around cells and quotes go.
std::vector<std::string> SplitCsvLine(const std::string& line, CsvSeparator separator);

/// What the line says about the separator.
CsvSeparator DetectCsvSeparator(const std::string& line);

/// Blanks around cells, quotes, empty lines, lines starting with '#', a byte-order mark and CR LF
/// are accepted. UserError: rows of different lengths, no row at all, no text,
/// with Detect also decimal commas between blanks.
CsvTable ParseCsv(const std::string& text, const std::string& path, CsvHeader header,
                  CsvSeparator separator = CsvSeparator::Detect);

/// Collective: rank 0 reads, every rank gets the table.
CsvTable ReadCsv(MPI_Comm comm, const std::string& path, CsvHeader header, CsvSeparator separator);

}  // namespace symwave::io
