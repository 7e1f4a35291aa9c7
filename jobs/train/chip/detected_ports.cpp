#include "jobs/train/chip/detected_ports.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "training/class_score.hpp"

namespace symwave::jobs::train::chip {

namespace {

using base::Fail;
using training::Detection;

bool Among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// " (did you mean ...?)", or nothing.
std::string Hint(const std::string& given, const std::vector<std::string>& names) {
  const std::string nearest = base::Nearest(given, names);
  return nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest);
}

/// Numbers of the outputs of named ports.
std::vector<int> NumbersOf(const std::vector<std::string>& ports,
                           const std::vector<std::string>& outputs, const deck::DetectedClass& of) {
  std::vector<int> numbers;
  for (const std::string& port : ports) {
    if (!Among(outputs, port)) {
      std::vector<std::string> names = outputs;
      names.erase(std::unique(names.begin(), names.end()), names.end());
      Fail("{}: network.classes names {}, which is no output of the network{}; outputs: {}",
           of.where, port, Hint(port, names), base::Joined(names));
    }
    for (size_t k = 0; k < outputs.size(); ++k) {
      if (outputs[k] == port) numbers.push_back(static_cast<int>(k));
    }
  }
  return numbers;
}

}  // namespace

std::vector<std::string> OutputNames(const device::Device& device) {
  std::vector<std::string> names;
  for (size_t p = static_cast<size_t>(device.inputs); p < device.ports.size(); ++p) {
    names.insert(names.end(), device.ports[p].modes.size(), device.ports[p].name);
  }
  return names;
}

std::vector<training::ClassPorts> DetectedPorts(const deck::ChipTrainingOptions& options,
                                                const device::Device& device,
                                                const training::Dataset& data) {
  const std::vector<std::string> outputs = OutputNames(device);
  const deck::DetectedClasses classes =
      options.classes.empty() ? deck::DetectedClasses() : options.classes.front();
  for (const auto& [name, of] : classes) {
    if (Among(data.classes, name)) continue;
    Fail("{}: network.classes names {}, which is no class of {}{}; classes: {}", of.where, name,
         data.path, Hint(name, data.classes), base::Joined(data.classes));
  }
  std::vector<training::ClassPorts> ports;
  if (classes.empty()) return ports;
  for (const std::string& name : data.classes) {
    const auto found = classes.find(name);
    if (found == classes.end()) {
      Fail("{}: network.classes has no port for the class {} of {}; every class needs one: {}",
           classes.begin()->second.where, name, data.path, base::Joined(data.classes));
    }
    const deck::DetectedClass& of = found->second;
    ports.push_back({NumbersOf(of.plus, outputs, of), NumbersOf(of.minus, outputs, of)});
    if (options.detection.kind == Detection::Coherent && ports.back().plus.size() > 1) {
      Fail("{}: the port {} of network.classes.{} has {} modes, but detection: coherent takes one",
           of.where, of.plus.front(), name, ports.back().plus.size());
    }
  }
  return ports;
}

std::string DetectionText(const training::DetectionOptions& detection, const device::Device& device,
                          const training::Dataset& data) {
  const std::vector<std::string> outputs = OutputNames(device);
  const auto classes = static_cast<int>(data.classes.size());
  const training::ClassScore score(detection, static_cast<int>(outputs.size()), classes);
  std::vector<std::string> texts;
  for (int c = 0; c < classes; ++c) {
    std::string text = data.classes[static_cast<size_t>(c)];
    for (const bool subtracted : {false, true}) {
      for (size_t k = 0; k < outputs.size(); ++k) {
        const int detector = subtracted ? classes + c : c;
        if (score.Detector(static_cast<int>(k)) != detector) continue;
        text += (subtracted ? " -" : " ") + outputs[k];
      }
    }
    texts.push_back(std::move(text));
  }
  const char* kinds[] = {"intensity", "difference", "coherent"};
  return fmt::format("{}: {}", kinds[static_cast<int>(detection.kind)], base::Joined(texts));
}

}  // namespace symwave::jobs::train::chip
