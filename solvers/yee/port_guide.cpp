#include "solvers/yee/port_guide.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/dealt_sentences.hpp"
#include "solvers/yee/guide_course.hpp"

namespace symwave::solvers::yee {

namespace {

/// Relative change of the effective index from which on media count as changed: it reflects 1e-6 of
/// the power at a step, and a guide tilted by some tenths of a degree reaches it.
constexpr double kChanged = 2e-3;
/// Share of the power outside a window that shows in a balance.
constexpr double kOutside = 1e-3;
/// Windows of bends end in walls, which cost some hundred times what lies outside of them.
constexpr double kOutsideOfBend = 2e-5;
/// Share of the power sent back by a PML that shows in S: its root, the amplitude, comes back from
/// both ports and meets the device again, so that S is off by up to kTimesBack roots.
constexpr double kReturned = 1e-6;
constexpr double kTimesBack = 3;
/// Shift of a guide's middle, in widths of its mode, from which on it is not straight.
constexpr double kShifted = 0.05;
/// Shares of what a circle moves a guide, and of a cell, by which the guide may leave it: the
/// mode's power falls by 1e-4 or so.
constexpr double kOtherBow = 0.1;
constexpr double kOfCell = 0.25;
/// A circle is read off so many planes at least.
constexpr size_t kFewestPlanes = 4;

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
  explicit GuideJudge(const PortGuide& guide) : guide_(guide), seen_(guide) {}

  std::vector<std::string> Judge(const std::vector<PortGuide>& all) const {
    std::vector<std::string> found;
    const auto add = [&](const std::string& sentence) {
      if (!sentence.empty()) found.push_back(sentence);
    };
    if (guide_.Curved()) {
      if (!guide_.neighbours) add(LeavesTheCircle());
      if (found.empty()) add(ChangesBehind());
      return found;
    }
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
      if (seen_.ViewOf(plane).change > kChanged) return "";
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
      const PlaneView view = seen_.ViewOf(plane);
      const double shift = std::hypot(view.shift[0], view.shift[1]);
      const double distance = std::abs(At(plane) - At(guide_.plane));
      if (view.change > kChanged && first < 0) first = plane;
      largest = std::max(largest, view.change);
      const bool shifted = farthest > kShifted * seen_.ModeWidth();
      if (view.kept < kGuideEnded) return shifted ? Tilted(farthest, steepest) : Ends(plane);
      farthest = std::max(farthest, shift);
      if (distance > 0) steepest = std::max(steepest, shift / distance);
      if (plane == LastBehind()) break;
    }
    if (first < 0) return "";
    if (farthest > kShifted * seen_.ModeWidth()) return Tilted(farthest, steepest);
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

  /// "turn the layout by -6.0 degrees", where that helps: from x towards y counts as positive.
  std::string Turn(const GuideCourse::Line& course) const {
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
    if (guide_.Curved()) {
      return fmt::format(
          "{}: its guide goes on bending behind it, by {:.2g} um or more before the lattice ends, "
          "and "
          "the PML sends some of what leaves through a bent guide back; draw the guide straight on "
          "along {} from the port through the PML to {} = {:.4g} um",
          Who(), shift, Axis(), Axis(), EndBehind());
    }
    const GuideCourse::Line course = seen_.LineBehind();
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
        "{}: let the guide run straight along {} from the port through the PML to {} = {:.4g} um, "
        "or, of a guide along a circle, say bend: {{radius, towards}}",
        Who(), shift, std::atan(slope) * 180 / M_PI, Axis(), Axis(), Axis(), EndBehind());
  }

  bool Fits(const GuideCourse::Bend& bend) const {
    const double cell = std::abs(At(guide_.plane + Inward()) - At(guide_.plane));
    return bend.off <= kOtherBow * bend.moved + kOfCell * cell;
  }

  std::string LeavesTheCircle() const {
    const int across = guide_.curvature[0] != 0 ? 0 : 1;
    const double curvature = guide_.curvature[static_cast<size_t>(across)];
    const GuideCourse::Bend bend = seen_.FollowCircle(across, curvature, true);
    if (bend.planes < kFewestPlanes || Fits(bend)) return "";
    const bool straight = std::abs(bend.curvature) < kOtherBow * std::abs(curvature);
    if (straight) {
      const GuideCourse::Bend behind = seen_.FollowCircle(across, curvature, false);
      if (behind.planes >= kFewestPlanes && Fits(behind)) {
        return fmt::format(
            "{} faces the wrong way: its guide bends behind it and runs straight before it; write "
            "faces: {}{}",
            Who(), guide_.forward ? '-' : '+', Axis());
      }
    } else if (bend.turned) {
      return fmt::format(
          "{} stands across a guide that leaves the port's normal by {:.1f} degrees: the centre of "
          "its circle must lie in the plane of the port; move the port (at) along its guide until "
          "it does",
          Who(), std::atan(std::abs(bend.slope)) * 180 / M_PI);
    }
    const char axis = "xyz"[across == 0 ? (guide_.axis == 0 ? 1 : 0) : (guide_.axis == 2 ? 1 : 2)];
    return fmt::format(
        "{} has the mode of a guide that bends towards {}{} with a radius of {:.4g} um, but the "
        "guide {}: {}",
        Who(), curvature > 0 ? '+' : '-', axis, 1 / std::abs(curvature),
        straight ? "runs straight there"
                 : fmt::format("bends towards {}{} with about {:.3g} um",
                               bend.curvature > 0 ? '+' : '-', axis, 1 / std::abs(bend.curvature)),
        straight ? "leave out ports.bend, or move the port (at) to where the bend begins"
                 : "correct ports.bend");
  }

  std::string ChangesAhead() const {
    for (int k = 1; k <= guide_.ahead; ++k) {
      const int plane = guide_.plane + k * Inward();
      if (plane < 0 || plane >= static_cast<int>(guide_.position.size())) break;
      const PlaneView view = seen_.ViewOf(plane);
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
  GuideCourse seen_;
};

std::string Name(const PortGuide& guide) {
  return fmt::format("{}the mode of port '{}'", guide.where.empty() ? "" : guide.where + ": ",
                     guide.mode);
}

std::string JudgeWindow(const PortGuide& guide) {
  if (guide.outside <= (guide.Curved() ? kOutsideOfBend : kOutside)) return "";
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

std::array<double, 2> CurvatureOf(const domain::PlanePort& port) {
  std::array<double, 2> curvature{0, 0};
  if (port.bend.radius == 0) return curvature;
  const std::array<int, 2> across = domain::Across(domain::AxisOf(port.faces));
  const size_t k = domain::AxisOf(port.bend.towards) == across[0] ? 0 : 1;
  curvature[k] = (domain::IsForward(port.bend.towards) ? 1 : -1) / port.bend.radius;
  return curvature;
}

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
