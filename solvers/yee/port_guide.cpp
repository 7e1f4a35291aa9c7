#include "solvers/yee/port_guide.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/dealt_sentences.hpp"

namespace symwave::solvers::yee {

namespace {

/// Relative change of the effective index from which on media count as changed: it reflects 1e-6 of
/// the power at a step, and a guide tilted by some tenths of a degree reaches it.
constexpr double kChanged = 2e-3;
/// Share of the power outside a window that shows in a balance.
constexpr double kOutside = 1e-3;
/// Share of the power sent back by a PML that shows in S: its root, the amplitude, comes back from
/// both ports and meets the device again, so that S is off by up to kTimesBack roots.
constexpr double kReturned = 1e-6;
constexpr double kTimesBack = 3;
/// Planes on which the guide has this much more or less of its contrast do not tell its course.
constexpr double kWhole = 0.05;
/// Share of its way across by which a straight guide may leave the line through it.
constexpr double kStraight = 0.1;
/// A guide of which less than this is left has ended.
constexpr double kEnded = 0.5;
/// Shift of a guide's middle, in widths of its mode, from which on it is not straight.
constexpr double kShifted = 0.05;

/// A plane beside that of the port.
struct PlaneView {
  int plane = 0;
  double change = 0;                  ///< of the effective index, relative
  double kept = 1;                    ///< of the guide's contrast, where the mode is
  std::array<double, 2> shift{0, 0};  ///< of the guide's middle across, as far as it is lit [um]
};

/// Where a guide goes on behind its port.
struct Course {
  std::array<double, 2> slope{0, 0};  ///< way across per way along, towards larger coordinates
  bool straight = false;
};

/// Compares planes with the one of the port.
class Comparison {
 public:
  explicit Comparison(const PortGuide& guide)
      : guide_(guide), own_(guide.eps(guide.plane)), cladding_(Median(own_)) {
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

  double ModeWidth() const { return mode_width_; }

  /// How far the guide as a whole has moved across on a plane, lit or not [um]; `whole`: all of it
  /// is still there.
  std::array<double, 2> Moved(int plane, bool& whole) const {
    const std::vector<double> eps = guide_.eps(plane);
    std::array<double, 2> moment{0, 0};
    double own = 0, there = 0;
    for (size_t n = 0; n < eps.size(); ++n) {
      const double before = guide_.area[n] * Above(own_[n]), now = guide_.area[n] * Above(eps[n]);
      own += before;
      there += now;
      for (int d = 0; d < 2; ++d) moment[d] += (now - before) * guide_.across[n][d];
    }
    whole = own > 0 && std::abs(there / own - 1) < kWhole;
    return {moment[0] / own, moment[1] / own};
  }

  PlaneView ViewOf(int plane) const {
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
    if (view.kept < kEnded) return view;
    const std::array<double, 2> middle = Middle(eps);
    for (int d = 0; d < 2; ++d) view.shift[d] = middle[d] - middle_[d];
    return view;
  }

 private:
  static double Median(std::vector<double> values) {
    const auto half = values.begin() + static_cast<long>(values.size() / 2);
    std::nth_element(values.begin(), half, values.end());
    return *half;
  }
  double Above(double eps) const { return std::max(0.0, eps - cladding_); }
  double Contrast(const std::vector<double>& eps) const {
    double sum = 0;
    for (size_t n = 0; n < eps.size(); ++n) sum += guide_.weight[n] * Above(eps[n]);
    return sum;
  }
  std::array<double, 2> Middle(const std::vector<double>& eps) const {
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

  const PortGuide& guide_;
  std::vector<double> own_;
  double cladding_;
  double contrast_ = 0;
  std::array<double, 2> middle_{0, 0};
  double mode_width_ = 0;
};

/// Coordinate of a port along an axis: its plane, or the middle of its mode.
double PlaceAlong(const PortGuide& guide, int axis) {
  if (axis == guide.axis) return guide.position[guide.plane];
  const int across = axis < guide.axis ? axis : axis - 1;
  double place = 0;
  for (size_t n = 0; n < guide.weight.size(); ++n) {
    place += guide.weight[n] * guide.across[n][across];
  }
  return place;
}

/// Looks along the normal of one port and says what it finds.
class GuideJudge {
 public:
  explicit GuideJudge(const PortGuide& guide) : guide_(guide), comparison_(guide) {}

  std::vector<std::string> Judge(const std::vector<PortGuide>& all) const {
    std::vector<std::string> found;
    const auto add = [&](const std::string& sentence) {
      if (!sentence.empty()) found.push_back(sentence);
    };
    const std::string wrong_way = FacesTheWrongWay(all);
    add(wrong_way);
    if (wrong_way.empty()) add(ChangesBehind());
    if (wrong_way.empty() && found.empty()) add(ChangesAhead());
    return found;
  }

 private:
  int Inward() const { return guide_.forward ? 1 : -1; }
  char Axis() const { return "xyz"[guide_.axis]; }
  double At(int plane) const { return guide_.position[plane]; }
  int LastBehind() const {
    return guide_.forward ? 0 : static_cast<int>(guide_.position.size()) - 1;
  }
  /// Where the PML begins and the lattice ends, before the port and behind it.
  double PmlAhead() const { return guide_.inside[guide_.forward ? 1 : 0]; }
  double PmlBehind() const { return guide_.inside[guide_.forward ? 0 : 1]; }
  double EndBehind() const { return guide_.ends[guide_.forward ? 0 : 1]; }
  std::string Who() const {
    return fmt::format("{}port '{}'", guide_.where.empty() ? "" : guide_.where + ": ", guide_.port);
  }
  double RoomAhead() const { return std::abs(PmlAhead() - At(guide_.plane)); }
  double RoomBehind() const { return std::abs(PmlBehind() - At(guide_.plane)); }

  /// The device lies behind a port that has less room, no other port and nothing but its own guide
  /// before it.
  std::string FacesTheWrongWay(const std::vector<PortGuide>& all) const {
    if (RoomAhead() >= RoomBehind()) return "";
    for (const PortGuide& other : all) {
      if (other.port == guide_.port) continue;
      const double beyond = Inward() * (PlaceAlong(other, guide_.axis) - At(guide_.plane));
      if (beyond > 0) return "";
    }
    for (int plane = guide_.plane; Inward() * (PmlAhead() - At(plane)) > 0; plane += Inward()) {
      if (comparison_.ViewOf(plane).change > kChanged) return "";
    }
    return fmt::format(
        "{} faces the wrong way: its light runs {:.3g} um along a uniform guide into the PML, and "
        "the device lies behind it; write faces: {}{}",
        Who(), RoomAhead(), guide_.forward ? '-' : '+', Axis());
  }

  std::string ChangesBehind() const {
    double steepest = 0, farthest = 0, largest = 0;
    int first = -1;
    for (int plane = guide_.plane;; plane -= Inward()) {
      const PlaneView view = comparison_.ViewOf(plane);
      const double shift = std::hypot(view.shift[0], view.shift[1]);
      const double distance = std::abs(At(plane) - At(guide_.plane));
      if (view.change > kChanged && first < 0) first = plane;
      largest = std::max(largest, view.change);
      const bool shifted = farthest > kShifted * comparison_.ModeWidth();
      if (view.kept < kEnded) return shifted ? Tilted(farthest, steepest) : Ends(plane);
      farthest = std::max(farthest, shift);
      if (distance > 0) steepest = std::max(steepest, shift / distance);
      if (plane == LastBehind()) break;
    }
    if (first < 0) return "";
    if (farthest > kShifted * comparison_.ModeWidth()) return Tilted(farthest, steepest);
    return fmt::format(
        "{}: media change along {} behind it, from {} = {:.4g} um on, by {:.2g} of the effective "
        "index of its mode: what leaves is reflected there; draw guide and claddings unchanged "
        "from the port through the PML to {} = {:.4g} um, or move the port (at) to where they are",
        Who(), Axis(), Axis(), At(first), largest, Axis(), EndBehind());
  }

  std::string Ends(int plane) const {
    const double end = 0.5 * (At(plane) + At(plane + Inward()));
    const double cell = std::abs(At(plane) - At(plane + Inward()));
    const bool in_pml = Inward() * (PmlBehind() - end) > 0.75 * cell;
    return fmt::format(
        "{}: its guide ends at about {} = {:.4g} um, {} the PML, which reaches from {:.4g} to "
        "{:.4g} um: what leaves through the port is sent back there; draw the guide on beyond {} = "
        "{:.4g} um",
        Who(), Axis(), end, in_pml ? "in" : "before", PmlBehind(), EndBehind(), Axis(),
        EndBehind());
  }

  /// The line through the port that fits the guide behind it best.
  Course CourseBehind() const {
    std::vector<double> along;
    std::vector<std::array<double, 2>> across;
    for (int plane = guide_.plane; plane != LastBehind(); plane -= Inward()) {
      bool whole = false;
      const std::array<double, 2> moved = comparison_.Moved(plane - Inward(), whole);
      if (!whole) break;
      along.push_back(At(plane - Inward()) - At(guide_.plane));
      across.push_back(moved);
    }
    Course course;
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
      off =
          std::max(off, std::hypot(u - course.slope[0] * along[k], v - course.slope[1] * along[k]));
    }
    course.straight = off < kStraight * farthest;
    return course;
  }

  /// "turn the layout by -6.0 degrees", where that helps: from x towards y counts as positive.
  std::string Turn(const Course& course) const {
    if (guide_.axis == 2 || std::abs(course.slope[1]) > std::abs(course.slope[0])) {
      return "draw it along the axis";
    }
    const double angle = std::atan(course.slope[0]) * 180 / M_PI;
    return fmt::format(
        "turn the layout by {:+.1f} degrees (from x towards y), or end the guide in "
        "a bend of that many",
        guide_.axis == 0 ? -angle : angle);
  }

  std::string Tilted(double shift, double slope) const {
    const Course course = CourseBehind();
    if (course.straight) {
      return fmt::format(
          "{} stands across a guide that is tilted by about {:.1f} degrees against {}, but its "
          "mode is "
          "that of a guide along {}: {}, so that it runs straight along {} from the port through "
          "the PML to {} = {:.4g} um",
          Who(), std::atan(std::hypot(course.slope[0], course.slope[1])) * 180 / M_PI, Axis(),
          Axis(), Turn(course), Axis(), Axis(), EndBehind());
    }
    return fmt::format(
        "{} stands across a guide that is tilted or bends: behind the port its middle leaves the "
        "normal by {:.2g} um or more, at up to {:.1f} degrees; its mode is that of a guide along "
        "{}: let the guide run straight along {} from the port through the PML to {} = {:.4g} um",
        Who(), shift, std::atan(slope) * 180 / M_PI, Axis(), Axis(), Axis(), EndBehind());
  }

  std::string ChangesAhead() const {
    for (int k = 1; k <= guide_.ahead; ++k) {
      const int plane = guide_.plane + k * Inward();
      if (plane < 0 || plane >= static_cast<int>(guide_.position.size())) break;
      const PlaneView view = comparison_.ViewOf(plane);
      if (view.change <= kChanged) continue;
      return fmt::format(
          "{}: the guide changes by {:.2g} of its effective index within {:.2g} um before the "
          "port, where its mode is measured; move the port (at) back by {:.2g} um",
          Who(), view.change, std::abs(At(plane) - At(guide_.plane)),
          std::abs(At(guide_.plane + guide_.ahead * Inward()) - At(guide_.plane)));
    }
    return "";
  }

  const PortGuide& guide_;
  Comparison comparison_;
};

std::string Name(const PortGuide& guide) {
  return fmt::format("{}the mode of port '{}'", guide.where.empty() ? "" : guide.where + ": ",
                     guide.mode);
}

std::string JudgeWindow(const PortGuide& guide) {
  if (guide.outside <= kOutside) return "";
  return fmt::format(
      "{} has not decayed at the border of its window: about {:.2g} of its power lies outside at "
      "{:.4g} um; make the port's span {:.2g} um wider (and grid.size where it ends there)",
      Name(guide), guide.outside, guide.wavelength, 2 * guide.wider);
}

std::string JudgeCutOff(const PortGuide& guide) {
  if (!CloseToCutOff(guide)) return "";
  const bool band = guide.from_wavelength > 0 && guide.from_wavelength < guide.wavelength;
  const std::string at =
      fmt::format("{:.4g} um: with an effective index of {:.3g}", guide.wavelength, guide.n_eff);
  const std::string from = fmt::format(
      "{:.4g} um on, where its effective index is {:.3g} and the PML sends {:.1e} of its "
      "power back, to {:.4g} um: with {:.3g}",
      guide.from_wavelength, guide.from_n_eff, guide.from_returned, guide.wavelength, guide.n_eff);
  return fmt::format(
      "{} is close to cut-off {} {} the PML sends {:.1e} of its power back, and S is off by up to "
      "{:.1g}, three times the root of that; end the band before {:.4g} um, or make the guide "
      "wider",
      Name(guide), band ? "from" : "at", band ? from : at, guide.returned,
      kTimesBack * std::sqrt(guide.returned), band ? guide.from_wavelength : guide.wavelength);
}

}  // namespace

double ReturnedByPml(double reflection, double n_pml, double n_eff) {
  return std::pow(reflection, 2 * std::max(0.0, n_eff) / n_pml);
}

bool CloseToCutOff(const PortGuide& guide) {
  return guide.returned > kReturned;
}

std::vector<std::string> JudgeGuides(MPI_Comm comm, const std::vector<PortGuide>& guides) {
  // Planes along the normals are looked at by one rank for each guide.
  const auto along = base::DealSentencesByItem(
      comm, guides.size(), [&](size_t g) { return GuideJudge(guides[g]).Judge(guides); });
  std::vector<std::string> found;
  std::vector<std::string> judged;
  for (size_t g = 0; g < guides.size(); ++g) {
    const PortGuide& guide = guides[g];
    found.insert(found.end(), guide.doubts.begin(), guide.doubts.end());
    for (const std::string& sentence : {JudgeWindow(guide), JudgeCutOff(guide)}) {
      if (!sentence.empty()) found.push_back(sentence);
    }
    if (std::find(judged.begin(), judged.end(), guide.port) != judged.end()) continue;
    found.insert(found.end(), along[g].begin(), along[g].end());
    if (!along[g].empty()) judged.push_back(guide.port);
  }
  return found;
}

}  // namespace symwave::solvers::yee
