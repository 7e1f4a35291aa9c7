#include "training/dataset.hpp"

#include <algorithm>
#include <cstdlib>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/joined.hpp"
#include "training/dataset_labels.hpp"

namespace symwave::training {

namespace {

/// What a first line "150,4,setosa,versicolor,virginica" says; samples < 0: nothing.
struct Announcement {
  long samples = -1;
  long features = -1;
  std::vector<std::string> classes;
};

bool IsCount(const std::string& cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos;
}

Announcement ReadAnnouncement(const std::vector<std::string>& header) {
  if (header.size() < 4 || !IsCount(header[0]) || !IsCount(header[1])) return {};
  return {std::atol(header[0].c_str()),
          std::atol(header[1].c_str()),
          {header.begin() + 2, header.end()}};
}

void CheckAnnouncement(const Announcement& announced, const io::CsvTable& table) {
  if (announced.samples < 0) return;
  const auto samples = static_cast<long>(table.rows.size());
  const auto features = static_cast<long>(table.Columns()) - 1;
  if (announced.samples != samples) {
    base::Fail(
        "{}:1: the header announces {} samples, the file holds {}; correct the header or the "
        "file",
        table.path, announced.samples, samples);
  }
  if (announced.features != features) {
    base::Fail(
        "{}:1: the header announces {} features, the lines hold {} and the label; correct "
        "the header or the file",
        table.path, announced.features, features);
  }
}

/// Names of the columns, where the header gives them.
std::vector<std::string> ColumnNames(const io::CsvTable& table, const Announcement& announced) {
  if (announced.samples >= 0) return {};
  if (!table.header.empty() && table.header.size() != table.Columns()) {
    const bool commas = table.Columns() == 2 * table.header.size() - 1;
    base::Fail("{}: the header names {} columns, but line {} has {}{}", table.path,
               table.header.size(), table.lines.front(), table.Columns(),
               commas ? "; where numbers have decimal commas, write decimal points" : "");
  }
  return table.header;
}

/// Number from 0 of the column that `given` names, or numbers from 1.
size_t FindColumn(const io::CsvTable& table, const std::vector<std::string>& names,
                  const std::string& key, const std::string& given) {
  const auto found = std::find(names.begin(), names.end(), given);
  if (found != names.end()) return found - names.begin();
  if (IsCount(given) && given.size() < 9) {
    const size_t number = std::stoul(given);
    if (number >= 1 && number <= table.Columns()) return number - 1;
  }
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "; its header names " : ", ") + name;
  const std::string nearest = base::Nearest(given, names);
  base::Fail("data.{} names the column \"{}\"{}, but {} has columns 1 to {}{}", key, given,
             nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), table.path,
             table.Columns(), list);
}

void CheckClasses(const Dataset& data) {
  if (data.classes.size() < 2) {
    base::Fail("{}: all samples are of one class; training needs two classes or more", data.path);
  }
  for (std::size_t c = 0; c < data.classes.size(); ++c) {
    const auto count = std::count(data.labels.begin(), data.labels.end(), static_cast<int>(c));
    if (count < 2) {
      base::Fail(
          "{}: class {} ({}) has {} sample{}; each class needs two or more, one to train and "
          "one to test",
          data.path, c, data.classes[c], count, count == 1 ? "" : "s");
    }
  }
}

/// Leaves out the samples of classes that `only` does not name, and takes its order.
void KeepClasses(Dataset& data, const std::vector<std::string>& only) {
  std::vector<int> number(data.classes.size(), -1);
  for (size_t k = 0; k < only.size(); ++k) {
    const auto found = std::find(data.classes.begin(), data.classes.end(), only[k]);
    if (found == data.classes.end()) {
      const std::string nearest = base::Nearest(only[k], data.classes);
      base::Fail("data.only names {}, which is no class of {}{}; classes: {}", only[k], data.path,
                 nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
                 base::Joined(data.classes));
    }
    number[found - data.classes.begin()] = static_cast<int>(k);
  }
  Eigen::Index kept = 0;
  for (size_t row = 0; row < data.labels.size(); ++row) {
    const int label = number[data.labels[row]];
    if (label < 0) continue;
    data.labels[kept] = label;
    data.features.row(kept++) = data.features.row(static_cast<Eigen::Index>(row)).eval();
  }
  data.labels.resize(kept);
  data.features.conservativeResize(kept, Eigen::NoChange);
  data.classes = only;
}

void CheckNames(const std::vector<std::string>& names, const std::string& source) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) == name) continue;
    base::Fail("{} \"{}\" twice; write each class once, in the order of the classes", source,
               *name);
  }
}

struct Columns {
  std::vector<std::string> names;  ///< of all; empty without a header
  size_t label = 0;
  std::vector<size_t> features;

  std::string Name(size_t column) const {
    return names.empty() ? fmt::format("column {}", column + 1) : names[column];
  }
  bool IsFeature(size_t column) const {
    return std::find(features.begin(), features.end(), column) != features.end();
  }
};

