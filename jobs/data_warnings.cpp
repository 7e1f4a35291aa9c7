#include "jobs/data_warnings.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::jobs {

namespace {

std::string Joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

std::vector<std::string> DataWarnings(const DeckOptions& options, const training::Dataset& data) {
  std::vector<std::string> warnings, unused, others;
  const std::vector<int>& map = options.encoding.map;
  for (int f = 0; f < static_cast<int>(data.feature_names.size()); ++f) {
    const std::string& name = data.feature_names[f];
    const bool used = map.empty() || std::find(map.begin(), map.end(), f) != map.end();
    if (!used) unused.push_back(name);
    if (!used || !training::CountsSamples(data, f)) continue;
    warnings.push_back(fmt::format(
        "{}: feature {} ({}) of {} counts the lines from {} and says nothing about a sample: leave "
        "it out by data.columns",
        options.data->where, f, name, data.path, data.features(0, f)));
  }
  if (!unused.empty()) {
    warnings.push_back(fmt::format(
        "{}: no port carries {} of {}, because network.encoding.map does not number {}",
        options.data->where, Joined(unused), data.path, unused.size() == 1 ? "it" : "them"));
  }
  return warnings;
}

std::string DataText(const training::Dataset& data) {
  std::string text =
      fmt::format("{} samples, {} features; classes", data.features.rows(), data.features.cols());
  for (size_t c = 0; c < data.classes.size(); ++c) {
    text += fmt::format("{} {} {}", c == 0 ? "" : ",", c, data.classes[c]);
  }
  if (!data.left_out.empty()) text += "; left out: " + Joined(data.left_out);
  return text;
}

}  // namespace symwave::jobs
