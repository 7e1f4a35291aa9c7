#include "training/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "domain/base/error.hpp"

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

void CheckAnnouncement(const Announcement& announced, const io::NumericCsv& table) {
  if (announced.samples < 0) return;
  const auto samples = static_cast<long>(table.rows.size());
  const auto features = static_cast<long>(table.rows.front().size()) - 1;
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

int ReadLabel(const io::NumericCsv& table, std::size_t row, const Announcement& announced) {
  const double label = table.rows[row].back();
  const int line = table.lines[row];
  if (label != std::floor(label)) {
    base::Fail(
        "{}:{}: the label {} in the last column is not an integer; classes are numbered 0, "
        "1, 2, ...",
        table.path, line, label);
  }
  if (label < 0) {
    base::Fail("{}:{}: the label {} in the last column is negative; classes are numbered from 0",
               table.path, line, label);
  }
  const double limit = announced.samples < 0 ? static_cast<double>(table.rows.size()) / 2
                                             : static_cast<double>(announced.classes.size());
  if (label >= limit) {
    base::Fail("{}:{}: the label {} in the last column is out of range; {}", table.path, line,
               label,
               announced.samples < 0
                   ? fmt::format("{} samples cannot fill so many classes", table.rows.size())
                   : fmt::format("the header announces {} classes, labels 0 to {}",
                                 announced.classes.size(), announced.classes.size() - 1));
  }
  return static_cast<int>(label);
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

}  // namespace

Dataset MakeDataset(const io::NumericCsv& table) {
  if (table.rows.empty()) base::Fail("{}: the file holds no samples", table.path);
  const std::size_t columns = table.rows.front().size();
  if (columns < 2) {
    base::Fail(
        "{}:{}: a line needs one feature or more and then the label, this one holds {} cell{}",
        table.path, table.lines.front(), columns, columns == 1 ? "" : "s");
  }
  const Announcement announced = ReadAnnouncement(table.header);
  CheckAnnouncement(announced, table);

  Dataset data;
  data.path = table.path;
  data.features.resize(static_cast<Eigen::Index>(table.rows.size()),
                       static_cast<Eigen::Index>(columns) - 1);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t f = 0; f + 1 < columns; ++f) {
      data.features(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(f)) =
          table.rows[row][f];
    }
    data.labels.push_back(ReadLabel(table, row, announced));
  }
  data.classes = announced.classes;
  if (data.classes.empty()) {
    const int last = *std::max_element(data.labels.begin(), data.labels.end());
    for (int c = 0; c <= last; ++c) data.classes.push_back(std::to_string(c));
  }
  CheckClasses(data);
  return data;
}

Dataset ReadDataset(MPI_Comm comm, const DataOptions& options) {
  return MakeDataset(io::ReadNumericCsv(
      comm, options.file, options.header ? io::CsvHeader::Detect : io::CsvHeader::None));
}

}  // namespace symwave::training
