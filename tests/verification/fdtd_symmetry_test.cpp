// Mirror planes against the whole problem, and Bloch walls against several periods: discrete
// identities that hold to rounding.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "solvers/fdtd/engine.hpp"
#include "tests/verification/fdtd_random_media.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Stagger;
using domain::Wall;
using namespace solvers::fdtd;

using Point = std::array<int, 3>;
using Ends = std::array<AxisEnd, 2>;
constexpr Ends kOpen{AxisEnd{Wall::Pec, 5}, AxisEnd{Wall::Pec, 5}};
constexpr Ends kPeriodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};

EngineOptions Double() {
  EngineOptions options;
  options.precision = Precision::Float64;
  return options;
}

std::vector<Component> ComponentsOf(const Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

std::vector<double> Widths(int cells) {
  std::vector<double> widths;
  for (int i = 0; i < cells; ++i) widths.push_back(0.05 * (1 + 0.3 * std::sin(0.9 * i)));
  return widths;
}

Axis FromWidths(const std::vector<double>& widths) {
  std::vector<double> nodes{0};
  for (const double width : widths) nodes.push_back(nodes.back() + width);
  return Axis(nodes);
}

/// The same in 2D and 3D: `axes` beyond the second are dropped in 2D.
Lattice MakeLattice(FieldSet fields, const std::vector<Axis>& axes, const std::vector<Ends>& ends,
                    const std::array<double, 3>& bloch = {0, 0, 0}) {
  if (fields == FieldSet::All) {
    return Lattice({axes[0], axes[1], axes[2]}, {ends[0], ends[1], ends[2]}, bloch);
  }
  return Lattice(fields, {axes[0], axes[1]}, {ends[0], ends[1]}, {bloch[0], bloch[1]});
}

/// Largest difference of `a` and image(value of `b` at a point mapped by `map`), relative to the
/// largest value. `b` lives on one rank.
template <class Map>
double Difference(const Engine& a, const Engine& b, const Map& map) {
  double difference = 0, largest = 0;
  const Lattice& lattice = a.Lattice();
  const IndexBox mine = a.Owned(), all = b.Lattice().AllPoints();
  for (const Component c : ComponentsOf(lattice)) {
    const auto x = a.Field(c, mine, 0);
    const auto x_im = lattice.HasBlochPhase() ? a.Field(c, mine, 1) : std::vector<double>(x.size());
    const auto y = b.Field(c, all, 0);
    const auto y_im =
        b.Lattice().HasBlochPhase() ? b.Field(c, all, 1) : std::vector<double>(y.size());
    for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
      for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
        for (int i = mine.lo[0]; i < mine.hi[0]; ++i) {
          const auto [q, factor] = map(Point{i, j, k});
          const long n = mine.Offset(i, j, k), m = all.Offset(q[0], q[1], q[2]);
          const Complex value(x[n], x_im[n]), other(y[m], y_im[m]);
          difference = std::max(difference, std::abs(value - factor * other));
          largest = std::max(largest, std::abs(value));
        }
      }
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &difference, 1, MPI_DOUBLE, MPI_MAX, a.Comm()));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, a.Comm()));
  EXPECT_GT(largest, 1e-3);
  return difference / largest;
}

// ------------------------------------------------------------------------------------------------
// Mirror planes

/// Half of a mirror-symmetric problem, the mirror plane at the low end of `axis`.
struct MirrorProblem {
  FieldSet fields;
  int axis;
  Wall wall;
  int half = 16;  ///< cells of the half along the axis

  Lattice HalfLattice() const {
    std::vector<Axis> axes(3, FromWidths(Widths(19)));
    std::vector<Ends> ends(3, kOpen);
    axes[axis] = FromWidths(Widths(half));
    ends[axis][0] = {wall, 0};
    return MakeLattice(fields, axes, ends);
  }
  Lattice WholeLattice() const {
    std::vector<Axis> axes(3, FromWidths(Widths(19)));
    const auto right = Widths(half);
    std::vector<double> both(right.rbegin(), right.rend());
    both.insert(both.end(), right.begin(), right.end());
    axes[axis] = FromWidths(both);
    return MakeLattice(fields, axes, std::vector<Ends>(3, kOpen));
  }
  /// Point of the whole lattice mirrored at its middle.
  Point Mirror(const Lattice& lattice, Component c, Point p) const {
    p[axis] = 2 * half - p[axis] - (lattice.StaggerOf(c, axis) == Stagger::Centre ? 1 : 0);
    return p;
  }
  /// An electric wall keeps the electric component across it and the magnetic ones along it.
  double Parity(Component c) const {
    const bool normal = static_cast<int>(domain::DirectionOf(c)) == axis;
    return (normal == domain::IsElectric(c)) == (wall == Wall::Pec) ? 1 : -1;
  }
};

Point Moved(Point p, int axis, int by) {
  p[axis] += by;
  return p;
}

