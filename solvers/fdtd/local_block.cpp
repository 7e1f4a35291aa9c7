#include "solvers/fdtd/local_block.hpp"

#include <algorithm>

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;

template <class Real>
PmlMemory<Real>::PmlMemory(int axis, const IndexBox& box, const IndexBox& held)
    : axis_(axis), box_(box) {
  shift_ = (box_.lo[0] - held.lo[0]) / kRowUnit * kRowUnit;
  row_length_ = RoundUp(box_.hi[0] - held.lo[0], kRowUnit) - shift_;
  values_ = Buffer<Real>(static_cast<size_t>(row_length_) * 4 * box_.Extent(1) * box_.Extent(2));
}

namespace {

/// Held points of a PML layer; empty where the rank holds none.
IndexBox LayerBox(const domain::Lattice& lattice, const IndexBox& held, int axis, int side) {
  const std::array<int, 2> range = PmlRange(lattice, axis, side);
  IndexBox layer = held;
  layer.lo[axis] = std::max(held.lo[axis], range[0]);
  layer.hi[axis] = std::max(layer.lo[axis], std::min(held.hi[axis], range[1]));
  return layer;
}

/// Runs on the half-open interval of the points of [begin, end) that a layer covers along x.
struct Segment {
  int begin = 0;
  int end = 0;
};

Segment Clip(const Segment& whole, int begin, int end) {
  const int lo = std::max(whole.begin, begin);
  return {lo, std::max(lo, std::min(whole.end, end))};
}

}  // namespace

template <class Real>
BlockState<Real>::BlockState(const domain::Lattice& lattice, const IndexBox& held,
                             size_t polarizations)
    : fields(lattice, held), polarization(polarizations) {
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      layer[axis][side] = -1;
      const IndexBox box = LayerBox(lattice, held, axis, side);
      if (box.Empty()) continue;
      layer[axis][side] = static_cast<int>(pml.size());
      pml.emplace_back(axis, box, held);
    }
  }
}

template <class Real>
double BlockState<Real>::Bytes() const {
  double bytes = fields.Bytes() + polarization.Bytes();
  for (const auto& memory : pml) bytes += memory.Bytes();
  return bytes;
}

template <class Real>
LocalBlock<Real>::LocalBlock(const domain::Lattice& lattice, const domain::MediumMap& media,
                             const IndexBox& held, const PmlOptions& pml, double dt)
    : lattice_(lattice),
      held_(held),
      factors_(MakeStretching<Real>(lattice, held, pml, dt)),
      media_(lattice, media, held, dt),
      kernels_(KernelsFor<Real>(static_cast<int>(lattice.Fields()))) {
  const int parts = lattice.HasBlochPhase() ? 2 : 1;
  for (int part = 0; part < parts; ++part) {
    states_.emplace_back(lattice, held, media_.PolarizationCount());
  }
  PlaceLayersAlongX();
}

template <class Real>
void LocalBlock<Real>::RunKernel(const RowUpdate<Real>* kernels, Row<Real>& row,
                                 const BlockState<Real>& state, bool electric, unsigned content,
                                 int j, int k, int begin, int end) {
  const auto memory = [&](int axis, int side, Real* (&psi)[2]) {
    const int number = state.layer[axis][side];
    if (number < 0 || !state.pml[number].HasRow(j, k)) return false;
    for (int c = 0; c < 2; ++c) {
      psi[c] = electric ? state.pml[number].E(c, j, k) : state.pml[number].H(c, j, k);
    }
    return true;
  };
  if (memory(1, 0, row.psi_y) || memory(1, 1, row.psi_y)) content |= kPmlY;
  if (memory(2, 0, row.psi_z) || memory(2, 1, row.psi_z)) content |= kPmlZ;
  const int last = end == held_.hi[0] && ends_at_wall_ ? RoundUp(held_.Extent(0), kRowUnit)
                                                         : end - held_.lo[0];
  int done = begin - held_.lo[0];
  for (int side = 0; side < 2; ++side) {
    const Segment layer = Clip({done, last}, layer_x_[side][0], layer_x_[side][1]);
    if (layer.begin >= layer.end) continue;
    memory(0, side, row.psi_x);
    if (layer.begin > done) kernels[content](row, done, layer.begin);
    kernels[content | kPmlX](row, layer.begin, layer.end);
    done = layer.end;
  }
  if (last > done) kernels[content](row, done, last);
}

