#include "jobs/train/train_results.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "domain/base/fault_point.hpp"
#include "domain/element_crosstalk.hpp"
#include "jobs/checks/symmetry_warning.hpp"

namespace symwave::jobs::train {

using training::EpochRecord;

void WriteConfusion(io::Hdf5File& file, const std::string& name, const Eigen::MatrixXi& confusion) {
  std::vector<std::int64_t> counts;
  for (long t = 0; t < confusion.rows(); ++t) {
    for (long p = 0; p < confusion.cols(); ++p) counts.push_back(confusion(t, p));
  }
  const hsize_t classes = confusion.rows();
  file.Write(name, counts, {classes, classes}, {"samples", "test samples [true][predicted]"});
}

void WriteCurves(io::Hdf5File& file, const std::string& group,
                 const std::vector<EpochRecord>& history) {
  const std::pair<const char*, double EpochRecord::*> curves[] = {
      {"loss", &EpochRecord::loss},
      {"train_accuracy", &EpochRecord::train_accuracy},
      {"test_accuracy", &EpochRecord::test_accuracy},
      {"gradient_norm", &EpochRecord::gradient_norm},
      {"symmetry_defect", &EpochRecord::symmetry_defect},
      {"seconds", &EpochRecord::seconds}};
  for (const auto& [name, member] : curves) {
    std::vector<double> values;
    for (const EpochRecord& record : history) values.push_back(record.*member);
    file.Write(group + "/" + name, values, {}, {"", "per epoch"});
  }
}

namespace {

/// Corners of the outlines: element, outline of it, x, y.
std::vector<double> CornersOf(const std::vector<domain::Element>& elements) {
  std::vector<double> corners;
  for (size_t e = 0; e < elements.size(); ++e) {
    for (size_t o = 0; o < elements[e].outline.size(); ++o) {
      for (const domain::Point& p : elements[e].outline[o]) {
        corners.insert(corners.end(), {static_cast<double>(e), static_cast<double>(o), p.x, p.y});
      }
    }
  }
  return corners;
}

void WriteElements(io::Hdf5File& file, const std::vector<domain::Element>& elements) {
  const hsize_t count = elements.size();
  std::vector<double> boxes;
  std::vector<std::string> names, changes;
  bool spread = false;
  for (const domain::Element& element : elements) {
    const auto x = element.Extent(0), y = element.Extent(1);
    boxes.insert(boxes.end(), {x[0], y[0], x[1], y[1]});
    names.push_back(element.name);
    changes.emplace_back(element.attenuates ? "loss" : "phase");
    spread = spread || element.spread > 0;
  }
  file.WriteTexts("/training/element_names", names);
  file.WriteTexts("/training/element_changes", changes);
  file.Write("/training/element_commands", domain::CommandNumbers(elements), {},
             {"", "column of the commands that drives each element"});
  std::vector<std::string> command_names;
  for (const auto& command : domain::CommandsOf(elements)) command_names.push_back(command.name);
  file.WriteTexts("/training/command_names", command_names);
  file.Write("/training/elements", boxes, {count, 4},
             {"um", "boxes around the elements: x0, y0, x1, y1"});
  const std::vector<double> corners = CornersOf(elements);
  file.Write("/training/element_outlines", corners, {corners.size() / 4, 4},
             {"", "corners: number of the element, of its outline, x and y in um"});
  const std::vector<int> images = domain::MirrorImages(elements);
  file.Write("/training/element_images", std::vector<std::int64_t>(images.begin(), images.end()),
             {}, {"", "number of the mirror image about x = 0, -1: none"});
  if (spread) {
    file.Write("/training/crosstalk", domain::Crosstalk(elements), {count, count},
               {"1", "share of a unit command in the guide [of the element][of whose command]"});
  }
}

/// Of the k-th of several wavelengths.
std::string GroupOf(size_t k, size_t wavelengths) {
  return wavelengths == 1 ? "" : fmt::format("/wavelength_{}", k + 1);
}

void WriteTested(io::Hdf5File& file, const std::string& group, const TestedNetwork& tested) {
  WriteTransmissions(file, group + "/transmission", tested.transmissions,
                     "amplitudes of the blocks as trained [block][output][input]");
  WriteConfusion(file, group + "/confusion", tested.confusion);
  if (!tested.deployed_confusion) return;
  WriteConfusion(file, group + "/deployed_confusion", *tested.deployed_confusion);
}

void WritePartCurves(io::Hdf5File& file, const std::string& group,
                     const std::vector<EpochRecord>& history, size_t part) {
  using training::PartRecord;
  const std::pair<const char*, double PartRecord::*> curves[] = {
      {"loss", &PartRecord::loss},
      {"train_accuracy", &PartRecord::train_accuracy},
      {"test_accuracy", &PartRecord::test_accuracy}};
  for (const auto& [name, member] : curves) {
    std::vector<double> values;
    values.reserve(history.size());
    for (const EpochRecord& record : history) values.push_back(record.parts[part].*member);
    file.Write(group + "/" + name, values, {}, {"", "per epoch"});
  }
}

/// The accuracies of a network, of a model also those on the hardware.
void SummarizeTests(const TestedNetwork& tested, nlohmann::ordered_json& entry) {
  if (tested.deployed_test_accuracy) {
    entry["model_test_accuracy"] = tested.test_accuracy;
    entry["deployed_test_accuracy"] = *tested.deployed_test_accuracy;
  } else {
    entry["test_accuracy"] = tested.test_accuracy;
  }
}

/// wavelength_1 ...: what a training reached at each of several wavelengths.
void SummarizeWavelengths(const TrainedResult& result, const std::vector<double>& wavelengths,
                          nlohmann::ordered_json& entry) {
  for (size_t k = 0; k < result.wavelengths.size(); ++k) {
    nlohmann::ordered_json& at = entry[fmt::format("wavelength_{}", k + 1)];
    at["wavelength"] = wavelengths[k];
    SummarizeTests(result.wavelengths[k], at);
    const training::PartRecord& last = result.state.history.back().parts[k];
    at["train_accuracy"] = last.train_accuracy;
    at["loss"] = last.loss;
  }
}

}  // namespace

void WriteTransmissions(io::Hdf5File& file, const std::string& name,
                        const std::vector<Eigen::MatrixXcd>& transmissions,
                        const std::string& text) {
  if (transmissions.empty()) return;
  std::vector<std::complex<double>> values;
  for (const Eigen::MatrixXcd& matrix : transmissions) {
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
      for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
        values.push_back(matrix(row, column));
      }
    }
  }
  const Eigen::MatrixXcd& first = transmissions.front();
  file.Write(name, values,
             {transmissions.size(), static_cast<hsize_t>(first.rows()),
              static_cast<hsize_t>(first.cols())},
             {"1", text});
}

