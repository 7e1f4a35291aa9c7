#include "solvers/fdtd/near_to_far.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdtd/flux.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Vector3 = Eigen::Vector3d;
using Vector3c = Eigen::Vector3cd;

Vector3 Unit(int axis) {
  return Vector3::Unit(axis);
}

/// The layers with their mirror image behind a wall across their axis.
Outside Unfolded(Outside outside) {
  const auto wall = std::find_if(outside.walls.begin(), outside.walls.end(),
                                 [&](const MirrorWall& w) { return w.axis == outside.axis; });
  if (wall == outside.walls.end()) return outside;
  // From the wall on, outwards.
  std::vector<double> distances;
  std::vector<domain::Medium> media = outside.media;
  std::vector<double> at = outside.interfaces;
  if (wall->open_side < 0) {
    std::reverse(at.begin(), at.end());
    std::reverse(media.begin(), media.end());
  }
  size_t first = 0;
  for (const double interface : at) {
    const double distance = wall->open_side * (interface - wall->position);
    if (distance > 0) {
      distances.push_back(distance);
    } else {
      ++first;
    }
  }
  media.erase(media.begin(), media.begin() + static_cast<long>(first));
  Outside whole = outside;
  whole.interfaces.clear();
  whole.media.assign(media.rbegin(), media.rend());
  whole.media.insert(whole.media.end(), media.begin() + 1, media.end());
  for (auto d = distances.rbegin(); d != distances.rend(); ++d) {
    whole.interfaces.push_back(wall->position - *d);
  }
  for (const double d : distances) whole.interfaces.push_back(wall->position + d);
  return whole;
}

/// The cell of an axis that holds a coordinate.
std::array<double, 2> CellAround(const domain::Lattice& lattice, int axis, double position) {
  const std::vector<double>& faces = lattice.Along(axis).Faces();
  auto above = std::upper_bound(faces.begin() + 1, faces.end() - 1, position);
  return {*(above - 1), *above};
}

}  // namespace

/// What one pair of a face radiates: J along E's component, M along H's.
struct NearToFar::Currents {
  int normal = 0, e_axis = 0, h_axis = 0;
  double j_sign = 1, m_sign = 1;
  double plane = 0, before = 0, behind = 0, weight_before = 0.5;
  Eigen::MatrixXcd e, h;  ///< points x omegas, H interpolated to the plane
  std::vector<std::array<double, 3>> positions;
  std::vector<double> areas;
  std::vector<double> heights;  ///< that occur along the axis of the layers
  std::vector<int> level;       ///< number of its height, per point

  /// int (J . E - M . H) dA over this rank's points at an omega, for waves from one direction.
  std::vector<Complex> Work(const domain::Lattice& lattice, const LayeredMedium& layers,
                            const std::vector<IncomingWave>& waves, size_t omega) const;
  /// What the interpolation of H to the plane makes of a wave.
  Complex Interpolated(const IncomingWave& wave, int axis) const {
    if (normal != axis) {
      const double k = wave.Across()[normal];
      return weight_before * std::cos(k * (plane - before)) +
             (1 - weight_before) * std::cos(k * (behind - plane));
    }
    return weight_before * std::cos(wave.AlongAt(before) * (plane - before)) +
           (1 - weight_before) * std::cos(wave.AlongAt(behind) * (behind - plane));
  }
};

