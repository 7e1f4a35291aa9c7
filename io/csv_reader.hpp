// Numeric CSV files, with file:line in every complaint.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace symwave::io {

enum class CsvHeader {
  None,     ///< every line is data
  Present,  ///< the first line is not data
  Detect    ///< the first line is not data when one of its cells is not a number
};

struct NumericCsv {
  std::string path;
  std::vector<std::string> header;        ///< cells of the header line; empty without one
  std::vector<std::vector<double>> rows;  ///< all of the same length, finite
  std::vector<int> lines;                 ///< line in the file of every row, from 1
};

/// Cells are separated by commas; blanks around them, quotes, empty lines, lines starting with '#',
/// a byte-order mark and CR LF are accepted. UserError: a cell that is not a finite number, rows of
/// different lengths, no row at all.
NumericCsv ParseNumericCsv(const std::string& text, const std::string& path, CsvHeader header);

/// Collective: rank 0 reads, every rank gets the table.
NumericCsv ReadNumericCsv(MPI_Comm comm, const std::string& path, CsvHeader header);

}  // namespace symwave::io
