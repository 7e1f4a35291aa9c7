#include "solvers/fdtd/current_rows.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;

template <class Real>
CurrentRows<Real>::CurrentRows(const LocalBlock<Real>& block)
    : block_(block), held_(block.Held()) {}

template <class Real>
void CurrentRows<Real>::Add(const Current& current, double dt) {
  const int count = current.signals->Count();
  const auto check = [&](Component component, int signal, int signals) {
    base::Require(block_.Lattice().Has(component), "a current drives an absent component");
    base::Require(signal >= 0 && signal + signals <= count,
                  "a current names a signal that its set lacks");
  };
  for (const CurrentEntry& entry : current.entries) {
    check(entry.component, entry.signal, 1);
    AddImages({entry.component, entry.point, signals_ + entry.signal, {entry.weight}}, dt);
  }
  for (const CurrentSeries& series : current.series) {
    check(series.component, series.signal, 2 * static_cast<int>(series.profile.size()));
    AddImages(FromSeries(series), dt);
  }
  sets_.push_back(current.signals);
  first_signal_.push_back(signals_);
  signals_ += count;
  sorted_ = false;
}

template <class Real>
typename CurrentRows<Real>::Driven CurrentRows<Real>::FromSeries(
    const CurrentSeries& series) const {
  Driven driven{series.component, series.point, signals_ + series.signal, {}};
  const bool bloch = block_.Lattice().HasBlochPhase();
  for (const std::complex<double>& profile : series.profile) {
    driven.weights.push_back(bloch ? profile : profile.real());
    driven.weights.push_back(bloch ? 0.0 : -profile.imag());
  }
  return driven;
}

template <class Real>
void CurrentRows<Real>::Clear() {
  sets_.clear();
  first_signal_.clear();
  signals_ = 0;
  active_ = false;
  for (auto& entries : entries_) entries.clear();
  for (auto& factors : factors_) factors.clear();
  for (auto& rows : rows_) rows.clear();
}

template <class Real>
void CurrentRows<Real>::AddImages(const Driven& driven, double dt) {
  const domain::Lattice& lattice = block_.Lattice();
  std::array<int, 3> reach{0, 0, 0};
  for (int d = 0; d < 3; ++d) reach[d] = lattice.Periodic(d) && lattice.Points(d) > 1 ? 1 : 0;
  for (int z = -reach[2]; z <= reach[2]; ++z) {
    for (int y = -reach[1]; y <= reach[1]; ++y) {
      for (int x = -reach[0]; x <= reach[0]; ++x) {
        const std::array<int, 3> periods{x, y, z};
        std::array<int, 3> point = driven.point;
        double phase = 0;
        for (int d = 0; d < 3; ++d) {
          point[d] += periods[d] * lattice.Points(d);
          phase += periods[d] * lattice.BlochPhase(d);
        }
        if (!held_.Contains(point[0], point[1], point[2])) continue;
        AddPoint(driven, point, std::polar(1.0, phase), dt);
      }
    }
  }
}

template <class Real>
void CurrentRows<Real>::AddPoint(const Driven& driven, const std::array<int, 3>& point,
                                 std::complex<double> turn, double dt) {
  if (!domain::IsElectric(driven.component)) {
    AddValue(driven.component, point, driven, dt * turn);
    return;
  }
  const auto [i, j, k] = point;
  const double factor = block_.Media().Curl(driven.component, j, k)[i - held_.lo[0]];
  AddValue(driven.component, point, driven, dt * factor * turn);
  for (const CoupledPoint& coupled : block_.Couplings().PointsDrivenFrom(driven.component, point)) {
    const double phase = coupled.turn * block_.Lattice().BlochPhase(0);
    AddValue(coupled.component, coupled.point, driven,
             dt * coupled.inverse_eps * std::polar(1.0, phase) * turn);
  }
}

