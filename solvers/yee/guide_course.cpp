#include "solvers/yee/guide_course.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::yee {

namespace {

/// Planes on which the guide has this much more or less of its contrast do not tell its course.
constexpr double kWhole = 0.05;
/// Share of its way across by which a straight guide may leave the line through it.
constexpr double kStraight = 0.1;
/// Share of its radius on which a guide is followed along its circle before a port.
constexpr double kFollowed = 0.3;
/// Of a window's range of eps: from here on it is not that of a cladding.
constexpr double kDense = 0.3;

/// eps of what lies around a guide: the median of its window, or less where the guide fills that.
double Cladding(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double dense = values.front() + kDense * (values.back() - values.front());
  for (const size_t part : {2, 4}) {
    if (values[values.size() / part] < dense) return values[values.size() / part];
  }
  return values.front();
}

}  // namespace

GuideCourse::GuideCourse(const PortGuide& guide)
    : guide_(guide), own_(guide.eps(guide.plane)), cladding_(Cladding(own_)) {
  contrast_ = Contrast(own_);
  middle_ = Middle(own_);
  double width = 0;
  std::array<double, 2> centre{0, 0};
  for (size_t n = 0; n < own_.size(); ++n) {
    for (int d = 0; d < 2; ++d) centre[d] += guide_.weight[n] * guide_.across[n][d];
  }
  for (size_t n = 0; n < own_.size(); ++n) {
    for (int d = 0; d < 2; ++d) {
      width += guide_.weight[n] * std::pow(guide_.across[n][d] - centre[d], 2);
    }
  }
  mode_width_ = std::sqrt(width);
}

double GuideCourse::Above(double eps) const {
  return std::max(0.0, eps - cladding_);
}

double GuideCourse::Contrast(const std::vector<double>& eps) const {
  double sum = 0;
  for (size_t n = 0; n < eps.size(); ++n) sum += guide_.weight[n] * Above(eps[n]);
  return sum;
}

std::array<double, 2> GuideCourse::Middle(const std::vector<double>& eps) const {
  std::array<double, 2> middle{0, 0};
  double sum = 0;
  for (size_t n = 0; n < eps.size(); ++n) {
    const double above = Above(eps[n]);
    sum += above;
    for (int d = 0; d < 2; ++d) middle[d] += above * guide_.across[n][d];
  }
  for (double& m : middle) m = sum > 0 ? m / sum : 0;
  return middle;
}

/// How far the guide as a whole has moved across on a plane, lit or not [um]; `whole`: all of it is
/// still there.
std::array<double, 2> GuideCourse::Moved(int plane, bool& whole) const {
  const std::vector<double> eps = guide_.eps(plane);
  std::array<double, 2> moment{0, 0}, moment_there{0, 0};
  double own = 0, there = 0;
  for (size_t n = 0; n < eps.size(); ++n) {
    const double before = guide_.area[n] * Above(own_[n]), now = guide_.area[n] * Above(eps[n]);
    own += before;
    there += now;
    for (int d = 0; d < 2; ++d) {
      moment[d] += before * guide_.across[n][d];
      moment_there[d] += now * guide_.across[n][d];
    }
  }
  whole = own > 0 && std::abs(there / own - 1) < kWhole;
  if (!whole) return {0, 0};
  return {moment_there[0] / there - moment[0] / own, moment_there[1] / there - moment[1] / own};
}

PlaneView GuideCourse::ViewOf(int plane) const {
  PlaneView view;
  view.plane = plane;
  const std::vector<double> eps = guide_.eps(plane);
  double difference = 0;
  for (size_t n = 0; n < eps.size(); ++n) {
    difference += guide_.weight[n] * std::abs(eps[n] - own_[n]);
  }
  view.change = 0.5 * difference / std::pow(std::max(guide_.n_eff, 0.1), 2);
  if (contrast_ <= 0) return view;
  view.kept = Contrast(eps) / contrast_;
  if (view.kept < kGuideEnded) return view;
  const std::array<double, 2> middle = Middle(eps);
  for (int d = 0; d < 2; ++d) view.shift[d] = middle[d] - middle_[d];
  return view;
}

GuideCourse::Line GuideCourse::LineBehind() const {
  std::vector<double> along;
  std::vector<std::array<double, 2>> across;
  for (int plane = guide_.plane; plane != LastBehind(); plane -= Inward()) {
    bool whole = false;
    const std::array<double, 2> moved = Moved(plane - Inward(), whole);
    if (!whole) break;
    along.push_back(WayTo(plane - Inward()));
    across.push_back(moved);
  }
  Line course;
  double square = 0, farthest = 0, off = 0;
  for (size_t k = 0; k < along.size(); ++k) {
    square += along[k] * along[k];
    for (int d = 0; d < 2; ++d) course.slope[d] += along[k] * across[k][d];
  }
  if (square == 0) return course;
  for (double& slope : course.slope) slope /= square;
  for (size_t k = 0; k < along.size(); ++k) {
    const auto& [u, v] = across[k];
    farthest = std::max(farthest, std::hypot(u, v));
    off = std::max(off, std::hypot(u - course.slope[0] * along[k], v - course.slope[1] * along[k]));
  }
  course.straight = off < kStraight * farthest;
  return course;
}

GuideCourse::Bend GuideCourse::FollowCircle(int across, double curvature, bool ahead) const {
  const double radius = 1 / std::abs(curvature);
  const int step = ahead ? Inward() : -Inward();
  std::vector<double> way, bow, moved;  // bow: of a circle of curvature 1, in units of its radius
  for (int plane = guide_.plane + step;
       plane >= 0 && plane < static_cast<int>(guide_.position.size()); plane += step) {
    const double d = WayTo(plane);
    if (std::abs(d) > kFollowed * radius) break;
    bool whole = false;
    const double found = Moved(plane, whole)[static_cast<size_t>(across)];
    if (!whole) break;
    way.push_back(d);
    bow.push_back(radius * (radius - std::sqrt(radius * radius - d * d)));
    moved.push_back(found);
  }
  Bend bend;
  bend.planes = way.size();
  double bow_bow = 0, bow_moved = 0, way_way = 0, way_rest = 0;
  for (size_t k = 0; k < way.size(); ++k) {
    const double rest = moved[k] - curvature * bow[k];
    bend.off = std::max(bend.off, std::abs(rest));
    bend.moved = std::abs(curvature) * bow[k];
    bow_bow += bow[k] * bow[k];
    bow_moved += bow[k] * moved[k];
    way_way += way[k] * way[k];
    way_rest += way[k] * rest;
  }
  if (bend.planes == 0) return bend;
  bend.curvature = bow_moved / bow_bow;
  bend.slope = way_rest / way_way;
  double of_circle = 0, of_turned = 0;
  for (size_t k = 0; k < way.size(); ++k) {
    of_circle += std::pow(moved[k] - bend.curvature * bow[k], 2);
    of_turned += std::pow(moved[k] - curvature * bow[k] - bend.slope * way[k], 2);
  }
  bend.turned = of_turned < of_circle;
  return bend;
}

}  // namespace symwave::solvers::yee
