#include "solvers/fdtd/local_block.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "solvers/fdtd/held_points.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;

namespace {

constexpr std::array<Component, 3> kElectric{Component::Ex, Component::Ey, Component::Ez};
constexpr std::array<Component, 3> kMagnetic{Component::Hx, Component::Hy, Component::Hz};

/// Whether rows of `held` span a periodic x axis.
bool Wraps(const domain::Lattice& lattice, const IndexBox& held) {
  return lattice.Periodic(0) && held.Extent(0) == lattice.Points(0) && held.Extent(0) > 1;
}

/// The longest run of points on which every one of `rows` (null: none) keeps its value; begin and
/// end of whole cache lines.
template <class Real>
std::array<int, 2> LongestRun(const std::vector<const Real*>& rows, int count) {
  constexpr int kLine = 64 / sizeof(Real);
  std::array<int, 2> longest{0, 0};
  const auto same = [&rows](int a, int b) {
    return std::all_of(rows.begin(), rows.end(),
                       [&](const Real* row) { return row == nullptr || row[a] == row[b]; });
  };
  for (int begin = 0; begin < count;) {
    int end = begin + 1;
    while (end < count && same(begin, end)) ++end;
    const int first = RoundUp(begin, kLine), last = end / kLine * kLine;
    if (last - first > longest[1] - longest[0]) longest = {first, last};
    begin = end;
  }
  return longest;
}

}  // namespace

template <class Real>
void LocalBlock<Real>::UpdatePieces(const RowUpdate<Real>* updates, unsigned content, unsigned more,
                                    const Row<Real>& row, const Segment& all,
                                    const Segment& uniform) {
  const Segment middle = Clip(uniform, all.begin, all.end);
  if (middle.begin >= middle.end) {
    updates[content](row, all.begin, all.end);
    return;
  }
  if (middle.begin > all.begin) updates[content](row, all.begin, middle.begin);
  updates[content | more](row, middle.begin, middle.end);
  if (middle.end < all.end) updates[content](row, middle.end, all.end);
}

template <class Real>
LocalBlock<Real>::LocalBlock(const domain::Lattice& lattice, const domain::MediumMap& media,
                             const IndexBox& held, const PmlOptions& pml, double dt)
    : lattice_(lattice),
      held_(held),
      factors_(MakeStretching<Real>(lattice, held, pml, dt)),
      media_(lattice, media, held, dt),
      couplings_(lattice, media, held, Wraps(lattice, held)),
      kernels_(KernelsFor<Real>(static_cast<int>(lattice.Fields()))) {
  const int parts = lattice.HasBlochPhase() ? 2 : 1;
  for (int part = 0; part < parts; ++part) {
    states_.emplace_back(lattice, held, media_.Poles().Count());
  }
  PlaceRowEnds();
  FindRowFlags();
  FindUniformSegments();
  FindOnePole();
}

template <class Real>
typename LocalBlock<Real>::Segment LocalBlock<Real>::UniformPart(int j, int k) const {
  std::vector<const Real*> rows{factors_.node[0].D()};
  for (const Component e : kElectric) {
    if (lattice_.Has(e)) rows.push_back(media_.Curl(e, j, k));
  }
  const auto run = LongestRun<Real>(rows, held_.Extent(0));
  return {run[0], run[1]};
}

template <class Real>
void LocalBlock<Real>::FindUniformSegments() {
  const auto h = LongestRun<Real>({factors_.half[0].D()}, held_.Extent(0));
  uniform_h_ = {h[0], h[1]};
  std::map<std::array<const Real*, 3>, Segment> known;
  for (int k = held_.lo[2]; k < held_.hi[2]; ++k) {
    for (int j = held_.lo[1]; j < held_.hi[1]; ++j) {
      std::array<const Real*, 3> c{};
      for (const Component e : kElectric) {
        if (lattice_.Has(e)) c[static_cast<size_t>(e)] = media_.Curl(e, j, k);
      }
      const auto [found, is_new] = known.try_emplace(c);
      if (is_new) found->second = UniformPart(j, k);
      uniform_e_.push_back(media_.Lossy(j, k) ? Segment{} : found->second);
    }
  }
}