std::vector<Complex> NearToFar::Currents::Work(const domain::Lattice& lattice,
                                               const LayeredMedium& layers,
                                               const std::vector<IncomingWave>& waves,
                                               size_t omega) const {
  const int axis = layers.Axis();
  // Factors of H and E per height, of all waves at one height side by side.
  std::vector<Complex> of_h, of_e;
  for (const double height : heights) {
    const auto cell = CellAround(lattice, axis, height);
    const Complex inverse_eps = e_axis == axis ? layers.InverseEps(cell[0], cell[1]) : 0;
    for (const IncomingWave& wave : waves) {
      const LayerField field = wave.At(height, inverse_eps);
      of_h.push_back(j_sign * field.e[e_axis] / Interpolated(wave, axis));
      of_e.push_back(-m_sign * field.h[h_axis]);
    }
  }
  const size_t count = waves.size();
  const auto column = static_cast<long>(omega);
  const Vector3& across = waves.front().Across();
  std::vector<Complex> work(count, 0);
  for (size_t p = 0; p < areas.size(); ++p) {
    const auto row = static_cast<long>(p);
    const auto& r = positions[p];
    const double path = across[0] * r[0] + across[1] * r[1] + across[2] * r[2];
    const Complex phase = std::polar(areas[p], path);
    const Complex of_row_h = h(row, column) * phase, of_row_e = e(row, column) * phase;
    for (size_t m = 0; m < count; ++m) {
      const size_t factor = level[p] * count + m;
      work[m] += of_row_h * of_h[factor] + of_row_e * of_e[factor];
    }
  }
  return work;
}

/// One of the reflections that the walls make together.
struct NearToFar::Image {
  Vector3 mirror{1, 1, 1};  ///< signs of the coordinates
  Vector3 shift{0, 0, 0};   ///< twice the positions of its walls
  double factor = 1;        ///< of E, mirrored
};

std::vector<LayeredMedium> LayersOf(const Outside& outside, const std::vector<double>& omegas) {
  const Outside whole = Unfolded(outside);
  std::vector<LayeredMedium> layers;
  for (const double omega : omegas) {
    std::vector<Complex> eps;
    for (const domain::Medium& medium : whole.media) eps.push_back(medium.Permittivity(omega));
    layers.emplace_back(whole.axis, whole.interfaces, eps, omega);
    if (layers.back().Index(0) > 0 || layers.back().Index(1) > 0) continue;
    base::Fail(
        "the far field needs a transparent medium outside, but '{}' has a permittivity of "
        "{:.6g} + {:.3g} i at a wavelength of {:.6g} um",
        whole.media.back().name, eps.back().real(), eps.back().imag(), 2 * M_PI / omega);
  }
  return layers;
}

NearToFar::NearToFar(yee::Transforms& fields, const std::vector<Face>& faces,
                     std::vector<double> omegas, Outside outside, int every, long first)
    : fields_(fields),
      two_dimensional_(fields.Lattice().TwoDimensional()),
      omegas_(std::move(omegas)),
      walls_(outside.walls) {
  if (two_dimensional_ && outside.axis == 2) outside.axis = 0;
  layers_ = LayersOf(outside, omegas_);
  for (const Face& face : faces) faces_.emplace_back(fields, face, omegas_, every, first);
}

std::vector<NearToFar::Currents> NearToFar::Collect() const {
  std::vector<Currents> all;
  const int axis = layers_.front().Axis();
  for (const FaceFields& face : faces_) {
    const int normal = face.Where().normal;
    const Vector3 outward = face.Where().sign * Unit(normal);
    for (FacePair& pair : face.Collect()) {
      Currents c;
      c.normal = normal;
      c.e_axis = static_cast<int>(domain::DirectionOf(pair.e));
      c.h_axis = static_cast<int>(domain::DirectionOf(pair.h));
      c.j_sign = outward.cross(Unit(c.h_axis))[c.e_axis];
      c.m_sign = -outward.cross(Unit(c.e_axis))[c.h_axis];
      c.plane = pair.plane;
      c.before = pair.before;
      c.behind = pair.behind;
      c.weight_before = pair.weight_before;
      c.e = std::move(pair.e_values);
      c.h = pair.weight_before * pair.h_before + (1 - pair.weight_before) * pair.h_behind;
      c.positions = std::move(pair.positions);
      c.areas = std::move(pair.areas);
      std::map<double, int> levels;
      for (const auto& r : c.positions) levels.emplace(r[axis], 0);
      for (auto& [height, number] : levels) {
        number = static_cast<int>(c.heights.size());
        c.heights.push_back(height);
      }
      for (const auto& r : c.positions) c.level.push_back(levels.at(r[axis]));
      all.push_back(std::move(c));
    }
  }
  return all;
}