void WriteTraining(io::Hdf5File& file, const std::vector<std::vector<std::string>>& classes,
                   const std::vector<domain::Element>& elements,
                   const std::vector<TrainedResult>& results, int blocks) {
  base::FaultPoint("chip/results");
  for (size_t k = 0; k < classes.size(); ++k) {
    file.WriteTexts("/training" + GroupOf(k, classes.size()) + "/classes", classes[k]);
  }
  WriteElements(file, elements);
  for (const TrainedResult& result : results) {
    const std::string group = "/training/" + result.state.name;
    WriteCurves(file, group, result.state.history);
    const Eigen::VectorXd& commands = result.state.commands;
    file.Write(group + "/commands",
               std::vector<double>(commands.data(), commands.data() + commands.size()),
               {static_cast<hsize_t>(blocks), static_cast<hsize_t>(commands.size() / blocks)},
               {"rad", "trained commands [block][command]; attenuators in neper"});
    if (result.wavelengths.empty()) WriteTested(file, group, result);
    for (size_t k = 0; k < result.wavelengths.size(); ++k) {
      const std::string at = group + GroupOf(k, result.wavelengths.size());
      WritePartCurves(file, at, result.state.history, k);
      WriteTested(file, at, result.wavelengths[k]);
    }
  }
}

void TrainedResult::TakeMeans() {
  const auto count = static_cast<double>(wavelengths.size());
  for (const TestedNetwork& at : wavelengths) {
    test_accuracy += at.test_accuracy / count;
    if (!at.deployed_test_accuracy) continue;
    deployed_test_accuracy =
        deployed_test_accuracy.value_or(0) + *at.deployed_test_accuracy / count;
  }
}

nlohmann::ordered_json Summarize(const std::vector<TrainedResult>& results,
                                 const TrainingSummary& summary) {
  nlohmann::ordered_json json{{"job", "train"}};
  long passes = 0;
  double defect = 0;
  for (const TrainedResult& result : results) {
    nlohmann::ordered_json& entry = json[result.state.name];
    const EpochRecord& last = result.state.history.back();
    const double largest = checks::LeastSymmetric(result.state.history)->symmetry_defect;
    SummarizeTests(result, entry);
    if (!result.deployed_test_accuracy) defect = std::max(defect, largest);
    entry["train_accuracy"] = last.train_accuracy;
    entry["loss"] = last.loss;
    entry["passes"] = result.state.passes;
    entry["seconds"] = result.state.seconds;
    entry["symmetry_defect"] = largest;
    SummarizeWavelengths(result, summary.wavelengths, entry);
    passes += result.state.passes;
    if (result.state.name == "forward_mode") defect = largest;
  }
  json["passes"] = passes;
  json["solves"] = summary.effort.solves;
  json["factorizations"] = summary.effort.factorizations;
  json["seconds"] = summary.seconds;
  json["memory_mb"] = summary.memory_mb;
  json["memory_mb_per_rank"] = summary.memory_mb_per_rank;
  json["symmetry_defect"] = defect;
  json["reciprocity_defect"] = summary.defects.reciprocity_defect;
  json["energy_balance_error"] = summary.defects.energy_balance_error;
  json[summary.residual_name] = summary.defects.max_relative_residual;
  json[summary.whole_defect_name] = summary.whole_defect;
  return json;
}

}  // namespace symwave::jobs::train