template <class Real>
void LocalBlock<Real>::PlaceLayersAlongX() {
  ends_at_wall_ = held_.hi[0] == lattice_.AllPoints().hi[0] && !lattice_.Periodic(0);
  for (int side = 0; side < 2; ++side) {
    const int number = states_[0].layer[0][side];
    if (number < 0) continue;
    const IndexBox& box = states_[0].pml[number].Box();
    layer_x_[side] = {(box.lo[0] - held_.lo[0]) / kRowUnit * kRowUnit,
                      RoundUp(box.hi[0] - held_.lo[0], kRowUnit)};
  }
  // Where two layers meet in a vector, the vector is cut.
  if (layer_x_[1][1] > 0 && layer_x_[0][1] > layer_x_[1][0]) {
    const auto& low = states_[0].pml[states_[0].layer[0][0]].Box();
    layer_x_[0][1] = layer_x_[1][0] = low.hi[0] - held_.lo[0];
  }
}

template <class Real>
void LocalBlock<Real>::UpdateH(int j, int k, int begin, int end) {
  const int lj = j - held_.lo[1], lk = k - held_.lo[2];
  for (const BlockState<Real>& state : states_) {
    const FieldStore<Real>& f = state.fields;
    Row<Real> row;
    row.ux = f.RowAt(Component::Hx, j, k);
    row.uy = f.RowAt(Component::Hy, j, k);
    row.uz = f.RowAt(Component::Hz, j, k);
    row.vx = f.RowAt(Component::Ex, j, k);
    row.vy = f.RowAt(Component::Ey, j, k);
    row.vz = f.RowAt(Component::Ez, j, k);
    row.vx_j1 = f.RowAt(Component::Ex, j + 1, k);
    row.vz_j1 = f.RowAt(Component::Ez, j + 1, k);
    row.dx = factors_.half[0].D();
    row.ax = factors_.half[0].A();
    row.bx = factors_.half[0].B();
    row.dy = factors_.half[1].D()[lj];
    row.ay = factors_.half[1].A()[lj];
    row.by = factors_.half[1].B()[lj];
    if (!lattice_.TwoDimensional()) {
      row.vx_k1 = f.RowAt(Component::Ex, j, k + 1);
      row.vy_k1 = f.RowAt(Component::Ey, j, k + 1);
      row.dz = factors_.half[2].D()[lk];
      row.az = factors_.half[2].A()[lk];
      row.bz = factors_.half[2].B()[lk];
    }
    RunKernel(kernels_.h, row, state, false, 0, j, k, begin, end);
  }
}

template <class Real>
void LocalBlock<Real>::UpdateE(int j, int k, int begin, int end) {
  const int lj = j - held_.lo[1], lk = k - held_.lo[2];
  const bool lossy = media_.Lossy(j, k);
  const bool dispersive = media_.Dispersive() && media_.RunsBegin(j, k) != media_.RunsEnd(j, k);
  for (const BlockState<Real>& state : states_) {
    const FieldStore<Real>& f = state.fields;
    Row<Real> row;
    row.ux = f.RowAt(Component::Ex, j, k);
    row.uy = f.RowAt(Component::Ey, j, k);
    row.uz = f.RowAt(Component::Ez, j, k);
    row.vx = f.RowAt(Component::Hx, j, k);
    row.vy = f.RowAt(Component::Hy, j, k);
    row.vz = f.RowAt(Component::Hz, j, k);
    row.vx_j1 = f.RowAt(Component::Hx, j - 1, k);
    row.vz_j1 = f.RowAt(Component::Hz, j - 1, k);
    row.cx = media_.Curl(Component::Ex, j, k);
    row.cy = media_.Curl(Component::Ey, j, k);
    row.cz = media_.Curl(Component::Ez, j, k);
    if (lossy) {
      row.kx = media_.Keep(Component::Ex, j, k);
      row.ky = media_.Keep(Component::Ey, j, k);
      row.kz = media_.Keep(Component::Ez, j, k);
    }
    row.dx = factors_.node[0].D();
    row.ax = factors_.node[0].A();
    row.bx = factors_.node[0].B();
    row.dy = factors_.node[1].D()[lj];
    row.ay = factors_.node[1].A()[lj];
    row.by = factors_.node[1].B()[lj];
    if (!lattice_.TwoDimensional()) {
      row.vx_k1 = f.RowAt(Component::Hx, j, k - 1);
      row.vy_k1 = f.RowAt(Component::Hy, j, k - 1);
      row.dz = factors_.node[2].D()[lk];
      row.az = factors_.node[2].A()[lk];
      row.bz = factors_.node[2].B()[lk];
    }
    if (dispersive) Polarize(state, j, k, begin, end);
    RunKernel(kernels_.e, row, state, true, lossy ? kLossy : 0U, j, k, begin, end);
    if (dispersive) Depolarize(state, j, k, begin, end);
  }
}

