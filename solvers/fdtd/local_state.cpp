// The state of a block in an archive, by points of the lattice.
#include <limits>

#include "domain/base/error.hpp"
#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

using base::StateArchive;
using domain::Component;
using domain::IndexBox;

namespace {

constexpr std::array<Component, 3> kElectricComponents{Component::Ex, Component::Ey, Component::Ez};

IndexBox WithRange(IndexBox box, int axis, const std::array<int, 2>& range) {
  box.lo[axis] = range[0];
  box.hi[axis] = std::max(range[0], range[1]);
  return box;
}

}  // namespace

template <class Real>
void LocalBlock<Real>::SaveOrRestore(StateArchive& archive, const std::string& name,
                                     const IndexBox& owned, const std::vector<int>& undamped) {
  if (archive.Restoring()) Clear();
  for (int part = 0; part < Parts(); ++part) {
    const std::string of_part = name + (part == 0 ? "/real" : "/imaginary");
    SaveOrRestoreFields(archive, of_part, part, owned);
    SaveOrRestorePml(archive, of_part, part, owned);
    SaveOrRestorePoles(archive, of_part, part, owned, undamped);
  }
  if (!archive.Restoring()) return;
  for (int k = owned.lo[2]; k < owned.hi[2]; ++k) {
    for (int j = owned.lo[1]; j < owned.hi[1]; ++j) {
      WrapRow(true, j, k);
      WrapRow(false, j, k);
    }
  }
}

template <class Real>
void LocalBlock<Real>::SaveOrRestoreFields(StateArchive& archive, const std::string& name, int part,
                                           const IndexBox& owned) {
  const long first = owned.lo[0] - held_.lo[0];
  for (int c = 0; c < 6; ++c) {
    const auto component = static_cast<Component>(c);
    if (!lattice_.Has(component)) continue;
    SaveOrRestoreRows<Real>(
        archive, name + "/fields/" + domain::NameOf(component), owned, lattice_.AllPoints(), 1,
        [&](int, int j, int k) { return states_[part].fields.RowAt(component, j, k) + first; });
  }
}

template <class Real>
void LocalBlock<Real>::SaveOrRestorePml(StateArchive& archive, const std::string& name, int part,
                                        const IndexBox& owned) {
  const BlockState<Real>& state = states_[part];
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      const IndexBox layer = WithRange(lattice_.AllPoints(), axis, PmlRange(lattice_, axis, side));
      if (layer.Empty()) continue;
      const IndexBox mine = Intersect(owned, layer);
      const long first = mine.lo[0] - held_.lo[0];
      SaveOrRestoreRows<Real>(archive,
                              name + "/pml/" + "xyz"[axis] + (side == 0 ? "_low" : "_high"), mine,
                              layer, PmlMemory<Real>::kValuesPerPoint, [&](int n, int j, int k) {
                                const PmlMemory<Real>& memory = state.pml[state.layer[axis][side]];
                                return (n < 2 ? memory.E(n, j, k) : memory.H(n - 2, j, k)) + first;
                              });
    }
  }
}

