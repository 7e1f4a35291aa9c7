// Modes of a line across a guide as the unknowns of the frequency domain carry them: those of
// modes/waveguide.hpp, in the one component of PlanePoints.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "domain/column_range.hpp"
#include "domain/frequency_media.hpp"
#include "solvers/fdfd/plane_points.hpp"
#include "solvers/modes/plane_digest.hpp"

namespace symwave::solvers::fdfd {

/// Points across a guide, on one layer of points along it.
struct PortLine {
  AxisName normal = AxisName::X;
  bool forward = true;  ///< launched light travels to larger coordinates
  int plane = 0;        ///< number of the points' layer along `normal`
  int begin = 0;        ///< points [begin, end) across
  int end = 0;
  double offset = 0;  ///< way from the points to the port's plane, into the device [um]

  int Normal() const { return static_cast<int>(normal); }
  int Across() const { return 1 - Normal(); }
};

struct LineMode {
  Complex n_eff;
  Complex wave_number;    ///< k of the lattice, u ~ exp(i k x): 4 sin^2(k h / 2) / h^2 = kappa^2
  double cell = 0;        ///< h, along the guide
  double core_index = 1;  ///< largest on the line
  bool guided = false;    ///< decays towards both ends, or is held by walls
  double edge_index = 0;  ///< see WaveguideMode
  std::string edge;
  std::vector<double> way;       ///< GuideCurve::WayAt the points, 1 of a straight guide
  std::vector<Complex> profile;  ///< u at the points, unit power, see PortMode; SignOfProfile()

  /// exp(i k distance) at a point, along a curve: `distance` is that of planes [um].
  Complex Phase(double distance, size_t point) const {
    return std::exp(Complex(0, distance / way[point]) * wave_number);
  }
  /// sin(k h / way) / h, k in the continuum.
  Complex FluxFactor(size_t point) const {
    return std::sin(wave_number * (cell / way[point])) / cell;
  }
};

/// A line, and what its modes are those of.
struct LineSection {
  PortLine line;
  modes::ModeRequest request;
  std::shared_ptr<const modes::PlaneOperator> op;
  /// alpha s w at the points: 1 or 1/eps along the line, stretch by a PML, width [um].
  std::vector<Complex> weight;
  double cell = 0;  ///< along the guide [um]
};

/// The medium beyond the points of `own` is that of its ends. Not collective; UserError as
/// SolveWaveguide.
LineSection SectionOfLine(const PlanePoints& points, const domain::PermittivityMap& media,
                          double omega, const PortLine& line, const PortLine& own,
                          const modes::GuideCurve& curve, int count);

/// The modes of largest effective index, largest first; fewer where there are fewer. Not
/// collective.
std::vector<LineMode> SolveLine(const PlanePoints& points, const LineSection& section);

/// Remembers the modes of lines, which ports often have in common and which the checks and the run
/// of a device ask for one after the other: lines of one digest are solved once. Every rank has an
/// object of its own.
class KnownLines {
 public:
  using Key = modes::PlaneDigest;

  static Key KeyOf(const LineSection& section);

  bool Has(const Key& key) const { return known_.count(key) > 0; }
  const std::vector<LineMode>& Of(const Key& key) const { return known_.at(key); }
  /// Modes that another rank has solved, perhaps.
  void Add(const Key& key, std::vector<LineMode> modes);
  /// See SolveLine; valid until Trim.
  const std::vector<LineMode>& Solve(const PlanePoints& points, const LineSection& section);
  /// Forgets all when they take much memory.
  void Trim();
  /// Lines that this object has solved.
  long Solved() const { return solved_; }

 private:
  std::map<Key, std::vector<LineMode>> known_;
  size_t values_ = 0;  ///< complex ones of all profiles
  long solved_ = 0;
};

}  // namespace symwave::solvers::fdfd
