// What a block adds to the update of E in dispersive media.
#include "solvers/fdtd/local_block.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;

template <class Real>
void LocalBlock<Real>::Polarize(PolarizationUpdate<Real> update, const BlockState<Real>& state,
                                int j, int k, const Segment& all) {
  const PoleRows<Real>& poles = media_.Poles();
  for (auto segment = poles.Begin(j, k); segment != poles.End(j, k); ++segment) {
    const Segment points = Clip(all, segment->begin, segment->end);
    if (points.begin >= points.end) continue;
    update({state.fields.RowAt(segment->component, j, k), media_.Curl(segment->component, j, k),
            state.polarization.Data() + segment->state - segment->begin, segment->Length(),
            poles.Terms(*segment), segment->terms},
           points.begin, points.end);
  }
}

template <class Real>
void LocalBlock<Real>::UpdateDispersive(const BlockState<Real>& state, int j, int k,
                                        unsigned content, Row<Real>& row, const Segment& all) {
  if ((content & kLossy) != 0) {
    Polarize(kernels_.polarize_only, state, j, k, all);
    UpdatePieces(kernels_.e, content, kUniform, row, all, {});
    AddLayersAlongX(state, true, row, j, k, all.begin, all.end);
    Polarize(kernels_.depolarize, state, j, k, all);
    return;
  }
  const Segment one = Clip(SetOnePole(state, j, k, row), all.begin, all.end);
  if (one.begin < one.end) {
    Polarize(kernels_.polarize, state, j, k, {all.begin, one.begin});
    Polarize(kernels_.polarize, state, j, k, {one.end, all.end});
    UpdatePieces(kernels_.e, content, kUniform | kOnePole, row, all, one);
  } else {
    Polarize(kernels_.polarize, state, j, k, all);
    UpdatePieces(kernels_.e, content, kUniform, row, all, UniformE(j, k));
  }
  AddLayersAlongX(state, true, row, j, k, all.begin, all.end);
}

template <class Real>
typename LocalBlock<Real>::Segment LocalBlock<Real>::SetOnePole(const BlockState<Real>& state,
                                                                int j, int k,
                                                                Row<Real>& row) const {
  const Segment& one = one_pole_[RowIndex(j, k)];
  if (one.begin >= one.end) return one;
  const PoleRows<Real>& poles = media_.Poles();
  for (auto segment = poles.Begin(j, k); segment != poles.End(j, k); ++segment) {
    if (segment->begin > one.begin || segment->end < one.end) continue;
    const auto c = static_cast<size_t>(segment->component);
    const PoleTerm<Real>& term = *poles.Terms(*segment);
    row.p[c] = state.polarization.Data() + segment->state - segment->begin;
    row.dp[c] = row.p[c] + segment->Length();
    row.memory = term.memory;
    row.spring = term.spring;
    row.drive[c] = term.drive;
  }
  return one;
}

template <class Real>
typename LocalBlock<Real>::Segment LocalBlock<Real>::OnePolePart(int j, int k) const {
  int components = 0;
  for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
    components += lattice_.Has(e) ? 1 : 0;
  }
  const Segment uniform = UniformE(j, k);
  const auto [begin, end] = media_.Poles().OneTerm(j, k, components, uniform.begin, uniform.end);
  return {begin, end};
}

template <class Real>
void LocalBlock<Real>::FindOnePole() {
  if (media_.Poles().Empty()) return;
  one_pole_.resize(uniform_e_.size());
  for (int k = held_.lo[2]; k < held_.hi[2]; ++k) {
    for (int j = held_.lo[1]; j < held_.hi[1]; ++j) {
      one_pole_[RowIndex(j, k)] = OnePolePart(j, k);
    }
  }
}

template void LocalBlock<float>::FindOnePole();
template void LocalBlock<double>::FindOnePole();
template LocalBlock<float>::Segment LocalBlock<float>::OnePolePart(int, int) const;
template LocalBlock<double>::Segment LocalBlock<double>::OnePolePart(int, int) const;
template void LocalBlock<float>::UpdateDispersive(const BlockState<float>&, int, int, unsigned,
                                                  Row<float>&, const Segment&);
template void LocalBlock<double>::UpdateDispersive(const BlockState<double>&, int, int, unsigned,
                                                   Row<double>&, const Segment&);

}  // namespace symwave::solvers::fdtd