template <class Real>
void CurrentRows<Real>::AddValue(Component component, const std::array<int, 3>& point,
                                 const Driven& driven, std::complex<double> factor) {
  const auto [i, j, k] = point;
  const int electric = domain::IsElectric(component);
  std::vector<Real>& factors = factors_[electric];
  for (int part = 0; part < block_.Parts(); ++part) {
    const size_t first = factors.size();
    bool drives = false;
    for (const std::complex<double>& weight : driven.weights) {
      const std::complex<double> share = factor * weight;
      factors.push_back(static_cast<Real>(part == 0 ? share.real() : share.imag()));
      drives = drives || factors.back() != 0;
    }
    if (!drives) {
      factors.resize(first);
      continue;
    }
    Real* row = block_.State(part).fields.RowAt(component, j, k);
    entries_[electric].push_back({static_cast<std::uint32_t>(RowIndex(j, k)), i,
                                  row + (i - held_.lo[0]), driven.signal,
                                  static_cast<int>(driven.weights.size()), first});
  }
}

template <class Real>
void CurrentRows<Real>::SortRows(int electric) {
  const size_t rows = static_cast<size_t>(held_.Extent(1)) * held_.Extent(2);
  auto& entries = entries_[electric];
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.row < b.row; });
  std::vector<Real> factors;
  factors.reserve(factors_[electric].size());
  for (Entry& entry : entries) {
    const auto first = factors_[electric].begin() + static_cast<std::ptrdiff_t>(entry.factor);
    entry.factor = factors.size();
    factors.insert(factors.end(), first, first + entry.count);
  }
  factors_[electric] = std::move(factors);
  rows_[electric].assign(entries.empty() ? 0 : rows, 0);
  for (size_t n = entries.size(); n-- > 0;) {
    rows_[electric][entries[n].row] = static_cast<std::uint32_t>(n + 1);
  }
}

template <class Real>
void CurrentRows<Real>::Sort() {
  SortRows(0);
  SortRows(1);
  sorted_ = true;
}

template <class Real>
void CurrentRows<Real>::SaveOrRestore(base::StateArchive& archive, const std::string& name) {
  std::vector<double> sets;
  for (const auto& set : sets_) {
    sets.push_back(set->Count());
    sets.push_back(static_cast<double>(set->EndStep()));
  }
  RequireSame(archive, name + "/sets", sets, "the sources");
  for (size_t s = 0; s < sets_.size(); ++s) {
    sets_[s]->SaveOrRestore(archive, name + "/" + std::to_string(s));
  }
}

template <class Real>
void CurrentRows<Real>::Prepare(long step, int count) {
  if (!sorted_) Sort();
  active_ = false;
  std::vector<double> values(static_cast<size_t>(signals_));
  values_.resize(values.size() * count);
  for (int stage = 0; stage < count; ++stage) {
    for (size_t s = 0; s < sets_.size(); ++s) {
      double* first = values.data() + first_signal_[s];
      std::fill(first, first + sets_[s]->Count(), 0.0);
      if (step + stage >= sets_[s]->EndStep()) continue;
      sets_[s]->Evaluate(step + stage, first);
      active_ = true;
    }
    std::copy(values.begin(), values.end(), values_.begin() + values.size() * stage);
  }
}

template <class Real>
void CurrentRows<Real>::ApplyRow(bool electric, int stage, int j, int k, int begin, int end) const {
  const size_t row = RowIndex(j, k);
  const Real* signal = values_.data() + static_cast<size_t>(stage) * signals_;
  const auto& entries = entries_[electric];
  for (size_t n = rows_[electric][row] - 1; n < entries.size() && entries[n].row == row; ++n) {
    const Entry& entry = entries[n];
    if (entry.i < begin || entry.i >= end) continue;
    const Real* factor = factors_[electric].data() + entry.factor;
    Real sum = 0;
    for (int m = 0; m < entry.count; ++m) sum += factor[m] * signal[entry.signal + m];
    *entry.value += sum;
  }
}

template class CurrentRows<float>;
template class CurrentRows<double>;

}  // namespace symwave::solvers::fdtd
