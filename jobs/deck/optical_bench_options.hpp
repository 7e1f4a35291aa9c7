// What a deck with a section `bench` says: an optical bench in free space instead of a chip.
// Lengths in um.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/deck/spot_options.hpp"
#include "training/bench/bench_options.hpp"
#include "training/options.hpp"

namespace symwave::jobs::deck {

/// The same training at growing sizes of one error; each list is one curve of the report.
struct BenchSweepOptions {
  // In the central plane; the path stays symmetric.
  std::vector<double> defocus, spherical, screen;  ///< rad
  // These break the symmetry.
  std::vector<double> coma;                     ///< rad
  std::vector<double> shift;                    ///< um
  std::vector<double> rotation;                 ///< rad
  std::vector<double> off_centre;               ///< um
  std::vector<double> photons;                  ///< per pixel and frame
  std::vector<double> noise;                    ///< rms over rms of the field
  int epochs = 0;                               ///< of each training; 0: those of `training`
  std::vector<training::TrainerKind> trainers;  ///< empty: those of `training`

  bool Empty() const {
    return defocus.empty() && spherical.empty() && screen.empty() && coma.empty() &&
           shift.empty() && rotation.empty() && off_centre.empty() && photons.empty() &&
           noise.empty();
  }
};

struct OpticalBenchOptions {
  bool present = false;
  std::string where;  ///< "deck.yaml:line" of the section bench
  training::bench::BenchGeometry geometry;
  training::bench::BenchErrors errors;
  training::bench::ErrorLaunchOptions error_launch;
  training::bench::ComputeOptions compute;
  // Parts of a job `train`.
  std::optional<training::ImageDataOptions> data;
  std::optional<training::bench::PlaneNetworkOptions> network;
  std::optional<BenchSweepOptions> sweep;
  // Of the jobs of these names.
  std::optional<FocusOptions> focus;
  std::optional<HiddenObjectOptions> hidden_object;
};

}  // namespace symwave::jobs::deck
