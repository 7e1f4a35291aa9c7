#include "solvers/fdtd/face_fields.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::AxisName;
using domain::Component;
using domain::IndexBox;
using domain::Lattice;

namespace {

/// Length along an axis across the face that belongs to point i, cut at the border of the face.
double LengthOf(const Lattice& lattice, const Face& face, Component c, int axis, int i) {
  const int lo = face.lo[axis], hi = face.hi[axis];
  const auto inside = [&](int cell) {
    if (cell < lo || cell >= hi) return 0.0;
    const auto& cut = face.cut[axis];
    const double share = 1 - (cell == lo ? cut[0] : 0) - (cell == hi - 1 ? cut[1] : 0);
    return share * lattice.CellWidth(axis, cell);
  };
  if (lattice.StaggerOf(c, axis) == domain::Stagger::Centre) return inside(i);
  if (FillsAxis(lattice, face, axis)) return lattice.NodeSpacing(axis, i);
  return 0.5 * (inside(i - 1) + inside(i));
}

/// Points of the face, `layers` of them along the normal from node `first` on.
IndexBox PointsOf(const Lattice& lattice, const Face& face, int first, int layers) {
  IndexBox box{face.lo, face.hi};
  for (int axis = 0; axis < 3; ++axis) {
    if (!FillsAxis(lattice, face, axis)) ++box.hi[axis];
  }
  box.lo[face.normal] = first;
  box.hi[face.normal] = first + layers;
  return box;
}

/// Visits the points of a box, x fastest.
template <class Visit>
void ForEachPoint(const IndexBox& box, Visit&& visit) {
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      for (int i = box.lo[0]; i < box.hi[0]; ++i) visit(i, j, k);
    }
  }
}

/// A component of a transform on a box of points, omegas x points.
using Values = Eigen::MatrixXcd;

/// Brings the points `wanted` of one component to this rank from the ranks that own them.
/// Collective; boxes of different ranks may overlap.
class Fetch {
 public:
  Fetch(MPI_Comm comm, const IndexBox& owned, const IndexBox& wanted)
      : comm_(comm), owned_(owned), wanted_(wanted) {
    const std::array<int, 12> mine{owned.lo[0],  owned.lo[1],  owned.lo[2],  owned.hi[0],
                                   owned.hi[1],  owned.hi[2],  wanted.lo[0], wanted.lo[1],
                                   wanted.lo[2], wanted.hi[0], wanted.hi[1], wanted.hi[2]};
    std::vector<int> all(12 * static_cast<size_t>(base::Communicator::SizeOf(comm)));
    base::Mpi(MPI_Allgather(mine.data(), 12, MPI_INT, all.data(), 12, MPI_INT, comm));
    for (size_t r = 0; 12 * r < all.size(); ++r) {
      const int* b = &all[12 * r];
      const IndexBox its_owned{{b[0], b[1], b[2]}, {b[3], b[4], b[5]}};
      const IndexBox its_wanted{{b[6], b[7], b[8]}, {b[9], b[10], b[11]}};
      const auto add = [&](std::vector<Part>& parts, const IndexBox& box) {
        if (!box.Empty()) parts.push_back({static_cast<int>(r), box});
      };
      add(receives_, Intersect(its_owned, wanted));
      add(sends_, Intersect(owned, its_wanted));
    }
  }

  /// Values on the wanted points, from component number `component` of `block`.
  Values operator()(const DftBlock& block, int component) const {
    const auto omegas = static_cast<int>(block.omegas.size());
    Values result = Values::Zero(omegas, wanted_.Count());
    std::vector<Values> out, in;
    std::vector<MPI_Request> requests;
    for (const Part& part : sends_) out.push_back(Pack(block, component, part.box));
    for (const Part& part : receives_) in.emplace_back(omegas, part.box.Count());
    for (size_t m = 0; m < in.size(); ++m) {
      base::Mpi(MPI_Irecv(in[m].data(), base::MessageCount(in[m].size()), MPI_C_DOUBLE_COMPLEX,
                          receives_[m].rank, 0, comm_, &requests.emplace_back()));
    }
    for (size_t m = 0; m < out.size(); ++m) {
      base::Mpi(MPI_Isend(out[m].data(), base::MessageCount(out[m].size()), MPI_C_DOUBLE_COMPLEX,
                          sends_[m].rank, 0, comm_, &requests.emplace_back()));
    }
    base::Mpi(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE));
    for (size_t m = 0; m < in.size(); ++m) {
      long n = 0;
      ForEachPoint(receives_[m].box, [&](int i, int j, int k) {
        result.col(wanted_.Offset(i, j, k)) = in[m].col(n++);
      });
    }
    return result;
  }

 private:
  struct Part {
    int rank;
    IndexBox box;
  };

  Values Pack(const DftBlock& block, int component, const IndexBox& box) const {
    const auto omegas = static_cast<int>(block.omegas.size());
    Values values(omegas, box.Count());
    long n = 0;
    ForEachPoint(box, [&](int i, int j, int k) {
      for (int w = 0; w < omegas; ++w) values(w, n) = block.At(component, w, i, j, k);
      ++n;
    });
    return values;
  }

  MPI_Comm comm_;
  IndexBox owned_, wanted_;
  std::vector<Part> sends_, receives_;
};