/// Largest deviation of the half from the whole problem.
double MirrorDifference(const MirrorProblem& problem) {
  const Lattice half = problem.HalfLattice(), whole = problem.WholeLattice();
  const int axis = problem.axis, n = problem.half;
  // Values of the half: the whole's points on the low side are taken from their images.
  const auto folded = [&whole, &problem, axis, n](Component c, Point p) {
    if (p[axis] < n) p = problem.Mirror(whole, c, p);
    return Moved(p, axis, -n);
  };
  const auto there = [&half, &problem, axis](Component c, Point p) {
    if (p[axis] < 0) p[axis] = -p[axis] - (half.StaggerOf(c, axis) == Stagger::Centre ? 1 : 0);
    return p;
  };
  const auto a = MakeEngine(MPI_COMM_WORLD, half, RandomMedia(there), Double());
  const auto b = MakeEngine(MPI_COMM_SELF, whole, RandomMedia(folded), Double());
  Current of_half, of_whole;
  of_half.signals = std::make_shared<StepPulse>();
  of_whole.signals = std::make_shared<StepPulse>();
  for (const Component c : ComponentsOf(half)) {
    for (const int distance : {0, 3}) {
      const bool on_plane = distance == 0 && half.StaggerOf(c, axis) == Stagger::Face;
      if (on_plane && problem.Parity(c) < 0) continue;
      Point p{9, 10, half.TwoDimensional() ? 0 : 8};
      p[axis] = distance;
      const double weight = 1 + 0.3 * static_cast<int>(c) + distance;
      of_half.entries.push_back({c, p, 0, weight});
      const Point q = Moved(p, axis, n);
      of_whole.entries.push_back({c, q, 0, weight});
      if (on_plane) continue;
      of_whole.entries.push_back({c, problem.Mirror(whole, c, q), 0, weight * problem.Parity(c)});
    }
  }
  a->AddCurrent(of_half);
  b->AddCurrent(of_whole);
  a->Advance(150);
  b->Advance(150);
  EXPECT_NEAR(a->Energy() / b->Energy(), 0.5, 1e-12);
  return Difference(*a, *b, [axis, n](const Point& p) {
    return std::pair<Point, Complex>{Moved(p, axis, n), 1.0};
  });
}

TEST(MirrorPlane, EqualsTheWholeProblem) {
  for (const Wall wall : {Wall::Pec, Wall::Pmc}) {
    for (const FieldSet fields : {FieldSet::All, FieldSet::Ez, FieldSet::Hz}) {
      for (int axis = 0; axis < (fields == FieldSet::All ? 3 : 2); ++axis) {
        EXPECT_LT(MirrorDifference({fields, axis, wall}), 1e-12)
            << (wall == Wall::Pec ? "PEC" : "PMC") << " across axis " << axis << ", fields "
            << static_cast<int>(fields);
      }
    }
  }
}

// ------------------------------------------------------------------------------------------------
// Periods

/// Largest deviation of one period with Bloch phase `phase` along `axis` from three of them.
double PeriodDifference(FieldSet fields, int axis, double phase) {
  constexpr int kCells = 9, kPeriods = 3;
  std::vector<Axis> axes(3, FromWidths(Widths(19)));
  std::vector<Ends> ends(3, kOpen);
  ends[axis] = kPeriodic;
  std::vector<double> widths = Widths(kCells), repeated;
  for (int m = 0; m < kPeriods; ++m) repeated.insert(repeated.end(), widths.begin(), widths.end());
  std::array<double, 3> bloch{0, 0, 0};
  axes[axis] = FromWidths(widths);
  bloch[axis] = phase;
  const Lattice one = MakeLattice(fields, axes, ends, bloch);
  axes[axis] = FromWidths(repeated);
  bloch[axis] = kPeriods * phase;
  const Lattice three = MakeLattice(fields, axes, ends, bloch);
  const auto media = RandomMedia([axis](Component, Point p) {
    p[axis] = (p[axis] + 3 * kCells) % kCells;
    return p;
  });
  // The lattice with more periods runs distributed.
  const auto a = MakeEngine(MPI_COMM_WORLD, three, media, Double());
  const auto b = MakeEngine(MPI_COMM_SELF, one, media, Double());
  Current of_one, of_three;
  of_one.signals = std::make_shared<StepPulse>();
  of_three.signals = std::make_shared<StepPulse>();
  for (const Component c : ComponentsOf(one)) {
    Point p{9, 10, one.TwoDimensional() ? 0 : 8};
    p[axis] = 2;
    of_one.entries.push_back({c, p, 0, 1.0});
    for (int m = 0; m < kPeriods; ++m) {
      of_three.entries.push_back({c, Moved(p, axis, m * kCells), 0, std::polar(1.0, m * phase)});
    }
  }
  a->AddCurrent(of_three);
  b->AddCurrent(of_one);
  a->Advance(150);
  b->Advance(150);
  return Difference(*a, *b, [axis, phase](const Point& p) {
    const int period = p[axis] / kCells;
    return std::pair<Point, Complex>{Moved(p, axis, -period * kCells),
                                     std::polar(1.0, period * phase)};
  });
}

TEST(BlochWalls, OnePeriodEqualsThree) {
  for (const FieldSet fields : {FieldSet::All, FieldSet::Ez, FieldSet::Hz}) {
    for (int axis = 0; axis < (fields == FieldSet::All ? 3 : 2); ++axis) {
      for (const double phase : {0.0, 0.8, -2.5}) {
        EXPECT_LT(PeriodDifference(fields, axis, phase), 1e-12)
            << "axis " << axis << ", phase " << phase << ", fields " << static_cast<int>(fields);
      }
    }
  }
}

}  // namespace
}  // namespace symwave::verification
