#include "solvers/fdfd/line_mode.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "solvers/modes/plane_modes.hpp"
#include "solvers/modes/profile_sign.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// Nodes between which the points of a line lie: those of Ez are nodes, and zero one further on.
modes::WaveguidePlane PlaneOf(const PlanePoints& points, const PortLine& line,
                              const PortLine& own) {
  const int normal = line.Normal(), across = line.Across();
  const int beyond = points.Ez() ? 1 : 0;
  const int first = points.First(across);
  modes::WaveguidePlane plane;
  plane.axis = normal;
  plane.node = points.First(normal) + line.plane;
  plane.box.lo[normal] = plane.node;
  plane.box.hi[normal] = plane.node + 1;
  plane.box.lo[across] = std::max(0, first + line.begin - beyond);
  plane.box.hi[across] = std::min(points.Lattice().Points(across), first + line.end + 1);
  plane.box.hi[2] = 1;
  if (own.begin == line.begin && own.end == line.end) return plane;
  plane.media = plane.box;
  plane.media.lo[across] = first + own.begin;
  plane.media.hi[across] = first + own.end;
  return plane;
}

/// Of a point of the line in the arrays of its plane.
size_t Offset(const PlanePoints& points, const LineSection& section, size_t point) {
  const int across = section.line.Across();
  const int first = points.First(across) + section.line.begin;
  return static_cast<size_t>(first - section.request.plane.box.lo[across]) + point;
}

double LargestIndex(const PlanePoints& points, const LineSection& section) {
  // Of the components across the line the one whose points are those of u.
  const std::vector<Complex>& eps = section.op->Medium().eps[points.Ez() ? 1 : 0];
  double largest = 0;
  for (size_t k = 0; k < section.weight.size(); ++k) {
    largest = std::max(largest, eps[Offset(points, section, k)].real());
  }
  return std::sqrt(largest);
}

LineMode ModeOfLine(const PlanePoints& points, const LineSection& section,
                    const modes::WaveguideMode& solved) {
  const int across = section.line.Across();
  const modes::GuideCurve& curve = section.request.plane.curve;
  LineMode mode;
  mode.n_eff = solved.n_eff;
  mode.wave_number = solved.beta;
  mode.cell = section.cell;
  mode.core_index = LargestIndex(points, section);
  mode.guided = solved.guided;
  mode.edge_index = solved.edge_index;
  mode.edge = solved.edge;
  const std::vector<Complex>& field = points.Ez() ? solved.e_v : solved.h_v;
  Complex power = 0;
  for (size_t k = 0; k < section.weight.size(); ++k) {
    const double at = points.Position(across, section.line.begin + static_cast<int>(k));
    mode.way.push_back(curve.Straight() ? 1.0 : curve.WayAt(at));
    mode.profile.push_back(field[Offset(points, section, k)]);
    power += section.weight[k] * mode.FluxFactor(k) * mode.profile[k] * mode.profile[k] /
             (2 * section.request.omega);
  }
  const Complex scale = modes::SignOfProfile(mode.profile) / std::sqrt(power);
  for (Complex& value : mode.profile) value *= scale;
  return mode;
}

}  // namespace

LineSection SectionOfLine(const PlanePoints& points, const domain::PermittivityMap& media,
                          double omega, const PortLine& line, const PortLine& own,
                          const modes::GuideCurve& curve, int count) {
  LineSection section;
  section.line = line;
  section.cell = points.Width(line.Normal(), line.plane);
  section.request = {PlaneOf(points, line, own), omega, 0, count};
  section.request.plane.curve = curve;
  section.op = std::make_shared<modes::PlaneOperator>(modes::OperatorOf(
      MPI_COMM_SELF, points.Lattice(), modes::ModeMediaOf(media), section.request));
  section.weight.resize(static_cast<size_t>(line.end - line.begin));
  for (size_t k = 0; k < section.weight.size(); ++k) {
    const int point = line.begin + static_cast<int>(k);
    const Complex alpha =
        points.Ez() ? 1.0 : 1.0 / section.op->Medium().eps[0][Offset(points, section, k)];
    section.weight[k] = points.Width(line.Across(), point) *
                        points.StretchAtPoint(line.Across(), point, omega) * alpha;
  }
  return section;
}

std::vector<LineMode> SolveLine(const PlanePoints& points, const LineSection& section) {
  std::vector<LineMode> modes;
  for (const modes::WaveguideMode& mode :
       modes::ModesOf(MPI_COMM_SELF, points.Lattice(), *section.op, section.request)) {
    modes.push_back(ModeOfLine(points, section, mode));
  }
  return modes;
}

KnownLines::Key KnownLines::KeyOf(const LineSection& section) {
  return modes::DigestOf(*section.op, section.request, section.cell);
}

void KnownLines::Add(const Key& key, std::vector<LineMode> modes) {
  for (const LineMode& mode : modes) values_ += mode.profile.size();
  known_[key] = std::move(modes);
}

void KnownLines::Trim() {
  constexpr size_t kMostValues = 1 << 23;  // 128 MB, more than a band of many ports takes
  if (values_ <= kMostValues) return;
  known_.clear();
  values_ = 0;
}

const std::vector<LineMode>& KnownLines::Solve(const PlanePoints& points,
                                               const LineSection& section) {
  const Key key = KeyOf(section);
  if (!Has(key)) {
    Add(key, SolveLine(points, section));
    ++solved_;
  }
  return known_.at(key);
}

}  // namespace symwave::solvers::fdfd
