// Pictures of slices, written by the program itself.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "io/insitu/plane_picture.hpp"
#include "io/insitu/plane_sampling.hpp"
#include "io/insitu/shared_planes.hpp"
#include "io/insitu/sinks.hpp"

namespace symwave::io::insitu {

namespace {

using base::Fail;

constexpr const char* kPermittivity = "permittivity";

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Not flushed to the disk: a picture that a crash takes is drawn again.
void WritePicture(const std::string& path, const std::string& bytes) {
  const std::string temporary = path + ".tmp";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) Fail("{}: cannot be written: {}", path, std::strerror(errno));
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  int reason = errno;
  const bool closed = std::fclose(file) == 0;
  if (written && !closed) reason = errno;
  if (written && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return;
  if (written && closed) reason = errno;
  std::remove(temporary.c_str());
  Fail("{}: cannot be written: {}", path, std::strerror(reason));
}

/// A plane through a frame.
struct Plane {
  size_t normal = 2;
  double position = 0;
  std::string tag;    ///< in the name of the file: "", "_xy"
  std::string title;  ///< ", z = 0.1 um"
};

class PngSink : public FrameSink {
 public:
  explicit PngSink(const PngOptions& options) : options_(options) {}

  void Show(MPI_Comm comm, const FieldFrame& frame) override {
    std::vector<const FieldArray*> shown;
    std::vector<Plane> planes;
    base::AgreeOnFailure(comm, [&] {
      shown = ShownOf(frame);
      planes = PlanesOf(frame);
    });
    const std::vector<FieldPart> parts = GatherParts(comm, frame.part);
    std::vector<Drawing> drawings;
    for (const Plane& plane : planes) {
      const auto collected = Collect(comm, frame, plane, shown, parts);
      drawings.insert(drawings.end(), collected.begin(), collected.end());
    }
    base::AgreeOnFailure(comm, [&] {
      if (base::Communicator::RankIn(comm) != 0) return;
      for (const Drawing& drawing : drawings) {
        ColourScale& scale = ScaleOf(frame, drawing.array);
        for (const float value : drawing.content.values) scale.Note(value);
      }
      for (const Drawing& drawing : drawings) {
        WritePicture(
            drawing.path,
            DrawPlane(drawing.layout, drawing.content, ScaleOf(frame, drawing.array)).Png());
      }
    });
  }

 private:
  struct Drawing {
    std::string array;
    PictureLayout layout;
    PlaneContent content;
    std::string path;
  };

  std::vector<const FieldArray*> ShownOf(const FieldFrame& frame) const {
    std::vector<const FieldArray*> shown;
    std::vector<std::string> names;
    for (const FieldArray& array : frame.arrays) {
      names.push_back(array.name);
      if (options_.arrays.empty() && !IsFixedArray(array.name)) shown.push_back(&array);
    }
    for (const std::string& name : options_.arrays) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) {
        const std::string near = base::Nearest(name, names);
        Fail("insitu.png: {} is no array of {}{}; there are {}", name, frame.mesh,
             near.empty() ? "" : " (did you mean " + near + "?)", base::Joined(names));
      }
      shown.push_back(&frame.arrays[static_cast<size_t>(found - names.begin())]);
    }
    return shown;
  }

  std::vector<Plane> PlanesOf(const FieldFrame& frame) const {
    const auto& at = frame.coordinates;
    // A plane is shown as it is; of a line, the plane of its first two axes.
    for (const size_t axis : {2U, 1U, 0U}) {
      if (at[axis].size() == 1) return {{axis, at[axis][0], "", ""}};
    }
    const bool any = std::any_of(options_.at.begin(), options_.at.end(),
                                 [](const auto& position) { return position.has_value(); });
    constexpr std::array<const char*, 3> kTags{"_yz", "_xz", "_xy"};
    std::vector<Plane> planes;
    for (const size_t axis : {2U, 1U, 0U}) {
      if (any && !options_.at[axis]) continue;
      const double first = at[axis].front();
      const double last = at[axis].back();
      const double position = options_.at[axis].value_or((first + last) / 2);
      if (position < first || position > last) {
        Fail(
            "insitu.png: the slice at {} = {:g} um is outside of {}, which goes from {:g} to {:g} "
            "um",
            "xyz"[axis], position, frame.mesh, first, last);
      }
      planes.push_back(
          {axis, position, kTags[axis], fmt::format(", {} = {:.4g} um", "xyz"[axis], position)});
    }
    return planes;
  }

  /// Collective: the arrays on one plane; on rank 0.
  std::vector<Drawing> Collect(MPI_Comm comm, const FieldFrame& frame, const Plane& plane,
                               const std::vector<const FieldArray*>& shown,
                               const std::vector<FieldPart>& parts) const {
    const auto& across = frame.coordinates[plane.normal == 0 ? 1 : 0];
    const auto& up = frame.coordinates[plane.normal == 2 ? 1 : 2];
    const PictureLayout layout(options_.width, across.back() - across.front(),
                               up.back() - up.front());
    const PlaneSampling sampling(frame.coordinates, static_cast<int>(plane.normal), plane.position,
                                 layout.width, layout.height);
    const auto collect = [&](const FieldArray& array) {
      return sampling.Collect(comm, frame.part, parts, array.values);
    };
    std::vector<float> outlined;
    for (const FieldArray& array : frame.arrays) {
      if (array.name == kPermittivity) outlined = collect(array);
    }
    std::vector<Drawing> drawings;
    for (const FieldArray* array : shown) {
      PlaneContent content{collect(*array),
                           IsFixedArray(array->name) ? std::vector<float>{} : outlined,
                           {across.front(), across.back(), up.front(), up.back()},
                           {"xyz"[sampling.Horizontal()], "xyz"[sampling.Vertical()]},
                           TitleOf(frame, *array, plane),
                           array->unit};
      drawings.push_back({array->name, layout, std::move(content), PathOf(frame, *array, plane)});
    }
    return drawings;
  }

  static std::string TitleOf(const FieldFrame& frame, const FieldArray& array, const Plane& plane) {
    return array.name + plane.title + ", " + frame.of;
  }

  std::string PathOf(const FieldFrame& frame, const FieldArray& array, const Plane& plane) const {
    return fmt::format("{}/{}{}_{}{}_{:06d}.png", options_.folder,
                       options_.name.empty() ? "" : options_.name + "_", frame.mesh, array.name,
                       plane.tag, frame.number);
  }

  ColourScale& ScaleOf(const FieldFrame& frame, const std::string& array) {
    const bool may_be_signed = EndsWith(array, "_re") || EndsWith(array, "_im");
    return scales_.try_emplace({frame.mesh, array}, IsFixedArray(array), may_be_signed)
        .first->second;
  }

  PngOptions options_;
  std::map<std::pair<std::string, std::string>, ColourScale> scales_;
};

}  // namespace

bool IsFixedArray(const std::string& name) {
  return name == kPermittivity || name == "trainable" || name == "ports";
}

std::unique_ptr<FrameSink> MakePngSink(const PngOptions& options) {
  if (options.width < 200)
    Fail("insitu.png: a picture of {} pixels is too narrow; 200 at least", options.width);
  return std::make_unique<PngSink>(options);
}

}  // namespace symwave::io::insitu