Columns ColumnsOf(const io::CsvTable& table, const DataOptions& options,
                  const Announcement& announced) {
  Columns columns{ColumnNames(table, announced), table.Columns() - 1, {}};
  if (!options.label.empty()) {
    columns.label = FindColumn(table, columns.names, "label", options.label);
  }
  for (const std::string& given : options.columns) {
    const size_t column = FindColumn(table, columns.names, "columns", given);
    if (column == columns.label) {
      base::Fail("data.columns names \"{}\", which is the column of the label", given);
    }
    if (columns.IsFeature(column)) base::Fail("data.columns names \"{}\" twice", given);
    columns.features.push_back(column);
  }
  for (size_t k = 0; options.columns.empty() && k < table.Columns(); ++k) {
    if (k != columns.label) columns.features.push_back(k);
  }
  return columns;
}

/// A feature that holds text in every line is another column than it was taken for.
void RequireNumbers(const io::CsvTable& table, const Columns& columns, bool label_given) {
  for (const size_t column : columns.features) {
    const bool text = std::none_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
      return io::CsvNumber(row[column]) || io::HasDecimalComma(row[column]) || row[column].empty();
    });
    if (!text) continue;
    const std::string name =
        columns.names.empty() ? std::to_string(column + 1) : columns.names[column];
    base::Fail(
        "{}:{}: column {} holds \"{}\", not a number{}; leave other text out by data.columns",
        table.path, table.lines.front(), column + 1, table.rows.front()[column],
        label_given ? "" : fmt::format("; if these are the classes, say data.label: {}", name));
  }
}

/// `make()`, whose errors get the place of the deck in front.
template <class Make>
auto AtPlaceOf(const DataOptions& options, Make&& make) {
  try {
    return make();
  } catch (const base::UserError& error) {
    if (options.where.empty()) throw;
    base::Fail("{}: {}", options.where, error.what());
  }
}

Columns ChooseColumns(const io::CsvTable& table, const DataOptions& options,
                      const Announcement& announced) {
  return AtPlaceOf(options, [&] {
    CheckNames(options.classes, "data.classes names");
    CheckNames(options.only, "data.only names");
    return ColumnsOf(table, options, announced);
  });
}

}  // namespace

Dataset MakeDataset(const io::CsvTable& table, const DataOptions& options) {
  if (table.Columns() < 2) {
    base::Fail(
        "{}:{}: a line needs one feature or more and the label, this one holds {} cell{}: if "
        "something else than a comma, a semicolon, a tabulator or blanks is between them, write "
        "one of these",
        table.path, table.lines.front(), table.Columns(), table.Columns() == 1 ? "" : "s");
  }
  const Announcement announced = ReadAnnouncement(table.header);
  CheckAnnouncement(announced, table);
  CheckNames(announced.classes, table.path + ":1: the header announces");
  const Columns columns = ChooseColumns(table, options, announced);
  RequireNumbers(table, columns, !options.label.empty());
  Dataset data;
  data.path = table.path;
  data.features.resize(static_cast<Eigen::Index>(table.rows.size()),
                       static_cast<Eigen::Index>(columns.features.size()));
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t f = 0; f < columns.features.size(); ++f) {
      data.features(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(f)) =
          io::RequireCsvNumber(table, row, columns.features[f]);
    }
  }
  for (size_t k = 0; k < table.Columns(); ++k) {
    if (columns.IsFeature(k)) continue;
    if (k != columns.label) data.left_out.push_back(columns.Name(k));
  }
  for (const size_t column : columns.features) data.feature_names.push_back(columns.Name(column));
  const std::string what = columns.label + 1 == table.Columns()
                               ? "the last column"
                               : fmt::format("column {}", columns.label + 1);
  const bool given = !options.classes.empty();
  Labels labels =
      ReadLabels(table, columns.label, what, given ? options.classes : announced.classes,
                 given                       ? "data.classes names"
                 : announced.classes.empty() ? "the file has"
                                             : "the header announces");
  data.labels = std::move(labels.labels);
  data.classes = std::move(labels.classes);
  if (!options.only.empty()) AtPlaceOf(options, [&] { KeepClasses(data, options.only); });
  CheckClasses(data);
  return data;
}

Dataset ReadDataset(MPI_Comm comm, const DataOptions& options) {
  base::FaultPoint("data/read");
  return MakeDataset(
      io::ReadCsv(comm, options.file, options.header ? io::CsvHeader::Detect : io::CsvHeader::None,
                  options.separator),
      options);
}

bool IsConstant(const Dataset& data, int feature) {
  return (data.features.col(feature) == data.features(0, feature)).all();
}

bool CountsSamples(const Dataset& data, int feature) {
  const double first = data.features(0, feature);
  if (first != 0 && first != 1) return false;
  for (Eigen::Index row = 0; row < data.features.rows(); ++row) {
    if (data.features(row, feature) != first + static_cast<double>(row)) return false;
  }
  return true;
}

}  // namespace symwave::training
