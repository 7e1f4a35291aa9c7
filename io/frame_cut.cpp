#include "io/frame_cut.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

/// Numbers of the points along one axis: begin, begin + stride ... below end.
struct Line {
  long begin = 0, end = 0, stride = 1;

  long Count() const { return (end - begin + stride - 1) / stride; }
  /// Of those below point `i`.
  long Below(long i) const { return std::clamp((i - begin + stride - 1) / stride, 0L, Count()); }
};

Line LineOf(const std::vector<double>& at, double low, double high, int stride) {
  const double slack = at.size() > 1 ? 1e-6 * (at[1] - at[0]) : 0;
  if (high < at.front() - slack - (at.size() > 1 ? at[1] - at[0] : 0) ||
      low > at.back() + slack + (at.size() > 1 ? at[1] - at[0] : 0)) {
    base::Fail(
        "a box of fields from {:g} to {:g} um lies outside of their points, which go from "
        "{:g} to {:g} um",
        low, high, at.front(), at.back());
  }
  const auto first = std::lower_bound(at.begin(), at.end(), low - slack);
  const auto last = std::upper_bound(first, at.end(), high + slack);
  const long points = last - first;
  if (points > 0) {
    // A mesh of one point along an axis is a plane, which no reader takes a volume's end for.
    const long most = std::max(1L, points - 1);
    return {first - at.begin(), last - at.begin(), std::min<long>(stride, most)};
  }
  const double middle = 0.5 * (low + high);
  const auto nearest = std::min_element(at.begin(), at.end(), [middle](double a, double b) {
    return std::abs(a - middle) < std::abs(b - middle);
  });
  return {nearest - at.begin(), nearest - at.begin() + 1, 1};
}

template <class Number>
std::vector<Number> Picked(const std::vector<Number>& values, const FieldPart& from,
                           const FieldPart& to, const std::array<Line, 3>& lines) {
  std::vector<Number> picked;
  if (values.empty()) return picked;
  picked.reserve(static_cast<size_t>(to.Points()));
  const auto place = [&](int axis, long n) {
    return lines[axis].begin + (to.offset[axis] + n) * lines[axis].stride - from.offset[axis];
  };
  for (long k = 0; k < to.count[2]; ++k) {
    for (long j = 0; j < to.count[1]; ++j) {
      const long row = (place(2, k) * from.count[1] + place(1, j)) * from.count[0];
      for (long i = 0; i < to.count[0]; ++i) {
        picked.push_back(values[static_cast<size_t>(row + place(0, i))]);
      }
    }
  }
  return picked;
}

}  // namespace

bool FrameCut::Whole() const {
  const auto far = [](double x) { return std::isinf(x); };
  return stride == 1 && std::all_of(low.begin(), low.end(), far) &&
         std::all_of(high.begin(), high.end(), far);
}

FieldFrame Cut(const FieldFrame& frame, const FrameCut& cut) {
  FieldFrame thin{frame.mesh, frame.of, frame.number, frame.time,      frame.time_unit,
                  {},         {},       {},           frame.time_grows};
  std::array<Line, 3> lines;
  for (int axis = 0; axis < 3; ++axis) {
    const std::vector<double>& at = frame.coordinates[axis];
    const Line line = LineOf(at, cut.low[axis], cut.high[axis], cut.stride);
    for (long i = line.begin; i < line.end; i += line.stride) {
      thin.coordinates[axis].push_back(at[static_cast<size_t>(i)]);
    }
    const long begin = frame.part.offset[axis], end = begin + frame.part.count[axis];
    thin.part.offset[axis] = line.Below(begin);
    thin.part.count[axis] = line.Below(end) - line.Below(begin);
    lines[axis] = line;
  }
  if (thin.part.Points() == 0) thin.part = {};
  for (const FieldArray& array : frame.arrays) {
    thin.arrays.push_back({array.name, array.unit,
                           Picked(array.values, frame.part, thin.part, lines), array.float64,
                           Picked(array.exact, frame.part, thin.part, lines)});
  }
  return thin;
}

}  // namespace symwave::io