template <class Real>
std::vector<IndexBox> LocalBlock<Real>::PolarizedBoxes(MPI_Comm comm, const IndexBox& owned,
                                                       const std::vector<int>& undamped) {
  constexpr int kFar = std::numeric_limits<int>::max();
  const PoleRows<Real>& poles = media_.Poles();
  const int begin = owned.lo[0] - held_.lo[0], end = owned.hi[0] - held_.lo[0];
  const size_t media = undamped.size();
  std::vector<int> bounds(3 * media * 6, kFar);  // lo, -hi per component and medium
  for (int k = owned.lo[2]; k < owned.hi[2] && !poles.Empty(); ++k) {
    for (int j = owned.lo[1]; j < owned.hi[1]; ++j) {
      for (const Component e : kElectricComponents) {
        poles.ForEachShare(e, j, k, begin, end, [&](int medium, int first, int last) {
          int* of = bounds.data() + 6 * (static_cast<size_t>(e) * media + undamped[medium]);
          const std::array<int, 6> here{first + held_.lo[0],   j,      k,
                                        -(last + held_.lo[0]), -j - 1, -k - 1};
          for (int n = 0; n < 6; ++n) of[n] = std::min(of[n], here[n]);
        });
      }
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, bounds.data(), static_cast<int>(bounds.size()), MPI_INT,
                          MPI_MIN, comm));
  std::vector<IndexBox> boxes;
  for (size_t n = 0; n < bounds.size(); n += 6) {
    const int* of = bounds.data() + n;
    boxes.push_back(of[0] == kFar ? IndexBox{}
                                  : IndexBox{{of[0], of[1], of[2]}, {-of[3], -of[4], -of[5]}});
  }
  return boxes;
}

template <class Real>
void LocalBlock<Real>::SaveOrRestorePoles(StateArchive& archive, const std::string& name, int part,
                                          const IndexBox& owned, const std::vector<int>& undamped) {
  const std::vector<IndexBox> boxes = PolarizedBoxes(archive.Comm(), owned, undamped);
  std::vector<double> places;
  for (const IndexBox& box : boxes) {
    places.insert(places.end(), box.lo.begin(), box.lo.end());
    places.insert(places.end(), box.hi.begin(), box.hi.end());
  }
  RequireSame(archive, name + "/poles/places", places, "the places of the dispersive media");
  for (size_t n = 0; n < boxes.size(); ++n) {
    if (boxes[n].Empty()) continue;
    PoleValue value;
    value.component = kElectricComponents[n / undamped.size()];
    value.medium = static_cast<int>(n % undamped.size());
    const std::string of = name + "/poles/" + domain::NameOf(value.component) + "_medium" +
                           std::to_string(value.medium) + "_pole";
    for (value.pole = 0; value.pole < media_.Poles().PolesOf(value.medium); ++value.pole) {
      for (const bool increment : {false, true}) {
        value.increment = increment;
        SaveOrRestorePole(archive, of + std::to_string(value.pole) + (increment ? "_dP" : "_P"),
                          value, boxes[n], part, owned, undamped);
      }
    }
  }
}

template <class Real>
void LocalBlock<Real>::SaveOrRestorePole(StateArchive& archive, const std::string& name,
                                         const PoleValue& value, const IndexBox& box, int part,
                                         const IndexBox& owned, const std::vector<int>& undamped) {
  const IndexBox mine = Intersect(owned, box);
  std::vector<Real> copy(mine.Empty() ? 0 : static_cast<size_t>(mine.Count()), Real{0});
  const int begin = mine.lo[0] - held_.lo[0], end = mine.hi[0] - held_.lo[0];
  const auto for_each_run = [&](auto&& visit) {
    for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
      for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
        Real* row = copy.data() + mine.Offset(mine.lo[0], j, k);
        media_.Poles().ForEachValue(value, undamped, states_[part].polarization.Data(), j, k, begin,
                                    end, [&](int first, Real* values, long count) {
                                      visit(values, row + first - begin, count);
                                    });
      }
    }
  };
  if (!mine.Empty() && !archive.Restoring()) {
    for_each_run([](Real* values, Real* at, long count) { std::copy_n(values, count, at); });
  }
  archive.Array(name, copy.data(), PartOf(mine, box));
  if (!mine.Empty() && archive.Restoring()) {
    for_each_run([](Real* values, Real* at, long count) { std::copy_n(at, count, values); });
  }
}

template void LocalBlock<float>::SaveOrRestore(StateArchive&, const std::string&, const IndexBox&,
                                               const std::vector<int>&);
template void LocalBlock<double>::SaveOrRestore(StateArchive&, const std::string&, const IndexBox&,
                                                const std::vector<int>&);

}  // namespace symwave::solvers::fdtd
