#include "jobs/run/frame_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/insitu/plane_picture.hpp"
#include "io/insitu/sinks.hpp"

namespace symwave::jobs::run {

namespace {

/// Bytes of a pixel of a picture, and of a number of a field file.
constexpr double kPixelBytes = 0.1, kNumberBytes = 4;
/// What a frame of ParaView takes here (io/README.md) [s].
constexpr const char* kParaView = "most of a second";

/// Of a whole run: every so often, or with the last fields of each offer.
double CountOf(const OfferedFrames& offered, const deck::Cadence& every, bool at_end) {
  if (at_end) return offered.offers;
  if (every.count == 0) return 0;
  return offered.offers *
         std::floor(offered.numbers / offered.offers / static_cast<double>(every.count));
}

double PointsOf(const OfferedFrames& offered) {
  return offered.points[0] * offered.points[1] * offered.points[2];
}

/// What is done for `frames` of these arrays.
void AddMaking(Work& work, const OfferedFrames& offered, double frames, std::size_t arrays) {
  const double values = PointsOf(offered) * offered.meshes * static_cast<double>(arrays);
  work.Add("frames", Operation::FramePoint, frames * values);
}

/// Pixels of the pictures of one frame.
double PixelsOf(const OfferedFrames& offered, const deck::InSituOptions& insitu) {
  const deck::PngOptions& png = *insitu.png;
  const auto fixed = static_cast<std::size_t>(
      std::count_if(insitu.fields.begin(), insitu.fields.end(), io::insitu::IsFixedArray));
  const std::size_t all = insitu.fields.size();
  const auto arrays = static_cast<double>(fixed == all ? all : all - fixed);
  const std::array<bool, 3> given{png.x.has_value(), png.y.has_value(), png.z.has_value()};
  const bool any = given[0] || given[1] || given[2];
  double pixels = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const bool flat = offered.points[2] <= 1;
    if (flat ? axis != 2 : any && !given[axis]) continue;
    const io::insitu::PictureLayout layout(png.width, offered.points[axis == 0 ? 1 : 0],
                                           offered.points[axis == 2 ? 1 : 2]);
    pixels += static_cast<double>(layout.picture_width) * layout.picture_height;
  }
  return pixels * arrays * offered.meshes;
}

void AddPictures(Work& work, const OfferedFrames& offered, const deck::InSituOptions& insitu) {
  if (insitu.every.seconds > 0) {
    work.assumptions.push_back(fmt::format(
        "pictures every {:g} s come by the clock: their time is not in it", insitu.every.seconds));
  }
  const double frames = CountOf(offered, insitu.every, false);
  if (frames == 0) return;
  AddMaking(work, offered, frames, insitu.fields.size());
  if (insitu.png) {
    const double pixels = frames * PixelsOf(offered, insitu);
    work.Add("frames", Operation::PicturePixel, pixels, 1, 0);
    work.file_bytes += kPixelBytes * pixels;
  }
  if (insitu.UsesParaView()) {
    work.assumptions.push_back(
        fmt::format("{:.0f} frame{} drawn by ParaView are not in the time: {} each", frames,
                    frames == 1 ? "" : "s", kParaView));
  }
}

/// Points of a box along the axes; each of them where there is none.
double PointsInBox(const OfferedFrames& offered, const deck::FieldFilesOptions& files) {
  double points = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double along = offered.points[axis];
    if (files.size && axis < files.size->size() && offered.lengths[axis] > 0) {
      along = std::max(1.0, along * std::min(1.0, (*files.size)[axis] / offered.lengths[axis]));
    }
    points *= along > 1 ? std::ceil(along / files.stride) : 1;
  }
  return points;
}

void AddFiles(Work& work, const OfferedFrames& offered, const deck::FieldFilesOptions& files) {
  const double frames = CountOf(offered, files.every, files.at_end);
  if (frames == 0) return;
  AddMaking(work, offered, frames, files.what.size());
  const double written = frames * offered.meshes;
  work.Add("frames", Operation::FieldFile, written, 1, 0);
  // A plane is stored twice.
  const double numbers = PointsInBox(offered, files) * (offered.points[2] <= 1 ? 2 : 1);
  work.file_bytes += (files.float64 ? 2 : 1) * kNumberBytes * written * numbers *
                     static_cast<double>(files.what.size());
}

}  // namespace

void AddFrames(Work& work, const deck::DeckOptions& options) {
  if (!work.frames || work.frames->numbers <= 0) return;
  const OfferedFrames offered = *work.frames;
  double most = 0;
  if (options.insitu) {
    AddPictures(work, offered, *options.insitu);
    most = CountOf(offered, options.insitu->every, false);
  }
  if (options.output.chosen) {
    const deck::FieldFilesOptions& files = *options.output.chosen;
    AddFiles(work, offered, files);
    most = std::max(most, CountOf(offered, files.every, files.at_end));
  }
  // Made once for both.
  for (Part part : offered.each) {
    part.what = "frames";
    part.amount *= most;
    if (part.amount > 0) work.parts.push_back(part);
  }
}

}  // namespace symwave::jobs::run
