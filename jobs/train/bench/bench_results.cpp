#include "jobs/train/bench/bench_results.hpp"

#include <algorithm>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/symmetry_warning.hpp"

namespace symwave::jobs::train::bench {

namespace {

hsize_t Size(long count) {
  return static_cast<hsize_t>(count);
}

void WriteTraces(io::Hdf5File& file, const std::string& name, const std::vector<BenchTrace>& traces,
                 const std::string& where) {
  const BenchTrace& first = traces.front();
  std::vector<float> planes;
  const long plane = static_cast<long>(first.rows) * first.columns;
  for (int layer = 0; layer < first.layers; ++layer) {
    for (const BenchTrace& trace : traces) {
      const auto begin = trace.planes.begin() + layer * plane;
      planes.insert(planes.end(), begin, begin + plane);
    }
  }
  file.Write(name, planes,
             {Size(first.layers), traces.size(), Size(first.rows), Size(first.columns)},
             {"1", "intensity over its mean, " + where + " [layer][sample][y][x]"});
}

void WriteTrained(io::Hdf5File& file, const BenchTrained& result) {
  const std::string group = "/training/" + result.network.state.name;
  const TrainedResult& network = result.network;
  WriteCurves(file, group, network.state.history);
  std::vector<std::int64_t> passes;
  for (const auto& epoch : network.state.history) passes.push_back(epoch.passes);
  file.Write(group + "/passes", passes, {}, {"", "launches of light since the start, per epoch"});
  file.WriteScalar(group + "/photons", result.photons,
                   {"1", "signal photons on the camera spent on training; 0: not counted"});
  const BenchTrace& trace = result.on_bench.front();
  file.Write(group + "/masks", result.masks,
             {Size(trace.layers), Size(trace.rows), Size(trace.columns)},
             {"rad", "trained phase commands [layer][y][x]"});
  WriteConfusion(file, group + "/confusion", network.confusion);
  if (network.deployed_confusion) {
    WriteConfusion(file, group + "/deployed_confusion", *network.deployed_confusion);
  }
  WriteTraces(file, group + "/trace_bench", result.on_bench, "measured on the bench");
  WriteTraces(file, group + "/trace_model", result.on_model, "of the model, same masks");
  file.Write(group + "/similarity", result.similarity, {},
             {"1", "structural similarity of bench and model with the same masks, per layer"});
}

void WriteShownImages(io::Hdf5File& file, const training::ImageDataset& images,
                      const BenchRun& run) {
  std::vector<std::int32_t> pixels, labels;
  const long size = static_cast<long>(images.rows) * images.columns;
  for (const int sample : run.shown) {
    pixels.insert(pixels.end(), images.Image(sample), images.Image(sample) + size);
    labels.push_back(images.labels[static_cast<std::size_t>(sample)]);
  }
  file.Write("/bench/images", pixels, {run.shown.size(), Size(images.rows), Size(images.columns)},
             {"", "test images of the traces, 0 to 255 [sample][y][x]"});
  file.Write("/bench/labels", labels, {}, {"", "their classes"});
}

nlohmann::ordered_json CosinesJson(const GradientCosines& cosines) {
  return {{"forward_mode", cosines.forward_mode},
          {"physics_aware", cosines.physics_aware},
          {"in_silico", cosines.in_silico}};
}

nlohmann::ordered_json EntryOf(const BenchTrained& result) {
  nlohmann::ordered_json entry;
  const TrainedResult& network = result.network;
  const training::EpochRecord& last = network.state.history.back();
  if (network.deployed_test_accuracy) {
    entry["model_test_accuracy"] = network.test_accuracy;
    entry["deployed_test_accuracy"] = *network.deployed_test_accuracy;
  } else {
    entry["test_accuracy"] = network.test_accuracy;
  }
  entry["train_accuracy"] = last.train_accuracy;
  entry["loss"] = last.loss;
  entry["epochs"] = network.state.epoch;
  entry["passes"] = network.state.passes;
  entry["photons"] = result.photons;
  entry["seconds"] = network.state.seconds;
  const double defect = checks::LeastSymmetric(network.state.history)->symmetry_defect;
  if (defect > 0) entry["symmetry_defect"] = defect;
  entry["ssim"] = result.similarity.back();
  if (result.similarity_to_ideal) entry["ssim_to_ideal"] = *result.similarity_to_ideal;
  return entry;
}

/// The trainer that stands for the run: forward mode, else the first one.
const BenchTrained& MainOf(const std::vector<BenchTrained>& results) {
  const auto found = std::find_if(results.begin(), results.end(), [](const BenchTrained& result) {
    return result.network.state.name == "forward_mode";
  });
  return found == results.end() ? results.front() : *found;
}

}  // namespace

void WriteBenchTraining(io::Hdf5File& file, const deck::BenchOptions& options,
                        const training::ImageSets& images, const std::vector<BenchTrained>& results,
                        const BenchRun& run) {
  base::FaultPoint("bench/results");
  std::vector<std::string> classes;
  for (int c = 0; c < images.train.classes; ++c) classes.push_back(std::to_string(c));
  file.WriteTexts("/training/classes", classes, {"", "labels of the images"});
  for (const BenchTrained& result : results) WriteTrained(file, result);
  const auto& geometry = options.bench.geometry;
  file.Write("/bench/regions", run.regions, {Size(geometry.pixels_y), Size(geometry.pixels_x)},
             {"", "class of the detector at a pixel of the last plane, -1 without one [y][x]"});
  WriteShownImages(file, images.test, run);
  file.WriteScalar("/bench/pitch", geometry.pitch, {"um", "of the pixels"});
  file.WriteScalar("/bench/distance", geometry.distance, {"um", "see bench.distance of the deck"});
  file.WriteScalar("/bench/wavelength", geometry.wavelength, {"um", "vacuum wavelength"});
  if (!run.energy) return;
  for (const EnergyNumber& number : kEnergyNumbers) {
    file.WriteScalar(std::string("/bench/") + number.name, (*run.energy).*number.value,
                     {"J", number.description});
  }
}

nlohmann::ordered_json SummarizeBench(const deck::BenchOptions& options,
                                      const training::ImageSets& images,
                                      const std::vector<BenchTrained>& results,
                                      const std::vector<BenchCurve>& curves, const BenchRun& run) {
  nlohmann::ordered_json json{{"job", "train"}};
  long passes = 0;
  double photons = 0;
  for (const BenchTrained& result : results) {
    json[result.network.state.name] = EntryOf(result);
    passes += result.network.state.passes;
    photons += result.photons;
    if (result.network.deployed_test_accuracy) {
      json["ideal_model_accuracy"] = result.network.test_accuracy;
    }
  }
  const BenchTrained& main = MainOf(results);
  const training::TrainerState& state = main.network.state;
  const double defect = checks::LeastSymmetric(state.history)->symmetry_defect;
  if (defect > 0) json["symmetry_defect"] = defect;
  if (run.at_start) json["gradient_cosine_start"] = CosinesJson(*run.at_start);
  if (run.at_end) json["gradient_cosine_end"] = CosinesJson(*run.at_end);
  json["ssim"] = main.similarity.back();
  json["parameters"] = static_cast<long>(options.bench.network->layers) *
                       options.bench.geometry.pixels_x * options.bench.geometry.pixels_y;
  json["passes"] = passes;
  json["photons"] = photons;
  if (run.energy) {
    for (const EnergyNumber& number : kEnergyNumbers) {
      json[number.name] = (*run.energy).*number.value;
    }
  }
  json["samples_per_second"] =
      static_cast<double>(state.epoch) * images.train.Samples() / state.seconds;
  json["fft_share"] = run.fft_share;
  json["propagation_share"] = run.propagation_share;
  for (const BenchCurve& curve : curves) json["sweep"][curve.name] = CurveJson(curve);
  json["peak_memory_mb_per_rank"] = run.peak_memory_mb;
  json["seconds"] = run.seconds;
  return json;
}

void PrintBenchTable(const std::vector<BenchTrained>& results, const BenchRun& run) {
  base::Info("{:<18} {:>9} {:>9} {:>9} {:>7} {:>11} {:>10}", "trainer", "model", "bench", "train",
             "SSIM", "passes", "photons");
  for (const BenchTrained& result : results) {
    const TrainedResult& network = result.network;
    const bool deployed = network.deployed_test_accuracy.has_value();
    const double bench = deployed ? *network.deployed_test_accuracy : network.test_accuracy;
    const std::string model = deployed ? fmt::format("{:.1f} %", 100 * network.test_accuracy) : "-";
    base::Info("{:<18} {:>9} {:>7.1f} % {:>7.1f} % {:>7.3f} {:>11} {:>10.3g}", network.state.name,
               model, 100 * bench, 100 * network.state.history.back().train_accuracy,
               result.similarity.back(), network.state.passes, result.photons);
  }
  if (!run.energy) return;
  base::Info(
      "light on the cameras per operation of a test: signal {:.3g} J, with the reference wave "
      "{:.3g} J",
      run.energy->signal, run.energy->with_reference);
}

}  // namespace symwave::jobs::train::bench
