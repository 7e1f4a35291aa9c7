#include "solvers/fdtd/drive.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;

template <class Real>
Drive<Real>::Drive(const LocalBlock<Real>& block) : block_(block), held_(block.Held()) {}

template <class Real>
void Drive<Real>::Add(const Current& current, double dt) {
  for (const CurrentEntry& entry : current.entries) {
    base::Require(block_.Lattice().Has(entry.component), "a current drives an absent component");
    base::Require(entry.signal >= 0 && entry.signal < current.signals->Count(),
                  "a current names a signal that its set lacks");
    AddImages(entry, signals_, dt);
  }
  sets_.push_back(current.signals);
  first_signal_.push_back(signals_);
  signals_ += current.signals->Count();
  sorted_ = false;
}

template <class Real>
void Drive<Real>::Clear() {
  sets_.clear();
  first_signal_.clear();
  signals_ = 0;
  active_ = false;
  for (auto& entries : entries_) entries.clear();
  for (auto& rows : rows_) rows.clear();
}

template <class Real>
void Drive<Real>::AddImages(const CurrentEntry& entry, int first_signal, double dt) {
  const domain::Lattice& lattice = block_.Lattice();
  std::array<int, 3> reach{0, 0, 0};
  for (int d = 0; d < 3; ++d) reach[d] = lattice.Periodic(d) && lattice.Points(d) > 1 ? 1 : 0;
  for (int z = -reach[2]; z <= reach[2]; ++z) {
    for (int y = -reach[1]; y <= reach[1]; ++y) {
      for (int x = -reach[0]; x <= reach[0]; ++x) {
        const std::array<int, 3> periods{x, y, z};
        std::array<int, 3> point = entry.point;
        double phase = 0;
        for (int d = 0; d < 3; ++d) {
          point[d] += periods[d] * lattice.Points(d);
          phase += periods[d] * lattice.BlochPhase(d);
        }
        if (!held_.Contains(point[0], point[1], point[2])) continue;
        AddPoint(entry, point, first_signal + entry.signal, entry.weight * std::polar(1.0, phase),
                 dt);
      }
    }
  }
}

template <class Real>
void Drive<Real>::AddPoint(const CurrentEntry& entry, const std::array<int, 3>& point, int signal,
                           std::complex<double> weight, double dt) {
  if (!domain::IsElectric(entry.component)) {
    AddValue(entry.component, point, signal, dt * weight);
    return;
  }
  const auto [i, j, k] = point;
  const double factor = block_.Media().Curl(entry.component, j, k)[i - held_.lo[0]];
  AddValue(entry.component, point, signal, dt * factor * weight);
  for (const CoupledPoint& coupled : block_.Couplings().PointsDrivenFrom(entry.component, point)) {
    const double phase = coupled.turn * block_.Lattice().BlochPhase(0);
    AddValue(coupled.component, coupled.point, signal,
             dt * coupled.inverse_eps * std::polar(1.0, phase) * weight);
  }
}

template <class Real>
void Drive<Real>::AddValue(Component component, const std::array<int, 3>& point, int signal,
                           std::complex<double> factor) {
  const auto [i, j, k] = point;
  for (int part = 0; part < block_.Parts(); ++part) {
    const double share = part == 0 ? factor.real() : factor.imag();
    if (share == 0) continue;
    Real* row = block_.State(part).fields.RowAt(component, j, k);
    entries_[domain::IsElectric(component)].push_back(
        {RowIndex(j, k), i, row + (i - held_.lo[0]), signal, static_cast<Real>(share)});
  }
}

template <class Real>
void Drive<Real>::Sort() {
  const size_t rows = static_cast<size_t>(held_.Extent(1)) * held_.Extent(2);
  for (int electric = 0; electric < 2; ++electric) {
    auto& entries = entries_[electric];
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.row < b.row; });
    rows_[electric].assign(entries.empty() ? 0 : rows, 0);
    for (size_t n = entries.size(); n-- > 0;) {
      rows_[electric][entries[n].row] = static_cast<std::uint32_t>(n + 1);
    }
  }
  sorted_ = true;
}

template <class Real>
void Drive<Real>::Prepare(long step, int count) {
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
void Drive<Real>::ApplyRow(bool electric, int stage, int j, int k, int begin, int end) const {
  const size_t row = RowIndex(j, k);
  const Real* signal = values_.data() + static_cast<size_t>(stage) * signals_;
  const auto& entries = entries_[electric];
  for (size_t n = rows_[electric][row] - 1; n < entries.size() && entries[n].row == row; ++n) {
    const Entry& entry = entries[n];
    if (entry.i >= begin && entry.i < end) *entry.value += entry.factor * signal[entry.signal];
  }
}

template class Drive<float>;
template class Drive<double>;

}  // namespace symwave::solvers::fdtd