template <class Real>
void LocalBlock<Real>::FindRowFlags() {
  for (int k = held_.lo[2]; k < held_.hi[2]; ++k) {
    for (int j = held_.lo[1]; j < held_.hi[1]; ++j) {
      std::uint8_t flags = media_.Lossy(j, k) ? kAbsorbs : 0;
      const PoleRows<Real>& poles = media_.Poles();
      if (!poles.Empty() && poles.Begin(j, k) != poles.End(j, k)) flags |= kDisperses;
      if (!couplings_.Empty() && couplings_.Touches(j, k)) flags |= kCouples;
      for (const PmlMemory<Real>& memory : states_[0].pml) {
        if (memory.Axis() == 0 || !memory.HasRow(j, k)) continue;
        flags |= memory.Axis() == 1 ? kLayerY : kLayerZ;
      }
      flags_.push_back(flags);
    }
  }
}

template <class Real>
void LocalBlock<Real>::SetFields(const BlockState<Real>& state, bool electric, int j, int k,
                                 Row<Real>& row) const {
  const FieldStore<Real>& f = state.fields;
  const auto at = [&f](Component c, Real* base) { return f.Has(c) ? base + f.Offset(c) : nullptr; };
  const std::array<Component, 3>& u = electric ? kElectric : kMagnetic;
  const std::array<Component, 3>& v = electric ? kMagnetic : kElectric;
  const AxisFactors<Real>* axes = electric ? factors_.node : factors_.half;
  Real* base = f.Base(j, k);
  row.ux = at(u[0], base);
  row.uy = at(u[1], base);
  row.uz = at(u[2], base);
  row.vx = at(v[0], base);
  row.vy = at(v[1], base);
  row.vz = at(v[2], base);
  Real* base_j = base + (electric ? -f.StrideY() : f.StrideY());
  row.vx_j1 = at(v[0], base_j);
  row.vz_j1 = at(v[2], base_j);
  row.dx = axes[0].D();
  row.dy = axes[1].D()[j - held_.lo[1]];
  if (lattice_.TwoDimensional()) return;
  Real* base_k = base + (electric ? -f.StrideZ() : f.StrideZ());
  row.vx_k1 = at(v[0], base_k);
  row.vy_k1 = at(v[1], base_k);
  row.dz = axes[2].D()[k - held_.lo[2]];
}

template <class Real>
unsigned LocalBlock<Real>::SetLayers(const BlockState<Real>& state, bool electric, int j, int k,
                                     std::uint8_t flags, Row<Real>& row) const {
  const AxisFactors<Real>* axes = electric ? factors_.node : factors_.half;
  const auto set = [&](int axis, Real*(&psi)[2]) {
    for (int side = 0; side < 2; ++side) {
      const int number = state.layer[axis][side];
      if (number < 0 || !state.pml[number].HasRow(j, k)) continue;
      const PmlMemory<Real>& memory = state.pml[number];
      for (int c = 0; c < 2; ++c) psi[c] = electric ? memory.E(c, j, k) : memory.H(c, j, k);
    }
  };
  unsigned content = 0;
  if ((flags & kLayerY) != 0) {
    set(1, row.psi_y);
    row.ay = axes[1].A()[j - held_.lo[1]];
    row.by = axes[1].B()[j - held_.lo[1]];
    content |= kPmlY;
  }
  if ((flags & kLayerZ) != 0) {
    set(2, row.psi_z);
    row.az = axes[2].A()[k - held_.lo[2]];
    row.bz = axes[2].B()[k - held_.lo[2]];
    content |= kPmlZ;
  }
  return content;
}

template <class Real>
int LocalBlock<Real>::LastOf(int end) const {
  return end == held_.hi[0] && ends_at_wall_ ? RoundUp(held_.Extent(0), kRowUnit)
                                             : end - held_.lo[0];
}

