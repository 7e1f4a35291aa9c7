// Whether what a deck draws is its own mirror image.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/column_range.hpp"
#include "domain/polygon_union.hpp"
#include "domain/yee_media.hpp"
#include "jobs/device/mirror_check.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::device {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;

/// Largest difference of eps, conductivity and shares that outlines drawn to 1e-5 um and rounding
/// may leave between a point and its image: an edge displaced by a few thousandths of a cell.
constexpr double kSame = 5e-3;
constexpr int kPlanes = 8;

/// Where a structure and its image differ most.
struct Mismatch {
  double difference = 0;
  std::array<double, 3> at{0, 0, 0};  ///< um
  std::array<double, 3> width{0, 0, 0};
};

/// Both blocks as one list of shares per medium.
std::vector<double> ShareOf(const domain::MediumBlock& block, int medium) {
  for (const auto& part : block.dispersive) {
    if (part.medium == medium) return part.share;
  }
  return {};
}

double DifferenceAt(const std::vector<double>& a, const std::vector<double>& b, size_t n) {
  return std::abs((a.empty() ? 0.0 : a[n]) - (b.empty() ? 0.0 : b[n]));
}

/// Differences of two blocks, each over its tolerance's scale.
std::vector<double> Differences(const domain::MediumBlock& a, const domain::MediumBlock& b,
                                int media) {
  std::vector<double> difference(a.eps.size());
  for (size_t n = 0; n < difference.size(); ++n) {
    difference[n] = std::abs(a.eps[n] - b.eps[n]) / std::max(a.eps[n], b.eps[n]);
    const double most = std::max(a.conductivity.empty() ? 0.0 : a.conductivity[n],
                                 b.conductivity.empty() ? 0.0 : b.conductivity[n]);
    if (most == 0) continue;
    difference[n] = std::max(difference[n], DifferenceAt(a.conductivity, b.conductivity, n) / most);
  }
  for (int medium = 0; medium < media; ++medium) {
    const auto of_a = ShareOf(a, medium), of_b = ShareOf(b, medium);
    if (of_a.empty() && of_b.empty()) continue;
    for (size_t n = 0; n < difference.size(); ++n) {
      difference[n] = std::max(difference[n], DifferenceAt(of_a, of_b, n));
    }
  }
  return difference;
}

void Compare(const Lattice& lattice, Component c, const IndexBox& box,
             const domain::MediumMap& media, const domain::MediumMap& image, Mismatch& worst) {
  const std::vector<double> difference =
      Differences(media.sample(c, box), image.sample(c, box), static_cast<int>(media.media.size()));
  const auto largest = std::max_element(difference.begin(), difference.end());
  if (largest == difference.end() || *largest <= worst.difference) return;
  const long n = largest - difference.begin();
  const std::array<int, 3> point{box.lo[0] + static_cast<int>(n % box.Extent(0)),
                                 box.lo[1] + static_cast<int>(n / box.Extent(0) % box.Extent(1)),
                                 box.lo[2] + static_cast<int>(n / box.Extent(0) / box.Extent(1))};
  worst.difference = *largest;
  for (int d = 0; d < 3; ++d) {
    worst.at[d] = lattice.TwoDimensional() && d == 2 ? 0 : lattice.Position(c, d, point[d]);
    worst.width[d] = lattice.CellWidth(d, std::min(point[d], lattice.Cells(d) - 1));
  }
}

/// The worst of all ranks, each of which looks at its share of the lattice. Collective.
Mismatch WorstMismatch(MPI_Comm comm, const Lattice& lattice, const domain::MediumMap& media,
                       const domain::MediumMap& image) {
  IndexBox mine = lattice.AllPoints();
  const int cut = lattice.TwoDimensional() ? 1 : 2;
  const domain::ColumnRange share =
      domain::PartitionColumns({mine.lo[cut], mine.hi[cut]}, base::Communicator::RankIn(comm),
                               base::Communicator::SizeOf(comm));
  mine.lo[cut] = share.begin;
  mine.hi[cut] = share.end;
  Mismatch worst;
  base::AgreeOnFailure(comm, [&] {
    for (int from = mine.lo[2]; from < mine.hi[2]; from += kPlanes) {
      IndexBox slab = mine;
      slab.lo[2] = from;
      slab.hi[2] = std::min(from + kPlanes, mine.hi[2]);
      if (slab.Empty()) continue;
      for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
        if (lattice.Has(c)) Compare(lattice, c, slab, media, image, worst);
      }
    }
  });
  struct {
    double value;
    int rank;
  } best{worst.difference, base::Communicator::RankIn(comm)};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &best, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm));
  base::Mpi(MPI_Bcast(&worst, sizeof worst, MPI_BYTE, best.rank, comm));
  return worst;
}

std::array<double, 3> MirrorImageOf(std::array<double, 3> point, const std::array<bool, 3>& about) {
  for (int d = 0; d < 3; ++d) point[d] *= about[d] ? -1 : 1;
  return point;
}

/// Points of the cell around a mismatch.
std::vector<std::array<double, 3>> PointsAround(const Mismatch& mismatch) {
  std::vector<std::array<double, 3>> points;
  for (const double z : {0.0, -0.45, 0.45}) {
    for (const double y : {0.0, -0.45, 0.45, -0.2, 0.2}) {
      for (const double x : {0.0, -0.45, 0.45, -0.2, 0.2}) {
        points.push_back({mismatch.at[0] + x * mismatch.width[0],
                          mismatch.at[1] + y * mismatch.width[1],
                          mismatch.at[2] + z * mismatch.width[2]});
      }
    }
  }
  return points;
}

