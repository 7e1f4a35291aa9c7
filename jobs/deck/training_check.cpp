#include "jobs/deck/training_check.hpp"

#include <set>

#include "domain/base/error.hpp"
#include "jobs/deck/detection_check.hpp"
#include "jobs/deck/element_groups.hpp"
#include "jobs/deck/network_ports.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;

/// Lists of what is trained have one entry, or one per wavelength.
void CheckTasks(const DeckOptions& options, const io::DeckNode& root) {
  const size_t wavelengths = options.wavelengths.size();
  const auto check = [&](const std::string& where, const char* key, size_t count) {
    if (count <= 1 || count == wavelengths) return;
    Fail("{}: {} has {} entries, but the deck has {} wavelength{}; give one entry for {}", where,
         key, count, wavelengths, wavelengths == 1 ? "" : "s",
         wavelengths == 1 ? "it" : "all, or one per wavelength");
  };
  check(root.Find("data")->where, "data", options.data.size());
  if (const io::DeckNode* network = root.Find("network")) {
    check(network->where, "network.classes", options.classes.size());
  }
}

/// Lists may be empty, as those of a resolved deck are.
void CheckSweep(const io::DeckNode& sweep) {
  const auto given = [&](const char* key) { return sweep.Find(key) != nullptr; };
  if (given("roughness") || given("thickness_bias") || given("thickness_sigma") ||
      given("offset_range") || given("gain_sigma") || given("crosstalk")) {
    return;
  }
  Fail(
      "{}: sweep has no sizes of errors to train at; give it a list, such as offset_range: [0, 1 "
      "rad], or remove it",
      sweep.where);
}

}  // namespace

void CheckTraining(const DeckOptions& options, const io::DeckNode& root) {
  const std::string& where = root.Find("job")->where;
  if (options.data.empty()) Fail("{}: job: train needs a section data", where);
  if (!options.chip && options.elements.empty()) {
    Fail(
        "{}: job: train needs something to train: elements of the device that shapes and ports or "
        "a layout make, or a section chip",
        where);
  }
  CheckTasks(options, root);
  if (options.grid.Dimensions() == 3 && !options.InTimeDomain()) {
    Fail(
        "{}: job: train takes devices of three dimensions in time domain; set solver.method: "
        "time_domain, or give grid.size two entries",
        root.Find("grid")->where);
  }
  if (options.grid.Dimensions() == 3 && (options.insitu || options.output.chosen)) {
    Fail(
        "{}: a training in three dimensions has no frames of its fields; remove insitu and "
        "output.fields, the planes of the last fields are in results.h5",
        where);
  }
  const auto& trainers = options.training.trainers;
  if (std::set<training::TrainerKind>(trainers.begin(), trainers.end()).size() != trainers.size()) {
    Fail("{}: training.trainers names a trainer twice", root.Find("training")->where);
  }
  if (trainers.empty()) {
    Fail("{}: training.trainers is empty; choose from forward_mode, in_silico, reverse",
         root.Find("training")->where);
  }
  if (!options.solver.cuts.empty() && !options.solver.compose) {
    Fail("{}: solver.cuts ends the parts of a composed device; set solver.compose: true",
         options.solver.where);
  }
  if (const io::DeckNode* sweep = root.Find("sweep")) CheckSweep(*sweep);
  CheckElementGroups(options.elements);
  const io::DeckNode* network = root.Find("network");
  if (network) CheckDetection(options, network->where);
  if (!options.chip) CheckNetworkPorts(options, network ? network->where : where);
  const size_t map = options.encoding.map.size();
  const size_t inputs =
      options.chip ? static_cast<size_t>(options.chip->ports) : InputPorts(options).size();
  if (map != 0 && map != inputs) {
    Fail("{}: network.encoding.map has {} entries, but the {} {} {}", root.Find("network")->where,
         map, options.chip ? "chip has" : "network has", inputs, options.chip ? "ports" : "inputs");
  }
}

}  // namespace symwave::jobs::deck
