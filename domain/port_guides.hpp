// Which guides lie in the window of a port, and which of them the port means: the one at its
// centre.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace symwave::domain {

/// The medium across a port: points of a plane, u fastest; one along v for a line.
struct PortWindow {
  std::array<std::vector<double>, 2> positions;  ///< along u and v, increasing [um]
  std::vector<double> eps;                       ///< real part
  std::array<double, 2> centre{0, 0};            ///< of the port [um]
  std::array<char, 2> axes{'y', 'z'};            ///< names of u and v
  /// [axis][end]: the window is cut off there inside the medium, not by a wall.
  std::array<std::array<bool, 2>, 2> open{{{true, true}, {true, true}}};

  int Points(int axis) const { return static_cast<int>(positions[axis].size()); }
  bool Flat() const { return Points(1) == 1; }
};

/// A body whose eps is more than 45 % as far above the lowest of the window as that at the port's
/// centre.
struct GuideCore {
  std::array<int, 2> lo{0, 0}, hi{0, 0};  ///< points [lo, hi) that hold it
  double distance = 0;                    ///< from the port's centre [um]
};

struct PortGuides {
  PortWindow window;
  std::vector<GuideCore> cores;  ///< nearest to the port's centre first; none in uniform media
  /// The first core is the port's own: at its centre, or much nearer than the next.
  bool own = false;
  /// Points [lo, hi) up to the middle of the gaps between the port's own guide and the others; the
  /// whole window without such. Modes are solved with the medium at their borders going on beyond.
  std::array<int, 2> lo{0, 0}, hi{0, 0};

  bool Several() const { return cores.size() > 1; }
  /// Places of the cores, for a message.
  std::string Places() const;
  /// What to say of a window that holds several guides; empty where there is one.
  std::string Sentence() const;
  /// The likely reason, with its remedy, where a mode that was asked for is not guided.
  std::string WhyNoMode() const;
  /// Distance of a core from a place [um]; 0 inside.
  double DistanceOf(const GuideCore& core, double u, double v) const;
  /// Numbers of the cores next to a place [um]: several where they are equally near.
  std::vector<int> CoresNextTo(double u, double v) const;

 private:
  std::string CutSentence() const;
};

PortGuides FindGuides(PortWindow window);

}  // namespace symwave::domain