std::vector<NearToFar::Image> NearToFar::Images() const {
  std::vector<Image> images{{}};
  for (const MirrorWall& wall : walls_) {
    const size_t count = images.size();
    for (size_t n = 0; n < count; ++n) {
      Image image = images[n];
      image.mirror[wall.axis] = -1;
      image.shift[wall.axis] = 2 * wall.position;
      image.factor *= wall.magnetic ? 1 : -1;
      images.push_back(image);
    }
  }
  return images;
}

std::vector<Vector3c> NearToFar::Integrals(const std::vector<Currents>& currents, size_t omega,
                                           const std::vector<Vector3>& directions) const {
  const LayeredMedium& layers = layers_[omega];
  const domain::FieldSet fields = fields_.Lattice().Fields();
  std::vector<Vector3c> sums(directions.size(), Vector3c::Zero());
  for (size_t n = 0; n < directions.size(); ++n) {
    if (layers.Index(layers.SideOf(directions[n])) == 0) continue;
    std::vector<IncomingWave> waves;
    for (const bool magnetic : {false, true}) {
      if (fields == (magnetic ? domain::FieldSet::Ez : domain::FieldSet::Hz)) continue;
      waves.push_back(layers.From(directions[n], magnetic, two_dimensional_));
    }
    for (const Currents& c : currents) {
      const std::vector<Complex> of = c.Work(fields_.Lattice(), layers, waves, omega);
      for (size_t m = 0; m < waves.size(); ++m) sums[n] += of[m] * waves[m].Polarization();
    }
  }
  if (!sums.empty()) base::SumInPlace(fields_.Comm(), sums.front().data(), 3 * sums.size());
  return sums;
}

bool NearToFar::Hidden(const Vector3& direction) const {
  return std::any_of(walls_.begin(), walls_.end(), [&](const MirrorWall& wall) {
    return !wall.symmetry && wall.open_side * direction[wall.axis] < -1e-12;
  });
}

std::vector<FarField> NearToFar::AtOmega(const std::vector<Currents>& currents, size_t omega,
                                         const std::vector<Direction>& directions) const {
  const LayeredMedium& layers = layers_[omega];
  const std::vector<Image> images = Images();
  std::vector<Vector3> all;
  for (const Image& image : images) {
    for (const Direction& d : directions) all.push_back(image.mirror.cwiseProduct(d.Radial()));
  }
  const std::vector<Vector3c> integrals = Integrals(currents, omega, all);
  std::vector<FarField> fields(directions.size());
  for (size_t n = 0; n < directions.size(); ++n) {
    const Vector3 radial = directions[n].Radial();
    const double index = layers.Index(layers.SideOf(radial));
    const double k = index * omegas_[omega];
    if (index == 0) continue;
    Vector3c sum = Vector3c::Zero();
    for (size_t m = 0; m < images.size(); ++m) {
      const Complex phase = std::polar(images[m].factor, -k * images[m].shift.dot(radial));
      sum += phase *
             images[m].mirror.cast<Complex>().cwiseProduct(integrals[m * directions.size() + n]);
    }
    const Complex green = two_dimensional_ ? std::polar(1 / std::sqrt(8 * M_PI * k), M_PI_4)
                                           : Complex(1 / (4 * M_PI));
    const Complex factor = Complex(0, omegas_[omega]) * green;
    fields[n].theta = factor * directions[n].AlongTheta().cast<Complex>().cwiseProduct(sum).sum();
    fields[n].phi = factor * directions[n].AlongPhi().cast<Complex>().cwiseProduct(sum).sum();
    fields[n].intensity = 0.5 * index * (std::norm(fields[n].theta) + std::norm(fields[n].phi));
  }
  return fields;
}

