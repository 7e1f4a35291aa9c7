#include "io/index_file.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <sstream>

#include "domain/base/error.hpp"
#include "domain/base/units.hpp"
#include "io/csv_reader.hpp"

namespace symwave::io {

namespace {

using base::Fail;

/// No optics is done beyond; numbers above are nanometres.
constexpr double kLongestWavelength = 100;  // um

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The words of a header's cell: "Wavelength (nm)" gives wavelength and nm.
std::vector<std::string> Words(const std::string& cell) {
  std::string text = cell;
  for (char& c : text) {
    if (std::string("()[]/_,").find(c) != std::string::npos) c = ' ';
  }
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Which columns a block of lines has.
struct Columns {
  int wavelength = 0;
  int n = 1;
  int k = 2;  ///< -1: none
  std::string unit = "um";
  bool named = false;  ///< by a header
};

std::string UnitIn(const std::vector<std::string>& words) {
  const std::map<std::string, std::string> symbols{{"um", "um"},         {"\xC2\xB5m", "um"},
                                                   {"\xCE\xBCm", "um"},  {"microns", "um"},
                                                   {"micron", "um"},     {"micrometers", "um"},
                                                   {"nm", "nm"},         {"nanometers", "nm"},
                                                   {"nanometres", "nm"}, {"thz", "THz"},
                                                   {"ghz", "GHz"},       {"ev", "eV"},
                                                   {"mm", "mm"},         {"m", "m"}};
  for (const std::string& word : words) {
    const auto found = symbols.find(Lower(word));
    if (found != symbols.end()) return found->second;
  }
  return "";
}

enum class Quantity { Unknown, Wavelength, N, K };

Quantity QuantityIn(const std::vector<std::string>& words) {
  if (words.empty()) return Quantity::Unknown;
  const std::string first = Lower(words.front());
  for (const char* name : {"wl", "wavelength", "lambda", "\xCE\xBB", "wvl", "w", "frequency",
                           "freq", "f", "energy", "e", "lam"}) {
    if (first == name) return Quantity::Wavelength;
  }
  for (const char* name : {"n", "n'", "re", "real", "index"}) {
    if (first == name) return Quantity::N;
  }
  for (const char* name : {"k", "kappa", "\xCE\xBA", "n''", "im", "imag", "extinction"}) {
    if (first == name) return Quantity::K;
  }
  return UnitIn(words).empty() ? Quantity::Unknown : Quantity::Wavelength;
}

Columns FromHeader(const std::vector<std::string>& cells, const std::string& where) {
  Columns columns{-1, -1, -1, "", true};
  for (size_t c = 0; c < cells.size(); ++c) {
    const std::vector<std::string> words = Words(cells[c]);
    int* column = nullptr;
    switch (QuantityIn(words)) {
      case Quantity::Wavelength:
        column = &columns.wavelength;
        columns.unit = UnitIn(words);
        break;
      case Quantity::N:
        column = &columns.n;
        break;
      case Quantity::K:
        column = &columns.k;
        break;
      case Quantity::Unknown:
        break;
    }
    if (column != nullptr && *column < 0) *column = static_cast<int>(c);
  }
  const std::string name = columns.wavelength < 0 ? "" : Lower(cells[columns.wavelength]);
  if (columns.wavelength < 0 || (columns.n < 0 && columns.k < 0)) {
    Fail(
        "{}: this line is no row of numbers, and no header that names wavelength, n and k: write "
        "for example \"wavelength (nm), n, k\"",
        where);
  }
  if (columns.unit.empty() && (name[0] == 'f' || name[0] == 'e')) {
    Fail("{}: \"{}\" needs a unit: THz, GHz or eV in parentheses", where,
         cells[columns.wavelength]);
  }
  if (columns.unit.empty()) columns.unit = "um";
  return columns;
}

class IndexParser {
 public:
  explicit IndexParser(const std::string& path) : path_(path) {}

  void Add(int line, const std::string& text) {
    const std::string where = fmt::format("{}:{}", path_, line);
    CsvSeparator separator = DetectCsvSeparator(text);
    const std::vector<std::string> cells = SplitCsvLine(text, separator);
    if (!CsvNumber(cells.front())) {
      columns_ = FromHeader(cells, where);
      next_of_block_ = 0;
      return;
    }
    AddRow(cells, where);
  }

  domain::TabulatedIndex Finish() {
    if (rows_.empty()) Fail("{}: the file holds no row of a wavelength and an index", path_);
    if (next_of_block_ != 0 && next_of_block_ != rows_.size()) {
      Fail("{}: the block of k ends after {} of {} wavelengths", path_, next_of_block_,
           rows_.size());
    }
    try {
      return domain::TabulatedIndex(rows_);
    } catch (const base::UserError& error) {
      Fail("{}: {}", path_, error.what());
    }
  }

 private:
  double Number(const std::vector<std::string>& cells, int column, const std::string& where) const {
    const std::optional<double> value = CsvNumber(cells[column]);
    if (value && std::isfinite(*value)) return *value;
    const bool comma = cells[column].find(',') != std::string::npos;
    Fail("{}: column {} holds \"{}\", not a {}number{}", where, column + 1, cells[column],
         value ? "finite " : "", comma ? "; write a decimal point, not a comma" : "");
  }

  void AddRow(const std::vector<std::string>& cells, const std::string& where) {
    Columns columns = columns_;
    if (!columns.named && cells.size() < 3) columns.k = -1;
    const int last = std::max({columns.wavelength, columns.n, columns.k});
    if (static_cast<int>(cells.size()) <= last || (!columns.named && cells.size() > 3)) {
      Fail("{}: {} column{}, but wavelength, n and, where it absorbs, k are expected{}", where,
           cells.size(), cells.size() == 1 ? "" : "s",
           columns.named ? "" : "; a header may name which columns these are");
    }
    const double wavelength = Wavelength(cells, columns, where);
    const double k = columns.k < 0 ? 0 : Number(cells, columns.k, where);
    if (columns.n >= 0) {
      rows_.push_back({wavelength, {Number(cells, columns.n, where), k}});
      return;
    }
    const bool known = next_of_block_ < rows_.size();
    if (!known || std::abs(rows_[next_of_block_].wavelength_um - wavelength) > 1e-9 * wavelength) {
      Fail("{}: k stands at {} um, where the block of n has {}; both need the same wavelengths",
           where, wavelength,
           known ? fmt::format("{} um", rows_[next_of_block_].wavelength_um) : "no further row");
    }
    rows_[next_of_block_++].index.imag(k);
  }

  double Wavelength(const std::vector<std::string>& cells, const Columns& columns,
                    const std::string& where) const {
    const double value = Number(cells, columns.wavelength, where);
    double wavelength = 0;
    try {
      wavelength =
          base::ParseQuantity(fmt::format("{} {}", value, columns.unit), base::Unit::Wavelength);
    } catch (const base::UserError& error) {
      Fail("{}: {}", where, error.what());
    }
    if (wavelength > 0 && wavelength <= kLongestWavelength) return wavelength;
    Fail("{}: a wavelength of {} {}{}", where, value, columns.unit,
         wavelength > 0 ? "; the longest is 100 um: are these nanometres? Then begin the file with "
                          "the header \"wavelength (nm), n, k\""
                        : " must be positive");
  }

  std::string path_;
  Columns columns_;
  std::vector<domain::TabulatedIndex::Row> rows_;
  size_t next_of_block_ = 0;  ///< row to which the next k belongs
};

bool IsComment(const std::string& line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return true;
  return line[begin] == '#' || line[begin] == '%' || line.compare(begin, 2, "//") == 0;
}

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
    if (!IsComment(line)) parser.Add(number, line);
  }
  return parser.Finish();
}

}  // namespace symwave::io
