#include "io/csv_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
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
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string Unquoted(const std::string& text) {
  const std::string cell = Trim(text);
  const bool quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  return quoted ? cell.substr(1, cell.size() - 2) : cell;
}

bool Separates(char c, CsvSeparator separator) {
  switch (separator) {
    case CsvSeparator::Semicolon:
      return c == ';';
    case CsvSeparator::Tab:
      return c == '\t';
    case CsvSeparator::Blank:
      return c == ' ' || c == '\t';
    default:
      return c == ',';
  }
}

struct Line {
  int number;
  std::string text;
};

bool LooksLikeNumber(const std::string& cell) {
  return CsvNumber(cell).has_value() || HasDecimalComma(cell);
}

/// Commas that stand in numbers between blanks, where they would part them: "5,1 3,5 rose".
void RefuseDecimalCommas(const Line& line, const std::string& path) {
  std::istringstream stream(line.text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  const auto parts = [](const std::string& word) {
    return word.find(',') != std::string::npos && !HasDecimalComma(word);
  };
  if (words.size() < 2 || std::any_of(words.begin(), words.end(), parts)) return;
  const auto found = std::find_if(words.begin(), words.end(), HasDecimalComma);
  if (found != words.end()) FailOfDecimalComma(*found, fmt::format("{}:{}", path, line.number));
}

/// One with a cell that is no number where the next line has one, or that has no next line.
bool IsHeader(const std::vector<std::string>& cells, const std::vector<std::string>* next) {
  for (size_t k = 0; k < cells.size(); ++k) {
    if (LooksLikeNumber(cells[k])) continue;
    if (!next || k >= next->size() || LooksLikeNumber((*next)[k])) return true;
  }
  return false;
}

std::vector<Line> DataLines(const std::string& text) {
  const std::string mark = "\xEF\xBB\xBF";
  std::istringstream stream(text.compare(0, mark.size(), mark) == 0 ? text.substr(mark.size())
                                                                    : text);
  std::vector<Line> lines;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (const std::string trimmed = Trim(line); trimmed.empty() || trimmed[0] == '#') continue;
    if (line.back() == '\r') line.pop_back();
    lines.push_back({number, line});
  }
  return lines;
}

}  // namespace

std::optional<double> CsvNumber(const std::string& cell) {
  const char* begin = cell.data();
  const char* const end = begin + cell.size();
  if (begin != end && *begin == '+') ++begin;
  double value = 0;
  const auto [rest, status] = std::from_chars(begin, end, value);
  if (status == std::errc::result_out_of_range) return std::nan("");
  if (status != std::errc() || rest != end) return std::nullopt;
  return value;
}

bool HasDecimalComma(const std::string& cell) {
  const size_t comma = cell.find(',');
  const char* digits = "0123456789";
  const size_t sign = !cell.empty() && (cell[0] == '-' || cell[0] == '+') ? 1 : 0;
  if (comma == std::string::npos || comma <= sign || comma + 1 == cell.size()) return false;
  if (cell.substr(sign, comma - sign).find_first_not_of(digits) != std::string::npos) return false;
  const size_t end = cell.find_first_not_of(digits, comma + 1);
  return end != comma + 1 && (end == std::string::npos || cell[end] == 'e' || cell[end] == 'E');
}

void FailOfDecimalComma(const std::string& number, const std::string& where) {
  std::string point = number;
  point[point.find(',')] = '.';
  Fail("{}: \"{}\" is written with a decimal comma; write decimal points ({})", where, number,
       point);
}

double RequireCsvNumber(const CsvTable& table, size_t row, size_t column) {
  const std::string& cell = table.rows[row][column];
  const std::optional<double> value = CsvNumber(cell);
  if (value && std::isfinite(*value)) return *value;
  const std::string where =
      fmt::format("{}:{}: column {}", table.path, table.lines[row], column + 1);
  if (HasDecimalComma(cell)) FailOfDecimalComma(cell, where);
  Fail("{} holds \"{}\", not a {}number", where, cell, value ? "finite " : "");
}

CsvSeparator DetectCsvSeparator(const std::string& line) {
  if (line.find(';') != std::string::npos) return CsvSeparator::Semicolon;
  if (Trim(line).find('\t') != std::string::npos) return CsvSeparator::Tab;
  if (line.find(',') != std::string::npos) return CsvSeparator::Comma;
  return CsvSeparator::Blank;
}

std::vector<std::string> SplitCsvLine(const std::string& line, CsvSeparator separator) {
  const bool blank = separator == CsvSeparator::Blank;
  const std::string text = blank ? Trim(line) : line;
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '"') quoted = !quoted;
    if (quoted || !Separates(text[k], separator)) {
      cells.back() += text[k];
    } else if (!blank || !Separates(text[k - 1], separator)) {
      cells.emplace_back();
    }
  }
  for (std::string& cell : cells) cell = Unquoted(cell);
  return cells;
}

CsvTable ParseCsv(const std::string& text, const std::string& path, CsvHeader header,
                  CsvSeparator separator) {
  if (text.find('\0') != std::string::npos) Fail("{}: not a text file; CSV is expected", path);
  const std::vector<Line> lines = DataLines(text);
  if (separator == CsvSeparator::Detect && !lines.empty()) {
    separator = DetectCsvSeparator(lines[0].text);
    const bool commas = separator == CsvSeparator::Comma || separator == CsvSeparator::Blank;
    for (const Line& line : lines) {
      if (commas) RefuseDecimalCommas(line, path);
    }
  }
  CsvTable table;
  table.path = path;
  for (const Line& line : lines) {
    table.rows.push_back(SplitCsvLine(line.text, separator));
    table.lines.push_back(line.number);
  }
  const auto* next = table.rows.size() > 1 ? &table.rows[1] : nullptr;
  const bool has_header =
      !table.rows.empty() && (header == CsvHeader::Present ||
                              (header == CsvHeader::Detect && IsHeader(table.rows.front(), next)));
  if (has_header) {
    table.header = table.rows.front();
    table.rows.erase(table.rows.begin());
    table.lines.erase(table.lines.begin());
  }
  if (table.rows.empty()) Fail("{}: the file holds no rows of data", path);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    if (table.rows[row].size() == table.Columns()) continue;
    Fail("{}:{}: {} columns, but line {} has {}", path, table.lines[row], table.rows[row].size(),
         table.lines.front(), table.Columns());
  }
  return table;
}

CsvTable ReadCsv(MPI_Comm comm, const std::string& path, CsvHeader header, CsvSeparator separator) {
  return ParseCsv(ReadTextFile(comm, path, "data file"), path, header, separator);
}

}  // namespace symwave::io
