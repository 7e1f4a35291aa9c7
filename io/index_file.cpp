#include "io/index_file.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <complex>
#include <optional>
#include <sstream>
#include <vector>

#include "domain/base/error.hpp"
#include "io/csv_reader.hpp"
#include "io/index_header.hpp"

namespace symwave::io {

namespace {

using base::Fail;

/// No optics is done beyond; numbers above are nanometres, those below metres.
constexpr double kLongestWavelength = 100;    // um
constexpr double kShortestWavelength = 1e-3;  // um

/// One of several cells between blanks, semicolons or tabulators, or a quoted one.
void RefuseDecimalCommas(const std::string& line, const std::string& where) {
  std::string text = line;
  for (char& c : text) c = c == ';' || c == '\t' || c == '"' || c == '\r' ? ' ' : c;
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  for (const std::string& word : words) {
    if (words.size() < 2 || !HasDecimalComma(word)) continue;
    FailOfDecimalComma(word, where);
  }
}

bool IsComment(const std::string& line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return true;
  return line[begin] == '#' || line[begin] == '%' || line.compare(begin, 2, "//") == 0;
}

class IndexParser {
 public:
  explicit IndexParser(const std::string& path) : path_(path) {}

  void Add(int line, const std::string& text) {
    const std::string where = fmt::format("{}:{}", path_, line);
    if (IsComment(text)) {
      AddComment(text, where);
      return;
    }
    RefuseDecimalCommas(text, where);
    std::vector<std::string> cells = SplitCsvLine(text, DetectCsvSeparator(text));
    while (cells.size() > 1 && cells.back().empty()) cells.pop_back();
    if (cells.size() == 1 && cells.front().empty()) return;
    if (CsvNumber(cells.front())) {
      UseHeader();
      AddRow(cells, where);
    } else {
      AddHeader(HeaderCells(text), where);
    }
  }

  domain::TabulatedIndex Finish() {
    UseHeader();
    if (rows_.empty()) Fail("{}: the file holds no row of a wavelength and an index", path_);
    if (next_of_block_ != 0 && next_of_block_ != rows_.size()) {
      Fail("{}: the block of k ends after {} of {} wavelengths", path_, next_of_block_,
           rows_.size());
    }
    std::vector<domain::TabulatedIndex::Row> rows;
    for (const Row& row : rows_) {
      const std::complex<double> n = row.permittivity ? std::sqrt(row.value) : row.value;
      rows.push_back({row.wavelength, n});
    }
    try {
      return domain::TabulatedIndex(rows);
    } catch (const base::UserError& error) {
      Fail("{}: {}", path_, error.what());
    }
  }

 private:
  struct Row {
    double wavelength;           ///< um
    std::complex<double> value;  ///< n + i k or eps
    bool permittivity;
  };
  struct Header {
    std::vector<std::string> cells;
    std::string where;
    bool comment = false;
  };

  void AddComment(const std::string& text, const std::string& where) {
    const size_t begin = text.find_first_not_of("#%/ \t\r");
    if (begin == std::string::npos) return;
    const std::string words = text.substr(begin);
    switch (KindOfComment(words)) {
      case CommentKind::Header:
        if (!header_ || header_->comment) header_ = Header{HeaderCells(words), where, true};
        break;
      case CommentKind::Doubtful:
        doubt_ = where;
        break;
      case CommentKind::Text:
        break;
    }
  }

  void AddHeader(const std::vector<std::string>& cells, const std::string& where) {
    const std::string first = cells.front();
    if (first == "REFERENCES:" || first == "DATA:") {
      Fail("{}: this is a record of refractiveindex.info in YAML; take its CSV or TXT file", where);
    }
    if (header_ && !header_->comment && HoldsUnitsAlone(cells)) {
      for (size_t c = 0; c < std::min(cells.size(), header_->cells.size()); ++c) {
        header_->cells[c] += " " + cells[c];
      }
      return;
    }
    if (header_ && !header_->comment) UseHeader();
    header_ = Header{cells, where, false};
  }

  /// The header before the rows that follow.
  void UseHeader() {
    if (!header_) return;
    const Header header = *header_;
    header_.reset();
    try {
      columns_ = ColumnsOf(header.cells, header.where);
    } catch (const base::UserError& error) {
      if (!header.comment) throw;
      Fail("{}; this comment reads like a header: correct it, or take it out", error.what());
    }
    const bool known = columns_.real >= 0 || !rows_.empty();
    if (!known) {
      Fail("{}: this header names {} without {}: {}", header.where,
           columns_.permittivity ? "Im eps" : "k", columns_.permittivity ? "Re eps" : "n",
           KnownHeadings());
    }
    next_of_block_ = 0;
  }