template <class Real>
void LocalBlock<Real>::AddLayersAlongX(const BlockState<Real>& state, bool electric,
                                       const Row<Real>& row, int j, int k, int begin, int end) {
  const LayerUpdate<Real> update = electric ? kernels_.e_layer : kernels_.h_layer;
  const AxisFactors<Real>& factors = electric ? factors_.node[0] : factors_.half[0];
  for (int side = 0; side < 2; ++side) {
    const Segment part = Clip({begin, end}, layer_x_[side][0], layer_x_[side][1]);
    if (part.begin >= part.end) continue;
    const PmlMemory<Real>& memory = state.pml[state.layer[0][side]];
    const LayerAlongX<Real> layer{row.uy,
                                  row.uz,
                                  row.vy,
                                  row.vz,
                                  row.cy,
                                  row.cz,
                                  electric ? memory.E(0, j, k) : memory.H(0, j, k),
                                  electric ? memory.E(1, j, k) : memory.H(1, j, k),
                                  factors.A(),
                                  factors.B()};
    update(layer, part.begin, part.end);
  }
}

template <class Real>
void LocalBlock<Real>::WrapRow(bool electric, int j, int k) const {
  if (!wraps_) return;
  const long count = held_.Extent(0);
  const Real c = wrap_cosine_, s = electric ? wrap_sine_ : -wrap_sine_;
  for (const Component component : electric ? kElectric : kMagnetic) {
    if (!lattice_.Has(component)) continue;
    // E is asked for one point after the end, H one point before the beginning.
    const long from = electric ? 0 : count - 1, to = electric ? count : -1;
    Real* re = states_[0].fields.RowAt(component, j, k);
    if (Parts() == 1) {
      re[to] = re[from];
      continue;
    }
    Real* im = states_[1].fields.RowAt(component, j, k);
    re[to] = c * re[from] - s * im[from];
    im[to] = s * re[from] + c * im[from];
  }
}

template <class Real>
void LocalBlock<Real>::PlaceRowEnds() {
  wraps_ = Wraps(lattice_, held_);
  wrap_cosine_ = static_cast<Real>(std::cos(lattice_.BlochPhase(0)));
  wrap_sine_ = static_cast<Real>(std::sin(lattice_.BlochPhase(0)));
  ends_at_wall_ = held_.hi[0] == lattice_.AllPoints().hi[0] && !lattice_.Periodic(0);
  for (int side = 0; side < 2; ++side) {
    const int number = states_[0].layer[0][side];
    if (number < 0) continue;
    const LayerSpan span = SpanOf(states_[0].pml[number].Box(), held_);
    layer_x_[side] = {span.begin, span.begin + span.length};
  }
  // Where two layers meet in a vector, the vector is cut.
  if (layer_x_[1][1] > 0 && layer_x_[0][1] > layer_x_[1][0]) {
    const auto& low = states_[0].pml[states_[0].layer[0][0]].Box();
    layer_x_[0][1] = layer_x_[1][0] = low.hi[0] - held_.lo[0];
  }
}

template <class Real>
void LocalBlock<Real>::UpdateH(int j, int k, int begin, int end) {
  const int first = begin - held_.lo[0], last = LastOf(end);
  const std::uint8_t flags = FlagsOf(j, k);
  for (const BlockState<Real>& state : states_) {
    Row<Real> row;
    SetFields(state, false, j, k, row);
    const unsigned content = SetLayers(state, false, j, k, flags, row);
    UpdatePieces(kernels_.h, content, kUniform, row, {first, last}, uniform_h_);
    AddLayersAlongX(state, false, row, j, k, first, last);
  }
}

template <class Real>
void LocalBlock<Real>::UpdateE(int j, int k, int begin, int end) {
  const int first = begin - held_.lo[0], last = LastOf(end);
  const std::uint8_t flags = FlagsOf(j, k);
  for (const BlockState<Real>& state : states_) {
    Row<Real> row;
    SetFields(state, true, j, k, row);
    unsigned content = SetLayers(state, true, j, k, flags, row);
    row.cx = media_.Curl(Component::Ex, j, k);
    row.cy = media_.Curl(Component::Ey, j, k);
    row.cz = media_.Curl(Component::Ez, j, k);
    if ((flags & kAbsorbs) != 0) {
      content |= kLossy;
      row.kx = media_.Keep(Component::Ex, j, k);
      row.ky = media_.Keep(Component::Ey, j, k);
      row.kz = media_.Keep(Component::Ez, j, k);
    }
    if ((flags & kDisperses) != 0) {
      UpdateDispersive(state, j, k, content, row, {first, last});
    } else {
      UpdatePieces(kernels_.e, content, kUniform, row, {first, last}, UniformE(j, k));
      AddLayersAlongX(state, true, row, j, k, first, last);
    }
  }
  if ((flags & kCouples) != 0) Couple(j, k, begin, end);
}

