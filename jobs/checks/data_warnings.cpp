#include "jobs/checks/data_warnings.hpp"

#include <algorithm>
#include <cctype>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "training/split.hpp"

namespace symwave::jobs::checks {

namespace {

std::string Folded(const std::string& name) {
  std::string folded;
  for (const char c : name) {
    if (!std::isspace(static_cast<unsigned char>(c))) {
      folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return folded;
}

/// Names that only a slip makes different.
std::vector<std::string> ClassWarnings(const std::string& where, const training::Dataset& data) {
  std::vector<std::string> warnings;
  for (size_t a = 0; a < data.classes.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      if (Folded(data.classes[a]) != Folded(data.classes[b])) continue;
      warnings.push_back(
          fmt::format("{}: the classes \"{}\" and \"{}\" of {} differ in case or blanks only and "
                      "are two classes: "
                      "write them alike, if they are one",
                      where, data.classes[b], data.classes[a], data.path));
    }
  }
  return warnings;
}

/// Classes of which the split leaves a single sample to learn from, though there are more.
std::string SplitWarning(const deck::ChipTrainingOptions& options, const training::Dataset& data) {
  const double fraction = options.data.front().test_fraction;
  long all = 0, left = 0;
  std::vector<std::string> single;
  for (size_t c = 0; c < data.classes.size(); ++c) {
    const long count = std::count(data.labels.begin(), data.labels.end(), static_cast<int>(c));
    const long trained = count - training::TestedOf(count, fraction);
    if (trained == 1 && count > 3) single.push_back(data.classes[c]);
    all += count;
    left += trained;
  }
  if (single.empty()) return "";
  return fmt::format(
      "{}: data.test_fraction: {} leaves {} of {} samples to train on, one of each of the classes "
      "{}: "
      "take a smaller fraction",
      options.data.front().where, fraction, left, all, base::Joined(single));
}

}  // namespace

std::vector<std::string> DataWarnings(const deck::ChipTrainingOptions& options,
                                      const training::Dataset& data) {
  std::vector<std::string> warnings = ClassWarnings(options.data.front().where, data), unused,
                           constant;
  const std::vector<int>& map = options.encoding.map;
  const bool mixed = options.data.front().components > 0;  // each component holds something of all
  const auto carried = [&](int feature) {
    return map.empty() || std::find(map.begin(), map.end(), feature) != map.end();
  };
  for (int c = 0; c < options.data.front().components; ++c) {
    if (!carried(c)) unused.push_back(fmt::format("component {}", c));
  }
  for (int f = 0; f < static_cast<int>(data.feature_names.size()); ++f) {
    const std::string& name = data.feature_names[f];
    const bool used = mixed || carried(f);
    if (!used) unused.push_back(name);
    if (used && !mixed && training::IsConstant(data, f)) constant.push_back(name);
    if (!used || !training::CountsSamples(data, f)) continue;
    warnings.push_back(fmt::format(
        "{}: feature {} ({}) of {} counts the lines from {} and says nothing about a sample: leave "
        "it out by data.columns",
        options.data.front().where, f, name, data.path, data.features(0, f)));
  }
  if (!constant.empty()) {
    warnings.push_back(fmt::format(
        "{}: {} of {} {} the same in all samples and {} nothing about one: leave {} out by "
        "data.columns",
        options.data.front().where, base::Joined(constant), data.path,
        constant.size() == 1 ? "is" : "are", constant.size() == 1 ? "says" : "say",
        constant.size() == 1 ? "it" : "them"));
  }
  if (const std::string split = SplitWarning(options, data); !split.empty()) {
    warnings.push_back(split);
  }
  if (!unused.empty()) {
    warnings.push_back(
        fmt::format("{}: no port carries {} of {}, because network.encoding.map does not number {}",
                    options.data.front().where, base::Joined(unused), data.path,
                    unused.size() == 1 ? "it" : "them"));
  }
  return warnings;
}

std::string DataText(const training::Dataset& data) {
  std::string text =
      fmt::format("{} samples, {} features; classes", data.features.rows(), data.features.cols());
  for (size_t c = 0; c < data.classes.size(); ++c) {
    text += fmt::format("{} {} {}", c == 0 ? "" : ",", c, data.classes[c]);
  }
  if (!data.left_out.empty()) text += "; left out: " + base::Joined(data.left_out);
  return text;
}

}  // namespace symwave::jobs::checks
