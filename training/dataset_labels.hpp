// Classes of the samples of a CSV file.
#pragma once

#include <string>
#include <vector>

#include "io/csv_reader.hpp"

namespace symwave::training {

struct Labels {
  std::vector<int> labels;           ///< 0 ... classes - 1
  std::vector<std::string> classes;  ///< their names, in order
};

/// Column `column` (from 0, called `what` in messages) as classes. Numbers are classes from 0, and
/// `names` are their names; names are looked up in `names`, or numbered in alphabetical order where
/// there are none. `source` says who gave the names. UserError with file:line.
Labels ReadLabels(const io::CsvTable& table, size_t column, const std::string& what,
                  const std::vector<std::string>& names, const std::string& source);

}  // namespace symwave::training
