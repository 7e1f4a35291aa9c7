#include "jobs/train/chip/deployment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/train/train_results.hpp"

namespace symwave::jobs::train::chip {

namespace {

using Complex = std::complex<double>;

std::vector<Eigen::MatrixXcd> ReadTransmissions(const io::Hdf5File& file, const std::string& name) {
  std::vector<Eigen::MatrixXcd> matrices;
  if (!file.Has(name)) return matrices;
  const io::Shape shape = file.Extent(name);
  const auto rows = static_cast<Eigen::Index>(shape[1]),
             columns = static_cast<Eigen::Index>(shape[2]);
  const std::vector<Complex> values = file.Read<Complex>(name);
  using RowMajor =
      Eigen::Map<const Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  for (size_t b = 0; b < shape[0]; ++b) {
    matrices.emplace_back(
        RowMajor(values.data() + b * static_cast<size_t>(rows * columns), rows, columns));
  }
  return matrices;
}

/// Elements that do the same in the same order, or the commands mean nothing here.
void RequireSameElements(const io::Hdf5File& file, const std::vector<domain::Element>& elements,
                         const std::string& where) {
  if (!file.Has("/training/element_changes")) return;  // of an older version
  std::vector<std::string> changes, names;
  for (const domain::Element& element : elements) {
    changes.emplace_back(element.attenuates ? "loss" : "phase");
    names.push_back(element.name);
  }
  const std::vector<int> numbers = domain::CommandNumbers(elements);
  const auto there = file.Read<std::int32_t>("/training/element_commands");
  if (file.ReadTexts("/training/element_changes") != changes ||
      !std::equal(there.begin(), there.end(), numbers.begin(), numbers.end())) {
    base::Fail(
        "{}: training.deploy: the elements of {} are others than those here: their kinds (phase, "
        "loss), their order, or the groups that share commands differ",
        where, file.Path());
  }
  const std::vector<std::string> theirs = file.ReadTexts("/training/element_names");
  const auto differ = std::mismatch(names.begin(), names.end(), theirs.begin(), theirs.end());
  if (differ.first == names.end() || differ.second == theirs.end()) return;
  base::Warn("training.deploy: what is {} here is called {} in {}", *differ.first, *differ.second,
             file.Path());
}

ForeignTraining ReadOne(const io::Hdf5File& file, const std::string& trainer,
                        const std::string& where, int blocks, int commands) {
  const std::string group = "/training/" + trainer;
  const io::Shape shape = file.Extent(group + "/commands");
  const auto wanted_blocks = static_cast<hsize_t>(blocks),
             wanted = static_cast<hsize_t>(commands / blocks);
  if (shape.size() != 2 || shape[0] != wanted_blocks || shape[1] != wanted) {
    base::Fail(
        "{}: training.deploy: {} has {} blocks of {} commands, but the network here {} of {}",
        where, file.Path(), shape.empty() ? 0 : shape[0], shape.size() < 2 ? 0 : shape[1],
        wanted_blocks, wanted);
  }
  const std::vector<double> values = file.Read<double>(group + "/commands");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    base::Fail("{}: training.deploy: commands of {} in {} are not finite numbers", where, trainer,
               file.Path());
  }
  // Of several wavelengths the first.
  const bool one = file.Has(group + "/transmission");
  return {file.Path(), trainer, Eigen::Map<const Eigen::VectorXd>(values.data(), commands),
          ReadTransmissions(file, group + (one ? "/transmission" : "/wavelength_1/transmission"))};
}

}  // namespace

std::vector<ForeignTraining> ReadForeignTrainings(MPI_Comm comm,
                                                  const std::vector<std::string>& files,
                                                  const std::string& where, int blocks,
                                                  const std::vector<domain::Element>& elements) {
  const int commands = blocks * static_cast<int>(domain::CommandsOf(elements).size());
  std::vector<ForeignTraining> trainings;
  for (const std::string& name : files) {
    const io::Hdf5File file = io::Hdf5File::OpenRead(comm, name);
    const size_t before = trainings.size();
    if (file.Has("/training")) {
      RequireSameElements(file, elements, where);
      for (const std::string& member : file.Members("/training")) {
        if (!file.Has("/training/" + member + "/commands")) continue;
        trainings.push_back(ReadOne(file, member, where, blocks, commands));
      }
    }
    if (trainings.size() == before) {
      base::Fail("{}: training.deploy: {} has no training of a network of chips", where, name);
    }
  }
  return trainings;
}

double DeployedOn::DistanceFrom(const ForeignTraining& training) const {
  if (training.transmissions.size() != transmissions.size()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double apart = 0, all = 0;
  for (size_t b = 0; b < transmissions.size(); ++b) {
    const Eigen::MatrixXcd& there = training.transmissions[b];
    if (there.rows() != transmissions[b].rows() || there.cols() != transmissions[b].cols()) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const Complex common = (transmissions[b].conjugate().cwiseProduct(there)).sum();
    const Complex turn = std::abs(common) > 0 ? common / std::abs(common) : Complex(1);
    apart += (turn * transmissions[b] - there).squaredNorm();
    all += there.squaredNorm();
  }
  return std::sqrt(apart / all);
}

nlohmann::ordered_json SummaryOf(const DeployedTraining& deployed) {
  nlohmann::ordered_json entry{{"file", deployed.training.file},
                               {"trainer", deployed.training.trainer}};
  for (const DeployedOn& here : deployed.here) {
    entry[here.optics] = {{"test_accuracy", here.test_accuracy},
                          {"distance", here.DistanceFrom(deployed.training)}};
  }
  return entry;
}

void WriteDeployed(io::Hdf5File& file, const std::vector<DeployedTraining>& deployed) {
  for (size_t k = 0; k < deployed.size(); ++k) {
    const ForeignTraining& training = deployed[k].training;
    const std::string group = fmt::format("/deployed/{}", k);
    file.WriteText(group + "/file", training.file);
    file.WriteText(group + "/trainer", training.trainer);
    WriteTransmissions(file, group + "/transmission", training.transmissions,
                       "amplitudes [block][output][input] where it was trained");
    for (const DeployedOn& here : deployed[k].here) {
      const std::string place = group + "/" + here.optics;
      file.WriteScalar(place + "/test_accuracy", here.test_accuracy);
      file.WriteScalar(place + "/distance", here.DistanceFrom(training),
                       {"1", "norm(here - there) / norm(there) but for a phase of each block"});
      WriteConfusion(file, place + "/confusion", here.confusion);
      WriteTransmissions(file, place + "/transmission", here.transmissions,
                         "amplitudes [block][output][input] here");
    }
  }
}

}  // namespace symwave::jobs::train::chip
