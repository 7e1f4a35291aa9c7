#include "io/insitu/plane_sampling.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::io::insitu {

namespace {

using base::Communicator;

std::vector<double> PixelCentres(const std::vector<double>& at, int count) {
  std::vector<double> centres;
  centres.reserve(static_cast<size_t>(count));
  for (int k = 0; k < count; ++k) {
    centres.push_back(at.front() + (k + 0.5) / count * (at.back() - at.front()));
  }
  return centres;
}

template <class Places>
size_t CountOf(const Places& places) {
  size_t count = 1;
  for (const auto& range : places) count *= range[1] - range[0];
  return count;
}

/// Calls element(place along x, y, z) for all of them, x fastest.
template <class Places, class Element>
void ForEach(const Places& places, Element&& element) {
  for (size_t z = places[2][0]; z < places[2][1]; ++z) {
    for (size_t y = places[1][0]; y < places[1][1]; ++y) {
      for (size_t x = places[0][0]; x < places[0][1]; ++x) element(x, y, z);
    }
  }
}

}  // namespace

AxisSampling::AxisSampling(const std::vector<double>& at, const std::vector<double>& samples) {
  std::vector<long> lower;
  for (const double sample : samples) {
    const auto above = std::upper_bound(at.begin(), at.end(), sample);
    const long last = static_cast<long>(at.size()) - 1;
    const long point = std::clamp(static_cast<long>(above - at.begin()) - 1, 0L, last);
    const auto p = static_cast<size_t>(point);
    const double weight = point < last ? (sample - at[p]) / (at[p + 1] - at[p]) : 0;
    lower.push_back(point);
    weight_.push_back(weight);
    points_.push_back(point);
    if (weight > 0) points_.push_back(point + 1);
  }
  std::sort(points_.begin(), points_.end());
  points_.erase(std::unique(points_.begin(), points_.end()), points_.end());
  for (const long point : lower) {
    const auto place = std::lower_bound(points_.begin(), points_.end(), point) - points_.begin();
    lower_.push_back(static_cast<size_t>(place));
  }
}

PlaneSampling::PlaneSampling(const std::array<std::vector<double>, 3>& coordinates, int normal,
                             double position, int width, int height)
    : horizontal_(normal == 0 ? 1 : 0), vertical_(normal == 2 ? 1 : 2), normal_(normal) {
  const auto axis = [&](int k, const std::vector<double>& samples) {
    axes_[static_cast<size_t>(k)] = AxisSampling(coordinates[static_cast<size_t>(k)], samples);
  };
  axis(normal_, {position});
  axis(horizontal_, PixelCentres(coordinates[static_cast<size_t>(horizontal_)], width));
  axis(vertical_, PixelCentres(coordinates[static_cast<size_t>(vertical_)], height));
}

PlaneSampling::Places PlaneSampling::PlacesOf(const FieldPart& part) const {
  Places places{};
  for (size_t axis = 0; axis < 3; ++axis) {
    const std::vector<long>& points = axes_[axis].Points();
    const auto place = [&](long point) {
      return static_cast<size_t>(std::lower_bound(points.begin(), points.end(), point) -
                                 points.begin());
    };
    places[axis] = {place(part.offset[axis]), place(part.offset[axis] + part.count[axis])};
  }
  return places;
}

std::vector<float> PlaneSampling::Collect(MPI_Comm comm, const FieldPart& part,
                                          const std::vector<FieldPart>& parts,
                                          const std::vector<float>& values) const {
  std::vector<float> mine;
  const auto along = [&](size_t axis, size_t place) {
    return axes_[axis].Points()[place] - part.offset[axis];
  };
  ForEach(PlacesOf(part), [&](size_t x, size_t y, size_t z) {
    const long row = along(2, z) * part.count[1] + along(1, y);
    mine.push_back(values[static_cast<size_t>(row * part.count[0] + along(0, x))]);
  });

  const bool first = Communicator::RankIn(comm) == 0;
  std::vector<int> counts;
  std::vector<int> begins;
  int total = 0;
  for (const FieldPart& other : parts) {
    counts.push_back(static_cast<int>(CountOf(PlacesOf(other))));
    begins.push_back(total);
    total += counts.back();
  }
  std::vector<float> all(first ? static_cast<size_t>(total) : 0);
  base::Mpi(MPI_Gatherv(mine.data(), static_cast<int>(mine.size()), MPI_FLOAT, all.data(),
                        counts.data(), begins.data(), MPI_FLOAT, 0, comm));
  if (!first) return {};

  const size_t nx = axes_[0].Points().size();
  const size_t ny = axes_[1].Points().size();
  std::vector<float> needed(static_cast<size_t>(total));
  for (size_t rank = 0; rank < parts.size(); ++rank) {
    auto value = all.begin() + begins[rank];
    ForEach(PlacesOf(parts[rank]),
            [&](size_t x, size_t y, size_t z) { needed[(z * ny + y) * nx + x] = *value++; });
  }
  return Interpolate(needed);
}

std::vector<float> PlaneSampling::Interpolate(const std::vector<float>& needed) const {
  const AxisSampling& across = axes_[static_cast<size_t>(horizontal_)];
  const AxisSampling& up = axes_[static_cast<size_t>(vertical_)];
  const std::vector<double> plane = OnPlane(needed);
  const size_t columns = across.Points().size();
  // A neighbour of no weight may be none of the lattice: it is not touched.
  const auto mix = [](double weight, const double* here, size_t step) {
    return weight > 0 ? (1 - weight) * here[0] + weight * here[step] : here[0];
  };
  std::vector<double> line(columns);
  std::vector<float> pixels;
  pixels.reserve(across.Count() * up.Count());
  for (size_t row = 0; row < up.Count(); ++row) {
    const double* lower = plane.data() + up.Lower(row) * columns;
    for (size_t k = 0; k < columns; ++k) {
      line[k] = mix(up.Weight(row), lower + k, columns);
    }
    for (size_t column = 0; column < across.Count(); ++column) {
      const double* left = line.data() + across.Lower(column);
      pixels.push_back(static_cast<float>(mix(across.Weight(column), left, 1)));
    }
  }
  return pixels;
}

std::vector<double> PlaneSampling::OnPlane(const std::vector<float>& needed) const {
  const size_t nx = axes_[0].Points().size();
  const size_t ny = axes_[1].Points().size();
  const std::array<size_t, 3> steps{1, nx, nx * ny};
  const size_t right = steps[static_cast<size_t>(horizontal_)];
  const size_t above = steps[static_cast<size_t>(vertical_)];
  const size_t behind = steps[static_cast<size_t>(normal_)];
  const double depth = axes_[static_cast<size_t>(normal_)].Weight(0);
  const size_t columns = axes_[static_cast<size_t>(horizontal_)].Points().size();
  const size_t rows = axes_[static_cast<size_t>(vertical_)].Points().size();
  std::vector<double> plane;
  plane.reserve(rows * columns);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < columns; ++column) {
      const float* at = needed.data() + row * above + column * right;
      plane.push_back(depth > 0 ? (1 - depth) * *at + depth * at[behind] : *at);
    }
  }
  return plane;
}

}  // namespace symwave::io::insitu