/// E_b with H_c, power along a counted positive; E_c with H_b negative.
struct PairNames {
  Component e, h;
  double parity;
};

std::vector<PairNames> PairsOf(const Lattice& lattice, int normal) {
  const int b = (normal + 1) % 3, c = (normal + 2) % 3;
  std::vector<PairNames> pairs;
  for (const PairNames& pair :
       {PairNames{static_cast<Component>(b), static_cast<Component>(3 + c), 1.0},
        PairNames{static_cast<Component>(c), static_cast<Component>(3 + b), -1.0}}) {
    if (lattice.Has(pair.e)) pairs.push_back(pair);
  }
  return pairs;
}

/// Places, areas and E of a pair at this rank's points.
FacePair StartPair(const Lattice& lattice, const Face& face, const PairNames& names,
                   const DftBlock& electric, int number) {
  const int axis = face.normal, plane = face.Plane();
  FacePair pair;
  pair.e = names.e;
  pair.h = names.h;
  pair.parity = names.parity;
  pair.plane = lattice.Node(axis, plane);
  pair.before = lattice.HalfNode(axis, plane - 1);
  pair.behind = lattice.HalfNode(axis, plane);
  pair.weight_before = lattice.CellWidth(axis, plane) /
                       (lattice.CellWidth(axis, plane - 1) + lattice.CellWidth(axis, plane));
  const auto omegas = static_cast<int>(electric.omegas.size());
  pair.e_values.resize(electric.box.Count(), omegas);
  ForEachPoint(electric.box, [&](int i, int j, int k) {
    const std::array<int, 3> point{i, j, k};
    double area = 1;
    std::array<double, 3> position{};
    for (int d = 0; d < 3; ++d) {
      if (d != axis) area *= LengthOf(lattice, face, names.e, d, point[d]);
      position[d] = lattice.Position(names.e, d, point[d]);
    }
    const auto row = static_cast<long>(pair.areas.size());
    for (int w = 0; w < omegas; ++w) pair.e_values(row, w) = electric.At(number, w, i, j, k);
    pair.areas.push_back(area);
    pair.positions.push_back(position);
    pair.points.push_back(point);
  });
  return pair;
}

}  // namespace

FaceFields::FaceFields(yee::Transforms& fields, const Face& face, const std::vector<double>& omegas,
                       int every, long first)
    : fields_(fields), face_(face) {
  const Lattice& lattice = fields.Lattice();
  CheckFace(lattice, face);
  DftRequest electric, magnetic;
  electric.omegas = magnetic.omegas = omegas;
  electric.every = magnetic.every = every;
  electric.first = magnetic.first = first;
  electric.box = PointsOf(lattice, face, face.Plane(), 1);
  magnetic.box = PointsOf(lattice, face, face.Plane() - 1, 2);
  for (const PairNames& pair : PairsOf(lattice, face.normal)) {
    electric.components.push_back(pair.e);
    magnetic.components.push_back(pair.h);
  }
  electric_ = fields.AddDft(electric);
  magnetic_ = fields.AddDft(magnetic);
}

std::vector<FacePair> FaceFields::Collect() const {
  const Lattice& lattice = fields_.Lattice();
  const DftBlock electric = fields_.Dft(electric_), magnetic = fields_.Dft(magnetic_);
  // The plane of H before the face may belong to another rank than E on the face.
  IndexBox before = electric.box;
  if (!before.Empty()) {
    --before.lo[face_.normal];
    --before.hi[face_.normal];
  }
  const Fetch fetch_behind(fields_.Comm(), magnetic.box, electric.box);
  const Fetch fetch_before(fields_.Comm(), magnetic.box, before);

  std::vector<FacePair> pairs;
  for (const PairNames& names : PairsOf(lattice, face_.normal)) {
    const auto number = static_cast<int>(pairs.size());
    FacePair pair = StartPair(lattice, face_, names, electric, number);
    pair.h_before = fetch_before(magnetic, number).transpose();
    pair.h_behind = fetch_behind(magnetic, number).transpose();
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace symwave::solvers::fdtd