std::vector<FarField> NearToFar::Amplitudes(const std::vector<Direction>& directions) const {
  if (two_dimensional_) {
    for (const Direction& d : directions) {
      base::Require(std::abs(d.theta - M_PI_2) < 1e-9, "directions of a 2D far field lie in plane");
    }
  }
  const std::vector<Currents> currents = Collect();
  std::vector<FarField> fields;
  for (size_t w = 0; w < omegas_.size(); ++w) {
    std::vector<FarField> at_omega = AtOmega(currents, w, directions);
    for (size_t n = 0; n < directions.size(); ++n) {
      fields.push_back(Hidden(directions[n].Radial()) ? FarField{} : at_omega[n]);
    }
  }
  return fields;
}

std::vector<double> NearToFar::Power(const DirectionGrid& grid) const {
  const std::vector<FarField> fields = Amplitudes(grid.directions);
  std::vector<double> power(omegas_.size(), 0);
  for (size_t n = 0; n < fields.size(); ++n) {
    power[n / grid.directions.size()] +=
        grid.weights[n % grid.directions.size()] * fields[n].intensity;
  }
  return power;
}

int NearToFar::NodesFor(double wave_number) const {
  const domain::Lattice& lattice = fields_.Lattice();
  const std::vector<double>& interfaces = layers_.front().Interfaces();
  double square = 0;
  for (int axis = 0; axis < (two_dimensional_ ? 2 : 3); ++axis) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const FaceFields& face : faces_) {
      low = std::min(low, lattice.Node(axis, face.Where().lo[axis]));
      high = std::max(high, lattice.Node(axis, face.Where().hi[axis]));
    }
    // Images lie as far behind their plane.
    double middle = 0.5 * (low + high);
    if (axis == layers_.front().Axis() && !interfaces.empty()) {
      middle = std::clamp(middle, interfaces.front(), interfaces.back());
    }
    for (const MirrorWall& wall : walls_) middle = wall.axis == axis ? wall.position : middle;
    const double farthest = std::max(high - middle, middle - low);
    square += farthest * farthest;
  }
  // Patterns have an angular order of 2 k times the radius.
  const int order = static_cast<int>(std::ceil(wave_number * std::sqrt(square)));
  return two_dimensional_ ? order + 30 : std::min(order + 10, 64);
}

std::vector<std::array<double, 2>> NearToFar::SidePowers() const {
  const std::vector<Currents> currents = Collect();
  // Behind a wall stands the image of what is before it.
  double halves = 1;
  for (const MirrorWall& wall : walls_) halves *= wall.symmetry ? 1 : 0.5;
  std::vector<std::array<double, 2>> powers;
  for (size_t w = 0; w < omegas_.size(); ++w) {
    powers.push_back({0, 0});
    for (int side = 0; side < 2; ++side) {
      const double index = layers_[w].Index(side), other = layers_[w].Index(1 - side);
      if (index == 0) continue;
      std::vector<double> splits;
      if (other > 0 && other < index) splits.push_back(std::asin(other / index));
      const DirectionGrid grid =
          HalfSpaceDirections(layers_[w].Axis(), side == 1 ? 1 : -1, two_dimensional_,
                              NodesFor(index * omegas_[w]), splits);
      const std::vector<FarField> fields = AtOmega(currents, w, grid.directions);
      for (size_t n = 0; n < fields.size(); ++n) {
        powers.back()[side] += halves * grid.weights[n] * fields[n].intensity;
      }
    }
    // A wall across the axis of the layers: all light goes to its open side.
    for (const MirrorWall& wall : walls_) {
      if (wall.symmetry || wall.axis != layers_[w].Axis()) continue;
      const double all = powers.back()[0] + powers.back()[1];
      powers.back() =
          wall.open_side > 0 ? std::array<double, 2>{0, all} : std::array<double, 2>{all, 0};
    }
  }
  return powers;
}

std::vector<double> NearToFar::Flux() const {
  std::vector<double> power = PowerThrough(fields_.Comm(), faces_, omegas_.size());
  for (const MirrorWall& wall : walls_) {
    for (double& p : power) p *= wall.symmetry ? 2 : 1;
  }
  return power;
}

}  // namespace symwave::solvers::fdtd
