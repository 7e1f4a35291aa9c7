#include "solvers/fdtd/pole_rows.hpp"

#include <algorithm>
#include <numeric>

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::MediumBlock;

namespace {

template <class Real>
std::vector<PoleTerm<Real>> TermsOf(const domain::Medium& medium, double dt) {
  std::vector<PoleTerm<Real>> terms;
  for (const domain::Pole& pole : medium.poles) {
    const double loss = 0.5 * pole.damping * dt;
    terms.push_back({static_cast<Real>((1 - loss) / (1 + loss)),
                     static_cast<Real>(pole.frequency * pole.frequency * dt * dt / (1 + loss)),
                     static_cast<Real>(pole.strength * dt * dt / (1 + loss)), nullptr});
  }
  return terms;
}

}  // namespace

template <class Real>
PoleRows<Real>::PoleRows(const IndexBox& held, const std::vector<domain::Medium>& media, double dt)
    : held_(held), shares_(RoundUp(held.Extent(0), kRowUnit)) {
  for (const domain::Medium& medium : media) poles_.push_back(TermsOf<Real>(medium, dt));
}

template <class Real>
typename PoleRows<Real>::Shares PoleRows<Real>::SharesOf(
    const std::vector<std::pair<int, const Real*>>& rows, int unit) const {
  const int begin = unit * kRowUnit;
  const int end = std::min(begin + kRowUnit, held_.Extent(0));
  Shares shares;
  for (const auto& [medium, row] : rows) {
    const Real first = row[begin];
    const bool same = std::all_of(row + begin, row + end, [first](Real s) { return s == first; });
    if (same && first == 0) continue;
    shares.push_back({medium, same ? first : Real{0}, same ? nullptr : row});
  }
  return shares;
}

template <class Real>
void PoleRows<Real>::AddRow(Component e, const MediumBlock& block, int j, int k) {
  const int nx = held_.Extent(0);
  const long start = block.box.Offset(held_.lo[0], j, k);
  std::vector<std::pair<int, const Real*>> rows;
  for (const auto& dispersive : block.dispersive) {
    const double* share = dispersive.share.data() + start;
    if (poles_[dispersive.medium].empty()) continue;
    if (std::all_of(share, share + nx, [](double s) { return s == 0; })) continue;
    std::vector<Real> row(RoundUp(nx, kRowUnit), 0);
    std::transform(share, share + nx, row.begin(), [](double s) { return static_cast<Real>(s); });
    rows.emplace_back(dispersive.medium, shares_.Add(row));
  }
  if (rows.empty()) return;
  const int units = RoundUp(nx, kRowUnit) / kRowUnit;
  for (int begin = 0; begin < units;) {
    const Shares shares = SharesOf(rows, begin);
    int end = begin + 1;
    while (end < units && SharesOf(rows, end) == shares) ++end;
    if (!shares.empty()) {
      AddSegment(e, RowIndex(j, k), begin * kRowUnit, end * kRowUnit, shares);
    }
    begin = end;
  }
}

template <class Real>
void PoleRows<Real>::AddSegment(Component e, size_t row, int begin, int end, const Shares& shares) {
  PolarizedSegment segment;
  segment.component = e;
  segment.begin = begin;
  segment.end = end;
  segment.first_term = AddTerms(shares);
  for (const Share& share : shares) {
    segment.terms += static_cast<int>(poles_[std::get<0>(share)].size());
  }
  segments_.push_back(segment);
  row_of_segment_.push_back(row);
}

template <class Real>
int PoleRows<Real>::AddTerms(const Shares& shares) {
  const auto [found, is_new] = known_terms_.try_emplace(shares, static_cast<int>(terms_.size()));
  if (!is_new) return found->second;
  for (const auto& [medium, share, row] : shares) {
    for (PoleTerm<Real> term : poles_[medium]) {
      if (row == nullptr) term.drive *= share;
      term.share = row;
      terms_.push_back(term);
      medium_of_term_.push_back(medium);
    }
  }
  return found->second;
}

