#include "training/dataset_labels.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"

namespace symwave::training {

namespace {

using base::Fail;

int NumberedLabel(const io::CsvTable& table, size_t row, size_t column, const std::string& what,
                  const std::vector<std::string>& names, const std::string& source) {
  const double label = io::RequireCsvNumber(table, row, column);
  const int line = table.lines[row];
  if (label != std::floor(label)) {
    Fail("{}:{}: the label {} in {} is not an integer; classes are numbered 0, 1, 2, ...",
         table.path, line, label, what);
  }
  if (label < 0) {
    Fail("{}:{}: the label {} in {} is negative; classes are numbered from 0", table.path, line,
         label, what);
  }
  const double limit = names.empty() ? static_cast<double>(table.rows.size()) / 2
                                     : static_cast<double>(names.size());
  if (label >= limit) {
    Fail("{}:{}: the label {} in {} is out of range; {}", table.path, line, label, what,
         names.empty() ? fmt::format("{} samples cannot fill so many classes", table.rows.size())
                       : fmt::format("{} {} classes, labels 0 to {}", source, names.size(),
                                     names.size() - 1));
  }
  return static_cast<int>(label);
}

int NamedLabel(const io::CsvTable& table, size_t row, size_t column, const std::string& what,
               const std::vector<std::string>& names, const std::string& source) {
  const std::string& label = table.rows[row][column];
  const auto found = std::find(names.begin(), names.end(), label);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  const std::string nearest = base::Nearest(label, names);
  Fail("{}:{}: the label \"{}\" in {} is not a class{}; {} {} classes: {}", table.path,
       table.lines[row], label, what,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), source, names.size(),
       base::Joined(names));
}

/// Numbers all, or names all; a number among names is more likely a wrong column or a gap.
bool AreNumbers(const io::CsvTable& table, size_t column, const std::string& what) {
  size_t numbers = 0, other = 0, number = 0;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const std::string& cell = table.rows[row][column];
    const bool is_number = io::CsvNumber(cell).has_value();
    if (cell.empty()) Fail("{}:{}: the label in {} is empty", table.path, table.lines[row], what);
    numbers += is_number ? 1 : 0;
    (is_number ? number : other) = row;
  }
  if (numbers == 0 || numbers == table.rows.size()) return numbers > 0;
  Fail("{}:{}: the label in {} is \"{}\", but line {} has the number {}; take names or numbers",
       table.path, table.lines[other], what, table.rows[other][column], table.lines[number],
       table.rows[number][column]);
}

}  // namespace

Labels ReadLabels(const io::CsvTable& table, size_t column, const std::string& what,
                  const std::vector<std::string>& names, const std::string& source) {
  Labels result;
  result.classes = names;
  const bool numbers = AreNumbers(table, column, what);
  if (!numbers && names.empty()) {
    std::set<std::string> found;
    for (const auto& row : table.rows) found.insert(row[column]);
    result.classes.assign(found.begin(), found.end());
  }
  for (size_t row = 0; row < table.rows.size(); ++row) {
    result.labels.push_back(numbers ? NumberedLabel(table, row, column, what, names, source)
                                    : NamedLabel(table, row, column, what, result.classes, source));
  }
  if (!result.classes.empty()) return result;
  const auto [lowest, highest] = std::minmax_element(result.labels.begin(), result.labels.end());
  const int last = *highest;
  if (*lowest > 0) {
    Fail(
        "{}: the labels in {} are {} to {}, but classes are numbered from 0: subtract {} from "
        "each, "
        "or write names, such as class{}",
        table.path, what, *lowest, last, *lowest, *lowest);
  }
  for (int c = 0; c <= last; ++c) result.classes.push_back(std::to_string(c));
  return result;
}

}  // namespace symwave::training