  double Number(const std::vector<std::string>& cells, int column, const std::string& where) const {
    const std::optional<double> value = CsvNumber(cells[column]);
    if (value && std::isfinite(*value)) return *value;
    const std::string& cell = cells[column];
    const bool complex = !cell.empty() && (std::isdigit(cell[0]) != 0 || cell[0] == '(') &&
                         cell.find_last_of("ij") != std::string::npos;
    Fail("{}: column {} holds \"{}\", not a {}number{}", where, column + 1, cell,
         value ? "finite " : "",
         complex ? "; write the real and the imaginary part in columns of their own" : "");
  }

  void CheckColumns(const std::vector<std::string>& cells, const std::string& where) const {
    const int count = static_cast<int>(cells.size());
    const bool named = columns_.count > 0;
    if (named && count != columns_.count) {
      Fail("{}: {} column{}, but the header names {}", where, count, count == 1 ? "" : "s",
           columns_.count);
    }
    if (named) return;
    if (count != 2 && count != 3) {
      Fail(
          "{}: {} column{}, but wavelength, n and, where it absorbs, k are expected; a header may "
          "name which columns these are",
          where, count, count == 1 ? "" : "s");
    }
    if (!doubt_.empty()) {
      Fail(
          "{}: no header names the columns, which are then wavelength in um, n and k; but the "
          "comment at {} speaks of another unit or quantity. Write what it means as a header "
          "before "
          "the numbers, for example \"wavelength (um), n, k\"",
          where, doubt_);
    }
  }

  void AddRow(const std::vector<std::string>& cells, const std::string& where) {
    CheckColumns(cells, where);
    IndexColumns columns = columns_;
    if (columns.count == 0 && cells.size() < 3) columns.imag = -1;
    const double wavelength = Wavelength(cells, where);
    const double imag = columns.imag < 0 ? 0 : Number(cells, columns.imag, where);
    if (columns.real >= 0) {
      rows_.push_back(
          {wavelength, {Number(cells, columns.real, where), imag + 0.0}, columns.permittivity});
      return;
    }
    const bool known = next_of_block_ < rows_.size();
    if (!known || std::abs(rows_[next_of_block_].wavelength - wavelength) > 1e-9 * wavelength) {
      Fail("{}: k stands at {:.9g} um, where the block of n has {}; both need the same wavelengths",
           where, wavelength,
           known ? fmt::format("{:.9g} um", rows_[next_of_block_].wavelength) : "no further row");
    }
    rows_[next_of_block_++].value.imag(imag + 0.0);
  }

  double Wavelength(const std::vector<std::string>& cells, const std::string& where) const {
    const double value = Number(cells, columns_.abscissa, where);
    const std::string& unit = columns_.unit.symbol;
    if (!(value > 0)) Fail("{}: a value of {:.9g} {} must be positive", where, value, unit);
    const double wavelength = columns_.unit.Wavelength(value);
    if (wavelength >= kShortestWavelength && wavelength <= kLongestWavelength) return wavelength;
    if (unit != "um") {
      Fail(
          "{}: {:.9g} {} is a wavelength of {:.6g} um, but allowed are {:g} to {:g} um: is {} the "
          "unit?",
          where, value, unit, wavelength, kShortestWavelength, kLongestWavelength, unit);
    }
    const char* guess = value > 1e9 ? "a frequency in Hz? Then \"frequency (Hz), n, k\""
                        : value > kLongestWavelength
                            ? "it in nanometres? Then \"wavelength (nm), n, k\""
                            : "it in metres? Then \"wavelength (m), n, k\"";
    Fail("{}: a wavelength of {:.9g} um, but allowed are {:g} to {:g} um: is {} is the header",
         where, value, kShortestWavelength, kLongestWavelength, guess);
  }

  std::string path_;
  IndexColumns columns_;
  std::optional<Header> header_;  ///< of the rows to come
  std::string doubt_;             ///< where a comment speaks of columns without being a header
  std::vector<Row> rows_;
  size_t next_of_block_ = 0;  ///< row to which the next k belongs
};

}  // namespace

domain::TabulatedIndex ParseIndexFile(const std::string& text, const std::string& path) {
  if (text.find('\0') != std::string::npos) {
    Fail("{}: not a text file; lines of wavelength, n, k are expected", path);
  }
  const std::string mark = "\xEF\xBB\xBF";
  std::istringstream stream(text.compare(0, mark.size(), mark) == 0 ? text.substr(mark.size())
                                                                    : text);
  IndexParser parser(path);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    parser.Add(number, line);
  }
  return parser.Finish();
}

}  // namespace symwave::io
