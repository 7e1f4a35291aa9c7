#include "jobs/deck/detection_check.hpp"

#include <algorithm>
#include <map>

#include "domain/base/error.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using training::Detection;

void CheckDetectors(Detection kind, const std::string& name, const DetectedClass& of) {
  if (kind == Detection::Difference && of.minus.empty()) {
    Fail(
        "{}: network.classes.{} has one detector, but detection: difference takes two: {{plus: "
        "[PORT], minus: [PORT]}}",
        of.where, name);
  }
  if (kind != Detection::Difference && !of.minus.empty()) {
    Fail(
        "{}: network.classes.{} has detectors plus and minus, which detection: difference reads; "
        "give a list of ports, or set network.detection: difference",
        of.where, name);
  }
  if (kind == Detection::Coherent && of.plus.size() != 1) {
    Fail("{}: network.classes.{} has {} ports, but detection: coherent takes one of each class",
         of.where, name, of.plus.size());
  }
}

/// A port is detected for one class.
void CheckClasses(Detection kind, const DetectedClasses& classes) {
  std::map<std::string, std::string> owners;  // of the ports
  for (const auto& [name, of] : classes) {
    CheckDetectors(kind, name, of);
    for (const auto* ports : {&of.plus, &of.minus}) {
      for (const std::string& port : *ports) {
        const auto [owner, fresh] = owners.emplace(port, name);
        if (fresh) continue;
        Fail(
            "{}: network.classes names the port {} twice, for {} and for {}; its light goes to "
            "one detector",
            of.where, port, owner->second, name);
      }
    }
  }
}

}  // namespace

void CheckDetection(const NetworkOptions& options, const std::string& where) {
  const Detection kind = options.detection.kind;
  const auto& all = options.classes;
  const bool none = std::any_of(all.begin(), all.end(),
                                [](const DetectedClasses& classes) { return classes.empty(); });
  if ((all.empty() || none) && kind != Detection::Intensity) {
    const bool coherent = kind == Detection::Coherent;
    Fail("{}: network.detection: {} needs the ports of every class, network.classes: {{CLASS: {}}}",
         where, coherent ? "coherent" : "difference",
         coherent ? "PORT" : "{plus: [PORT], minus: [PORT]}");
  }
  if (options.detection.phase != 0 && kind != Detection::Coherent) {
    Fail(
        "{}: network.detection_phase is that of the local oscillator, which only detection: "
        "coherent has; remove it",
        where);
  }
  for (const DetectedClasses& classes : all) CheckClasses(kind, classes);
}

}  // namespace symwave::jobs::deck