template <class Real>
void LocalBlock<Real>::Polarize(const BlockState<Real>& state, int j, int k, int begin, int end) {
  for (auto run = media_.RunsBegin(j, k); run != media_.RunsEnd(j, k); ++run) {
    const int from = std::max(run->begin, begin - held_.lo[0]);
    const int to = std::min(run->end, end - held_.lo[0]);
    const Real* e = state.fields.RowAt(run->component, j, k);
    const long length = run->end - run->begin;
    Real* p = state.polarization.Data() + run->state - run->begin;
    const Real* share = run->share.data() - run->begin;
    for (const PoleFactors<Real>& pole : media_.Poles(run->medium)) {
      Real* dp = p + length;
      for (int i = from; i < to; ++i) {
        dp[i] = pole.memory * dp[i] - pole.spring * p[i] + pole.drive * share[i] * e[i];
        p[i] += dp[i];
      }
      p += 2 * length;
    }
  }
}

template <class Real>
void LocalBlock<Real>::Depolarize(const BlockState<Real>& state, int j, int k, int begin,
                                  int end) {
  for (auto run = media_.RunsBegin(j, k); run != media_.RunsEnd(j, k); ++run) {
    const int from = std::max(run->begin, begin - held_.lo[0]);
    const int to = std::min(run->end, end - held_.lo[0]);
    Real* e = state.fields.RowAt(run->component, j, k);
    const Real* curl = media_.Curl(run->component, j, k);
    const long length = run->end - run->begin;
    const Real* dp = state.polarization.Data() + run->state - run->begin + length;
    for (size_t pole = 0; pole < media_.Poles(run->medium).size(); ++pole) {
      for (int i = from; i < to; ++i) e[i] -= curl[i] * dp[i];
      dp += 2 * length;
    }
  }
}

template <class Real>
void LocalBlock<Real>::ForEachPiece(int part, const IndexBox& region,
                                    const std::function<void(Real*, long)>& visit) const {
  const BlockState<Real>& state = states_[part];
  const int begin = region.lo[0] - held_.lo[0];
  const int end = region.hi[0] - held_.lo[0];
  const auto visit_runs = [&](int j, int k) {
    for (auto run = media_.RunsBegin(j, k); run != media_.RunsEnd(j, k); ++run) {
      const int from = std::max(run->begin, begin);
      const int to = std::min(run->end, end);
      if (from >= to) continue;
      const long length = run->end - run->begin;
      Real* p = state.polarization.Data() + run->state - run->begin;
      for (size_t v = 0; v < 2 * media_.Poles(run->medium).size(); ++v, p += length) {
        visit(p + from, to - from);
      }
    }
  };
  for (int k = region.lo[2]; k < region.hi[2]; ++k) {
    for (int j = region.lo[1]; j < region.hi[1]; ++j) {
      for (int c = 0; c < 6; ++c) {
        Real* values = state.fields.RowAt(static_cast<Component>(c), j, k);
        if (values != nullptr) visit(values + begin, end - begin);
      }
      for (const PmlMemory<Real>& memory : state.pml) {
        const IndexBox& box = memory.Box();
        const Segment layer = Clip({region.lo[0], region.hi[0]}, box.lo[0], box.hi[0]);
        if (!memory.HasRow(j, k) || layer.begin >= layer.end) continue;
        const int first = layer.begin - held_.lo[0];
        for (int c = 0; c < 2; ++c) {
          visit(memory.E(c, j, k) + first, layer.end - layer.begin);
          visit(memory.H(c, j, k) + first, layer.end - layer.begin);
        }
      }
      if (media_.Dispersive()) visit_runs(j, k);
    }
  }
}

template <class Real>
double LocalBlock<Real>::StateBytes() const {
  double bytes = 0;
  for (const auto& state : states_) bytes += state.Bytes();
  return bytes;
}

template class PmlMemory<float>;
template class PmlMemory<double>;
template struct BlockState<float>;
template struct BlockState<double>;
template class LocalBlock<float>;
template class LocalBlock<double>;

}  // namespace symwave::solvers::fdtd