struct Culprit {
  std::string where;
  std::string name;
  std::array<double, 3> point{0, 0, 0};
};

/// A point near the mismatch that `holds` and its image does not, or the reverse.
template <class Holds>
const std::array<double, 3>* FindDifference(const std::vector<std::array<double, 3>>& points,
                                            const std::array<bool, 3>& about, Holds&& holds) {
  const auto found = std::find_if(points.begin(), points.end(), [&](const auto& point) {
    return holds(point) != holds(MirrorImageOf(point, about));
  });
  return found == points.end() ? nullptr : &*found;
}

/// Whether a drawn shape holds a point.
class Drawn {
 public:
  explicit Drawn(const domain::ExtrudedShape& shape) : shape_(shape) {
    const auto body = shape.whole_body ? domain::SolidOf(shape.shape.geometry) : std::nullopt;
    if (!body) {
      outlines_ = domain::Outlines(shape.shape);
      return;
    }
    for (const domain::Vector& shift : shape.shape.repeat.Shifts()) {
      bodies_.emplace_back(domain::Shifted(*body, shift));
    }
  }

  bool operator()(const std::array<double, 3>& p) const {
    const domain::Repeat& repeat = shape_.shape.repeat;
    for (int n = 0; n < repeat.count[2] && bodies_.empty(); ++n) {
      const double z = p[2] - n * repeat.pitch[2];
      if (z >= shape_.bottom && z < shape_.top && domain::IsInside(outlines_, {p[0], p[1]}))
        return true;
    }
    return std::any_of(bodies_.begin(), bodies_.end(),
                       [&](const domain::Solid& body) { return body.Distance(p, 0) < 0; });
  }

 private:
  const domain::ExtrudedShape& shape_;
  std::vector<domain::Polygon> outlines_;
  std::vector<domain::Solid> bodies_;
};

/// The last thing drawn that differs between the mismatch and its image.
Culprit FindCulprit(const deck::SimulateOptions& options, const Mismatch& mismatch,
                    const std::array<bool, 3>& about) {
  const auto points = PointsAround(mismatch);
  const auto shapes = ExtrudedShapes(options);
  for (size_t k = shapes.size(); k-- > 0;) {
    const Drawn holds(shapes[k]);
    const auto* point = FindDifference(points, about, holds);
    // An inclined wall differs where the drawn outline, that of half height, does not.
    const bool inclined = about[2] && shapes[k].sidewall != 90;
    if (!point && inclined && std::any_of(points.begin(), points.end(), holds)) point = &points[0];
    if (!point) continue;
    return {shapes[k].shape.where,
            fmt::format("{} ({})", options.ShapeName(k), shapes[k].shape.material), *point};
  }
  for (size_t k = options.layers.size(); k-- > 0;) {
    const deck::LayerOptions& layer = options.layers[k];
    const auto* point = FindDifference(points, about, [&](const std::array<double, 3>& p) {
      return p[2] >= layer.z[0] && p[2] < layer.z[1];
    });
    if (point) return {layer.where, fmt::format("layers[{}] ({})", k, layer.material), *point};
  }
  return {options.grid.where, "the structure", mismatch.at};
}

std::string TextOf(const std::array<double, 3>& point, int dimensions) {
  if (dimensions == 2) return fmt::format("({:.4g}, {:.4g}) um", point[0], point[1]);
  return fmt::format("({:.4g}, {:.4g}, {:.4g}) um", point[0], point[1], point[2]);
}

[[noreturn]] void Refuse(const deck::SimulateOptions& options, const Mismatch& mismatch,
                         const std::array<bool, 3>& about) {
  const Culprit culprit = FindCulprit(options, mismatch, about);
  const int dimensions = options.grid.Dimensions();
  std::string axes, planes;
  for (int d = 0; d < 3; ++d) {
    if (!about[d]) continue;
    axes += fmt::format("{}{}", axes.empty() ? "" : " and ", "xyz"[d]);
    planes += fmt::format("{}{} = 0", planes.empty() ? "" : " and ", "xyz"[d]);
  }
  base::Fail(
      "{}: {} is not mirror-symmetric about {}, of which grid.symmetry computes one side: what "
      "stands at {} is not what stands at {}; draw its mirror image, too, or write none for {} in "
      "grid.symmetry ({})",
      culprit.where, culprit.name, planes, TextOf(culprit.point, dimensions),
      TextOf(MirrorImageOf(culprit.point, about), dimensions), axes, options.grid.where);
}

}  // namespace

void RequireMirroredStructure(MPI_Comm comm, const deck::SimulateOptions& options,
                              const TimeDomainProblem& problem) {
  for (int subset = 1; subset < 8; ++subset) {
    std::array<bool, 3> about{};
    bool mirrored = true;
    for (int d = 0; d < 3; ++d) {
      about[d] = (subset >> d & 1) != 0;
      mirrored = mirrored && (!about[d] || (d < options.grid.Dimensions() &&
                                            options.grid.SymmetryOf(d) != deck::MirrorPlane::None));
    }
    if (!mirrored) continue;
    const domain::MediumMap image =
        domain::MakeMediumMap(problem.lattice, MirroredStructure(options, about),
                              problem.media.media, problem.OmegaBand());
    const Mismatch worst = WorstMismatch(comm, problem.lattice, problem.media, image);
    if (worst.difference > kSame) Refuse(options, worst, about);
  }
}

}  // namespace symwave::jobs::device
