// The deck language of the jobs `focus` and `hidden_object`.
#include "jobs/deck/schema_bench.hpp"

namespace symwave::jobs::deck {

using namespace symwave::io;
using base::Unit;

namespace {

Section<ScanOptions> ScanSection() {
  return Section<ScanOptions>("Imaging of a target of bars with one learned focus per point.")
      .Key("points", &ScanOptions::points, Integer<int>(2, 256), "Per axis.")
      .Key("width", &ScanOptions::width, Length(Positive()),
           "Between the centres of the outermost ones.")
      .Key("bars", &ScanOptions::bars, ListOf(Length(Positive()), 1),
           "Widths of the bars of each group of the target.", Need::Required)
      .Key("epochs", &ScanOptions::epochs, Integer<int>(1), "Steps of forward mode at each point.");
}

}  // namespace

Section<FocusOptions> FocusSection() {
  return Section<FocusOptions>("Foci on the camera, a mask for each.")
      .Key("positions", &FocusOptions::positions, Integer<int>(1, 64),
           "Foci per axis, on a square grid about the centre.")
      .Key("width", &FocusOptions::width, Length(AtLeast(0)),
           "Between the centres of the outermost foci.")
      .Key("spot_radius", &FocusOptions::spot_radius, Length(Positive()),
           "Of the disc whose share of the light is made large.")
      .Key("compared", &FocusOptions::compared, Integer<int>(0),
           "Foci, from the middle of the grid on, at which the trainers without a gradient learn, "
           "too.")
      .Key("rival_passes", &FocusOptions::rival_passes, Integer<long>(1),
           "Launches that a trainer without a gradient has.")
      .Key("scan", &FocusOptions::scan, Maybe(ScanSection().AsType()), "Imaging with learned foci.")
      .Where(&FocusOptions::where);
}

Section<HiddenObjectOptions> HiddenObjectSection() {
  using H = HiddenObjectOptions;
  return Section<H>("An object around a corner, every position of it read by a region of its own.")
      .Key("positions", &H::positions, Integer<int>(4, 32), "Of the hidden plane, per axis.")
      .Key("width", &H::width, Length(Positive()),
           "Between the centres of the outermost positions.")
      .Key("source_radius", &H::source_radius, Length(Positive()),
           "Of the disc that shines at a position.")
      .Key("distance", &H::distance, Length(Positive()), "From the hidden plane to the mask.")
      .Key("wall", &H::wall, ScreenSection().AsType(),
           "A rough wall halfway between hidden plane and mask; scatter.screen is the second one.")
      .Key("spot_radius", &H::spot_radius, Length(Positive()), "Of a region on the camera.")
      .Key("spot_width", &H::spot_width, Length(Positive()),
           "Between the centres of the outermost regions.")
      .Key("crosstalk", &H::crosstalk, Real(Unit::One, AtLeast(0)),
           "Weight of the light that enters wrong regions.")
      .Key("frames", &H::frames, Integer<int>(1, 1000), "Of every shape on its way.")
      .Key("seed", &H::seed, Seed(), "Of the phases of the object's rough surface.")
      .Key("modulator_rate", &H::modulator_rate, Real(Unit::One, Positive()),
           "Masks per second of the modulator.")
      .Key("camera_rate", &H::camera_rate, Real(Unit::One, Positive()),
           "Frames per second of the camera.")
      .Where(&H::where);
}

}  // namespace symwave::jobs::deck