template <class Real>
void PoleRows<Real>::Finish() {
  const size_t rows = static_cast<size_t>(held_.Extent(1)) * held_.Extent(2);
  std::vector<size_t> order(segments_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [this](size_t a, size_t b) { return row_of_segment_[a] < row_of_segment_[b]; });
  std::vector<PolarizedSegment> sorted;
  sorted.reserve(segments_.size());
  first_.assign(rows + 1, 0);
  start_.assign(rows + 1, 0);
  for (const size_t s : order) {
    PolarizedSegment segment = segments_[s];
    const size_t values = 2 * static_cast<size_t>(segment.terms) * segment.Length();
    segment.state = count_;
    count_ += values;
    ++first_[row_of_segment_[s] + 1];
    start_[row_of_segment_[s] + 1] += values;
    sorted.push_back(segment);
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::partial_sum(start_.begin(), start_.end(), start_.begin());
  segments_ = std::move(sorted);
  row_of_segment_ = {};
}

template <class Real>
bool PoleRows<Real>::SingleTerms(int j, int k, int unit, int components,
                                 std::array<const PolarizedSegment*, 3>& found) const {
  found = {};
  int count = 0;
  const PoleTerm<Real>* common = nullptr;
  for (auto segment = Begin(j, k); segment != End(j, k); ++segment) {
    if (unit * kRowUnit < segment->begin || unit * kRowUnit >= segment->end) continue;
    const PoleTerm<Real>& term = *Terms(*segment);
    if (segment->terms != 1 || term.share != nullptr) return false;
    if (common == nullptr) common = &term;
    if (term.memory != common->memory || term.spring != common->spring) return false;
    found[static_cast<size_t>(segment->component)] = segment;
    ++count;
  }
  return count == components;
}

template <class Real>
std::array<int, 2> PoleRows<Real>::OneTerm(int j, int k, int components, int begin, int end) const {
  std::array<int, 2> longest{begin, begin};
  std::array<const PolarizedSegment*, 3> at{}, last{};
  int start = -1;
  const int units = RoundUp(end, kRowUnit) / kRowUnit;
  for (int unit = RoundUp(begin, kRowUnit) / kRowUnit; unit < units; ++unit) {
    if (!SingleTerms(j, k, unit, components, at)) {
      start = -1;
      continue;
    }
    if (start < 0 || at != last) start = unit;
    last = at;
    const std::array<int, 2> run{start * kRowUnit, std::min(end, (unit + 1) * kRowUnit)};
    if (run[1] - run[0] > longest[1] - longest[0]) longest = run;
  }
  return longest;
}

template <class Real>
template <class Visit>
void PoleRows<Real>::ForEachRun(const PolarizedSegment& segment, int term, int begin, int end,
                                const Visit& visit) const {
  const Real* share = terms_[segment.first_term + term].share;
  const int last = std::min(segment.end, end);
  for (int from = std::max(segment.begin, begin); from < last;) {
    int to = last;
    if (share != nullptr) {
      while (from < last && share[from] == 0) ++from;
      to = from;
      while (to < last && share[to] != 0) ++to;
    }
    if (from < to) visit(from, to);
    from = to;
  }
}

template <class Real>
void PoleRows<Real>::ForEachPiece(Real* state, int j, int k, int begin, int end,
                                  const std::function<void(Real*, long)>& visit) const {
  // Where the segments end differs between ranks, so that every pole is followed along the row.
  for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
    for (int medium = 0; medium < static_cast<int>(poles_.size()); ++medium) {
      for (int value = 0; value < 2 * static_cast<int>(poles_[medium].size()); ++value) {
        for (auto segment = Begin(j, k); segment != End(j, k); ++segment) {
          if (segment->component != e) continue;
          const auto first = medium_of_term_.begin() + segment->first_term;
          const auto found = std::find(first, first + segment->terms, medium);
          if (found == first + segment->terms) continue;
          const int term = static_cast<int>(found - first) + value / 2;
          Real* values = ValuesOf(*segment, term, state, value % 2 == 1);
          ForEachRun(*segment, term, begin, end,
                     [&](int from, int to) { visit(values + from, to - from); });
        }
      }
    }
  }
}

template <class Real>
void PoleRows<Real>::ForEachShare(Component e, int j, int k, int begin, int end,
                                  const std::function<void(int, int, int)>& visit) const {
  for (auto segment = Begin(j, k); segment != End(j, k); ++segment) {
    if (segment->component != e) continue;
    for (int term = 0; term < segment->terms;) {
      const int medium = medium_of_term_[segment->first_term + term];
      ForEachRun(*segment, term, begin, end, [&](int from, int to) { visit(medium, from, to); });
      term += PolesOf(medium);
    }
  }
}

template <class Real>
void PoleRows<Real>::ForEachValue(const PoleValue& value, const std::vector<int>& undamped,
                                  Real* state, int j, int k, int begin, int end,
                                  const std::function<void(int, Real*, long)>& visit) const {
  for (auto segment = Begin(j, k); segment != End(j, k); ++segment) {
    if (segment->component != value.component) continue;
    for (int term = 0; term < segment->terms;) {
      const int medium = medium_of_term_[segment->first_term + term];
      if (undamped[medium] == value.medium) {
        Real* values = ValuesOf(*segment, term + value.pole, state, value.increment);
        ForEachRun(*segment, term, begin, end,
                   [&](int from, int to) { visit(from, values + from, to - from); });
      }
      term += PolesOf(medium);
    }
  }
}

template <class Real>
double PoleRows<Real>::Bytes() const {
  return shares_.Bytes() + static_cast<double>(segments_.size() * sizeof(PolarizedSegment) +
                                               terms_.size() * sizeof(PoleTerm<Real>));
}

template class PoleRows<float>;
template class PoleRows<double>;

}  // namespace symwave::solvers::fdtd