namespace {

void PrefetchBytes(const void* first, long bytes) {
  constexpr long kLine = 64;
  const char* at = static_cast<const char*>(first);
  for (long line = 0; line < bytes; line += kLine) __builtin_prefetch(at + line, 1, 2);
}

}  // namespace

template <class Real>
void LocalBlock<Real>::Prefetch(int j, int k) const {
  if (lattice_.TwoDimensional() || k >= held_.hi[2]) return;
  media_.Prefetch(j, k);
  for (const BlockState<Real>& state : states_) {
    PrefetchBytes(state.fields.Base(j, k), state.fields.BytesPerRow());
    for (const PmlMemory<Real>& memory : state.pml) {
      if (memory.Axis() > 0 && memory.HasRow(j, k))
        PrefetchBytes(memory.RowBase(j, k), memory.BytesPerRow());
    }
    if (media_.Poles().Empty()) continue;
    const auto [from, to] = media_.Poles().Range(j, k);
    PrefetchBytes(state.polarization.Data() + from, static_cast<long>((to - from) * sizeof(Real)));
  }
}

template <class Real>
void LocalBlock<Real>::ForEachPiece(int part, const IndexBox& region,
                                    const std::function<void(Real*, long)>& visit) const {
  const BlockState<Real>& state = states_[part];
  const int begin = region.lo[0] - held_.lo[0];
  const int end = region.hi[0] - held_.lo[0];
  const bool whole_rows = end - begin == held_.Extent(0);  // then the neighbour's rows are as long
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
        if (whole_rows) {
          visit(memory.RowBase(j, k), memory.ValuesPerRow());
          continue;
        }
        const int first = layer.begin - held_.lo[0];
        for (int c = 0; c < 2; ++c) {
          visit(memory.E(c, j, k) + first, layer.end - layer.begin);
          visit(memory.H(c, j, k) + first, layer.end - layer.begin);
        }
      }
      if (media_.Poles().Empty()) continue;
      media_.Poles().ForEachPiece(state.polarization.Data(), j, k, begin, end, visit);
    }
  }
}

template <class Real>
void LocalBlock<Real>::SetMedia(const std::vector<PointMedium>& points) {
  std::vector<PointMedium> held;
  for (const PointMedium& point : points) {
    const auto images = [&](int axis) {
      return ImagesAlong(lattice_, held_, axis, point.point[static_cast<size_t>(axis)]);
    };
    for (const int k : images(2)) {
      for (const int j : images(1)) {
        for (const int i : images(0)) {
          held.push_back({point.component, {i, j, k}, point.eps, point.conductivity});
        }
      }
    }
  }
  for (const auto& [j, k] : media_.Set(held)) {
    const size_t row = RowIndex(j, k);
    const auto rest = static_cast<std::uint8_t>(flags_[row] & ~kAbsorbs);
    flags_[row] = media_.Lossy(j, k) ? static_cast<std::uint8_t>(rest | kAbsorbs) : rest;
    uniform_e_[row] = media_.Lossy(j, k) ? Segment{} : UniformPart(j, k);
    if (!one_pole_.empty()) one_pole_[row] = OnePolePart(j, k);
  }
}

template <class Real>
void LocalBlock<Real>::Clear() {
  for (auto& state : states_) state.Clear();
}

template <class Real>
double LocalBlock<Real>::StateBytes() const {
  double bytes = 0;
  for (const auto& state : states_) bytes += state.Bytes();
  return bytes;
}

template <class Real>
double LocalBlock<Real>::BytesPerRow() const {
  const double rows = static_cast<double>(held_.Extent(1)) * held_.Extent(2);
  const double fields = static_cast<double>(states_[0].fields.BytesPerRow());
  return Parts() * (fields + states_[0].polarization.Bytes() / rows);
}

template class LocalBlock<float>;
template class LocalBlock<double>;

}  // namespace symwave::solvers::fdtd
