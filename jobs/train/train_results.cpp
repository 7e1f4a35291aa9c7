#include "jobs/train/train_results.hpp"

#include <algorithm>

#include "domain/base/fault_point.hpp"
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

void WriteTraining(io::Hdf5File& file, const std::vector<std::string>& classes,
                   const std::vector<domain::Segment>& segments,
                   const std::vector<TrainedResult>& results, int blocks) {
  base::FaultPoint("chip/results");
  file.WriteTexts("/training/classes", classes);
  std::vector<double> boxes;
  for (const domain::Segment& s : segments) {
    const double half_length = 0.5 * s.length;
    const double half_width = 0.5 * s.width;
    const double box[] = {s.centre.x - half_length, s.centre.y - half_width,
                          s.centre.x + half_length, s.centre.y + half_width};
    boxes.insert(boxes.end(), std::begin(box), std::end(box));
  }
  file.Write("/training/segments", boxes, {segments.size(), 4}, {"um", "x0, y0, x1, y1"});
  for (const TrainedResult& result : results) {
    const std::string group = "/training/" + result.state.name;
    WriteCurves(file, group, result.state.history);
    const Eigen::VectorXd& commands = result.state.commands;
    file.Write(group + "/commands",
               std::vector<double>(commands.data(), commands.data() + commands.size()),
               {static_cast<hsize_t>(blocks), static_cast<hsize_t>(commands.size() / blocks)},
               {"rad", "trained commands [block][element]; attenuators in neper"});
    WriteConfusion(file, group + "/confusion", result.confusion);
    if (result.deployed_confusion) {
      WriteConfusion(file, group + "/deployed_confusion", *result.deployed_confusion);
    }
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
    if (result.deployed_test_accuracy) {
      entry["model_test_accuracy"] = result.test_accuracy;
      entry["deployed_test_accuracy"] = *result.deployed_test_accuracy;
    } else {
      entry["test_accuracy"] = result.test_accuracy;
      defect = std::max(defect, largest);
    }
    entry["train_accuracy"] = last.train_accuracy;
    entry["loss"] = last.loss;
    entry["passes"] = result.state.passes;
    entry["seconds"] = result.state.seconds;
    entry["symmetry_defect"] = largest;
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
  json["max_relative_residual"] = summary.defects.max_relative_residual;
  json["condensation_defect"] = summary.condensation_defect;
  return json;
}

}  // namespace symwave::jobs::train
