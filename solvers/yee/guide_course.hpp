// How the guide of a port runs on the planes along its normal, compared with the plane of the port.
#pragma once

#include <array>
#include <vector>

#include "solvers/yee/port_guide.hpp"

namespace symwave::solvers::yee {

/// A guide of which less than this is left has ended.
constexpr double kGuideEnded = 0.5;

/// A plane beside that of the port.
struct PlaneView {
  int plane = 0;
  double change = 0;                  ///< of the effective index, relative
  double kept = 1;                    ///< of the guide's contrast, where the mode is
  std::array<double, 2> shift{0, 0};  ///< of the guide's middle across, as far as it is lit [um]
};

class GuideCourse {
 public:
  /// The guide must outlive the object. Not collective, nor are the members.
  explicit GuideCourse(const PortGuide& guide);

  double ModeWidth() const { return mode_width_; }  ///< um, in the root of the mean square
  PlaneView ViewOf(int plane) const;

  /// Where a guide goes on behind its port.
  struct Line {
    std::array<double, 2> slope{0, 0};  ///< way across per way along, towards larger coordinates
    bool straight = false;
  };
  /// The line through the port that fits the guide behind it best, as far as all of it is seen.
  Line LineBehind() const;

  /// Of the guide's middle, which a circle through the port would move by `curvature` way^2 / 2.
  struct Bend {
    size_t planes = 0;     ///< that it is read off
    double off = 0;        ///< farthest from the circle [um]
    double moved = 0;      ///< by the circle, at the last of the planes [um]
    double curvature = 0;  ///< of the circle that fits best [1/um]
    double slope = 0;      ///< of the given circle that fits best when it is turned
    bool turned = false;   ///< the second of these two fits better
  };
  /// Before the port (or behind it), over 0.3 of the radius or as far as all of the guide is seen.
  /// `across`: number of the axis.
  Bend FollowCircle(int across, double curvature, bool ahead) const;

 private:
  int Inward() const { return guide_.forward ? 1 : -1; }
  int LastBehind() const {
    return guide_.forward ? 0 : static_cast<int>(guide_.position.size()) - 1;
  }
  double WayTo(int plane) const { return guide_.position[plane] - guide_.position[guide_.plane]; }
  std::array<double, 2> Moved(int plane, bool& whole) const;
  double Above(double eps) const;
  double Contrast(const std::vector<double>& eps) const;
  std::array<double, 2> Middle(const std::vector<double>& eps) const;

  const PortGuide& guide_;
  std::vector<double> own_;
  double cladding_;
  double contrast_ = 0;
  std::array<double, 2> middle_{0, 0};
  double mode_width_ = 0;
};

}  // namespace symwave::solvers::yee
