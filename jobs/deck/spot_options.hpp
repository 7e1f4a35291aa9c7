// What a deck says about the jobs `focus` and `hidden_object` of an optical bench. Lengths in um.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/bench/bench_options.hpp"

namespace symwave::jobs::deck {

/// A target of bars in the camera plane, imaged by a focus that is learned at every point.
struct ScanOptions {
  int points = 12;           ///< per axis
  double width = 240;        ///< between the centres of the outermost ones
  std::vector<double> bars;  ///< widths of the bars of each group
  int epochs = 25;           ///< of the training at each point
};

struct FocusOptions {
  int positions = 3;         ///< per axis
  double width = 512;        ///< between the centres of the outermost ones
  double spot_radius = 12;   ///< the light of which is made large
  int compared = 1;          ///< positions at which the trainers without a gradient learn, too
  long rival_passes = 4000;  ///< launches that such a trainer has
  std::optional<ScanOptions> scan;
  std::string where;  ///< "deck.yaml:line"
};

struct HiddenObjectOptions {
  int positions = 5;                    ///< of the hidden plane, per axis
  double width = 256;                   ///< between the centres of the outermost ones
  double source_radius = 8;             ///< of the disc that shines at a position
  double distance = 20000;              ///< from the hidden plane to the mask
  training::bench::ScreenOptions wall;  ///< halfway between them
  double spot_radius = 16;              ///< of the region of a position on the camera
  double spot_width = 512;              ///< between the centres of the outermost regions
  double crosstalk = 1;                 ///< weight of the light in wrong regions in the loss
  int frames = 9;                       ///< of each shape
  std::uint64_t seed = 1;               ///< of the rough surface of the object
  // LCoS modulators (1920 x 1200, 8 um) and scientific CMOS cameras are specified for 60 frames
  // per second and more; 60 Hz is what both reach.
  double modulator_rate = 60;  ///< Hz
  double camera_rate = 60;     ///< Hz
  std::string where;           ///< "deck.yaml:line"
};

}  // namespace symwave::jobs::deck
