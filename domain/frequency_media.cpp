#include "domain/frequency_media.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/node_coupling.hpp"
#include "domain/yee_media.hpp"

namespace symwave::domain {

namespace {

/// A mean of parts of opposite sign may vanish. Both limits, from above and from below, mean the
/// same (no D along the surface for <eps> = 0, no E across it for <1/eps> = 0) but cannot be
/// written into a matrix: such a mean keeps at least this share of the mean of its moduli, which
/// changes the fields as little as that share of eps would.
constexpr double kLeastMean = 1e-3;
/// Least n_a^2 of a component across a wall.
constexpr double kAcross = 1 - 1e-6;
/// Largest |c| over sqrt(|a b|) of the matrix [a c; c b] of a node.
constexpr double kMostCoupled = 0.95;

Complex AwayFromZero(Complex mean, double modulus) {
  const double least = kLeastMean * modulus;
  if (std::abs(mean) >= least) return mean;
  return mean == 0.0 ? Complex(least) : mean * (least / std::abs(mean));
}

/// Means of eps over a control volume.
struct Means {
  Complex eps = 0, inverse = 0;
  double modulus = 0, inverse_modulus = 0;  ///< of |eps| and of 1 / |eps|
  bool metal = false;

  void Add(double share, Complex value) {
    eps += share * value;
    inverse += share / value;
    modulus += share * std::abs(value);
    inverse_modulus += share / std::abs(value);
    metal = metal || value.real() <= 0;
  }
  Complex Mean() const { return AwayFromZero(eps, modulus); }
  Complex Inverse() const { return AwayFromZero(inverse, inverse_modulus); }
};

/// Whether points around node `i` of an axis lie inside the lattice and outside its PML.
bool OffEnds(const Lattice& lattice, int axis, int i) {
  if (lattice.Periodic(axis)) return true;
  return i > lattice.End(axis, 0).pml_cells &&
         i < lattice.Cells(axis) - lattice.End(axis, 1).pml_cells;
}

class FrequencySampler {
 public:
  FrequencySampler(const Lattice& lattice, const FrequencyMedia& media);

  std::vector<Complex> Sample(Component c, const IndexBox& box) const;
  std::vector<ComplexCoupling> Couple(const IndexBox& box) const;
  bool HasMetals() const { return metals_; }

 private:
  Complex EpsOf(size_t medium, int axis, double x, double y) const;
  bool Metal(size_t m) const { return eps_[m][0].real() <= 0; }
  Means MeansOf(const std::vector<double>& share, int axis, double x, double y) const;
  /// Where the E of a component lies neither along nor across a wall of metal: as if the volume
  /// were all metal or none, whichever fills more. A mixture would be a resonator of its own.
  std::vector<double> AllOrNoMetal(const Filling& filling) const;
  std::vector<Complex> SampleOneWay(Component c, const IndexBox& box) const;
  Complex CouplingAt(const std::array<int, 3>& node, const Filling& filling) const;
  void Limit(std::vector<ComplexCoupling>& couplings) const;

  const Lattice lattice_;
  const FrequencyMedia media_;
  std::vector<std::array<Complex, 3>> eps_;
  std::vector<Complex> index_per_film_;  ///< per medium
  bool metals_ = false;                  ///< whether any medium is one
  size_t background_ = 0;
  FillingMap filling_;
};

FrequencySampler::FrequencySampler(const Lattice& lattice, const FrequencyMedia& media)
    : lattice_(lattice), media_(media) {
  std::vector<std::string> names;
  std::vector<double> weights;
  for (const auto& [name, eps] : media_.materials) {
    if (name == media_.background) background_ = names.size();
    names.push_back(name);
    const auto own = media_.diagonal.find(name);
    eps_.push_back(own == media_.diagonal.end() ? std::array<Complex, 3>{eps, eps, eps}
                                                : own->second);
    const auto film = media_.index_per_film.find(name);
    index_per_film_.push_back(film == media_.index_per_film.end() ? 0.0 : film->second);
    metals_ = metals_ || Metal(eps_.size() - 1);
    weights.push_back((eps_.back()[0] + eps_.back()[1] + eps_.back()[2]).real() / 3);
  }
  filling_ = MakeFillingMap(lattice_, *media_.structure, names, weights);
}

/// Holes of the background material have no index error, as the background has none.
Complex FrequencySampler::EpsOf(size_t medium, int axis, double x, double y) const {
  const Complex eps = eps_[medium][static_cast<size_t>(axis)];
  const bool uneven = media_.index_error && medium != background_;
  const bool film = media_.film_error && index_per_film_[medium] != 0.0;
  if (!uneven && !film) return eps;
  Complex n = std::sqrt(eps);
  if (uneven) n += media_.index_error(x, y);
  if (film) n += index_per_film_[medium] * media_.film_error(x, y);
  return n * n;
}

Means FrequencySampler::MeansOf(const std::vector<double>& share, int axis, double x,
                                double y) const {
  Means means;
  for (size_t m = 0; m < share.size(); ++m) {
    if (share[m] > 0) means.Add(share[m], EpsOf(m, axis, x, y));
  }
  return means;
}

std::vector<double> FrequencySampler::AllOrNoMetal(const Filling& filling) const {
  double metal = 0;
  for (size_t m = 0; m < eps_.size(); ++m) metal += Metal(m) ? filling.share[m] : 0;
  return filling.SharesOf([this, all = metal >= 0.5](size_t m) { return Metal(m) == all; });
}

std::vector<Complex> FrequencySampler::SampleOneWay(Component c, const IndexBox& box) const {
  const auto axis = static_cast<int>(c);
  std::vector<Complex> eps(static_cast<size_t>(box.Count()));
  filling_.points(c, box, [&](const std::array<int, 3>& p, int medium, const Filling& filling) {
    const double x = lattice_.Position(c, 0, p[0]), y = lattice_.Position(c, 1, p[1]);
    Complex& value = eps[static_cast<size_t>(box.Offset(p[0], p[1], p[2]))];
    if (medium >= 0) {
      value = EpsOf(static_cast<size_t>(medium), axis, x, y);
      return;
    }
    const double n2 = filling.NormalSquared(axis);
    const bool crosses = metals_ && n2 > 0 && n2 <= kAcross;
    const Means means =
        crosses ? MeansOf(AllOrNoMetal(filling), axis, x, y) : MeansOf(filling.share, axis, x, y);
    value = n2 == 0 ? means.Mean() : 1.0 / (n2 * means.Inverse() + (1 - n2) / means.Mean());
  });
  return eps;
}

std::vector<Complex> FrequencySampler::Sample(Component c, const IndexBox& box) const {
  std::vector<Complex> eps = SampleOneWay(c, box);
  if (media_.mirror_symmetric && !box.Empty()) {
    IndexBox image = box;
    image.lo[0] = lattice_.MirrorImage(c, 0, box.hi[0] - 1);
    image.hi[0] = lattice_.MirrorImage(c, 0, box.lo[0]) + 1;
    const std::vector<Complex> mirrored = SampleOneWay(c, image);
    size_t p = 0;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i, ++p) {
          const long q = image.Offset(lattice_.MirrorImage(c, 0, i), j, k);
          eps[p] = 0.5 * (eps[p] + mirrored[static_cast<size_t>(q)]);
        }
      }
    }
  }
  return eps;
}

Complex FrequencySampler::CouplingAt(const std::array<int, 3>& node, const Filling& filling) const {
  if (!OffEnds(lattice_, 0, node[0]) || !OffEnds(lattice_, 1, node[1])) return 0;
  const double product = filling.NormalProduct();
  if (product == 0) return 0;
  for (size_t m = 0; m < eps_.size(); ++m) {
    if (filling.share[m] > 0 && eps_[m][0] != eps_[m][1]) return 0;
  }
  const Means means =
      MeansOf(filling.share, 0, lattice_.Node(0, node[0]), lattice_.Node(1, node[1]));
  return means.metal ? 0 : product * (means.inverse - 1.0 / means.eps);
}

std::vector<ComplexCoupling> FrequencySampler::Couple(const IndexBox& box) const {
  std::vector<ComplexCoupling> couplings;
  if (!lattice_.Has(Component::Ex) || !lattice_.Has(Component::Ey)) return couplings;
  filling_.nodes(box, [&](const std::array<int, 3>& node, int medium, const Filling& filling) {
    if (medium >= 0) return;
    const Complex value = CouplingAt(node, filling);
    if (value != 0.0) couplings.push_back({node, value});
  });
  if (!couplings.empty()) Limit(couplings);
  return couplings;
}

void FrequencySampler::Limit(std::vector<ComplexCoupling>& couplings) const {
  IndexBox box{couplings[0].node, couplings[0].node};
  for (const ComplexCoupling& coupling : couplings) {
    for (int d = 0; d < 3; ++d) {
      box.lo[d] = std::min(box.lo[d], coupling.node[d] - (d < 2 ? 1 : 0));
      box.hi[d] = std::max(box.hi[d], coupling.node[d] + 1);
    }
  }
  const std::vector<Complex> x = Sample(Component::Ex, box), y = Sample(Component::Ey, box);
  const auto inverse = [&box](const std::vector<Complex>& eps, int i, int j, int k) {
    return 1 / std::abs(eps[static_cast<size_t>(box.Offset(i, j, k))]);
  };
  for (ComplexCoupling& coupling : couplings) {
    const auto [i, j, k] = coupling.node;
    const double a = std::min(inverse(x, i - 1, j, k), inverse(x, i, j, k));
    const double b = std::min(inverse(y, i, j - 1, k), inverse(y, i, j, k));
    const double limit = kMostCoupled * std::sqrt(a * b);
    const double size = std::abs(coupling.inverse_eps);
    if (size > limit) coupling.inverse_eps *= limit / size;
  }
}

void SetPoint(Complex eps, bool metals, double omega, size_t point, MediumBlock& block) {
  if (!(eps.real() > 0 || metals) || !(eps.imag() >= 0)) {
    base::Fail(
        "a cell of the layout has eps {:.6g} {:+.6g}i; the time domain takes no gain, and a real "
        "part that is not positive from metals alone",
        eps.real(), eps.imag());
  }
  block.conductivity[point] = omega * eps.imag();
  block.eps[point] = metals ? std::max(1.0, std::abs(eps.real())) : eps.real();
  if (block.eps[point] == eps.real()) return;
  if (block.dispersive.empty()) {
    block.dispersive.push_back({1, std::vector<double>(block.eps.size(), 0.0)});
  }
  block.dispersive[0].share[point] = 0.5 * (block.eps[point] - eps.real());
}

void ClearIfLossless(MediumBlock& block) {
  const auto& loss = block.conductivity;
  if (std::all_of(loss.begin(), loss.end(), [](double s) { return s == 0; })) {
    block.conductivity.clear();
  }
}

}  // namespace

PermittivityMap MakePermittivityMap(const Lattice& lattice, const FrequencyMedia& media) {
  const auto sampler = std::make_shared<const FrequencySampler>(lattice, media);
  PermittivityMap map;
  map.sample = [sampler](Component c, const IndexBox& box) { return sampler->Sample(c, box); };
  map.couple = [sampler](const IndexBox& box) { return sampler->Couple(box); };
  map.mirror_symmetric = media.mirror_symmetric;
  map.metals = sampler->HasMetals();
  return map;
}

PermittivityMap WithChanges(const PermittivityMap& map, std::vector<PointChange> changes) {
  PermittivityMap changed;
  changed.couple = map.couple;
  changed.metals = map.metals;
  changed.changes = changes;
  changed.sample = [sample = map.sample, sorted = SortedChanges(std::move(changes))](
                       Component c, const IndexBox& box) {
    std::vector<Complex> eps = sample(c, box);
    sorted.ForEachIn(c, box, [&](const PointChange& change) {
      const auto [i, j, k] = change.point;
      eps[static_cast<size_t>(box.Offset(i, j, k))] += change.eps;
    });
    return eps;
  };
  return changed;
}

PermittivityMap PermittivityAt(const MediumMap& media, const SteppedFrequency& frequency) {
  PermittivityMap map;
  for (const Medium& medium : media.media) {
    map.metals = map.metals || medium.Permittivity(frequency).real() <= 0;
  }
  map.sample = [media, frequency](Component c, const IndexBox& box) {
    const MediumBlock block = media.sample(c, box);
    std::vector<Complex> eps(block.eps.begin(), block.eps.end());
    for (size_t p = 0; p < block.conductivity.size(); ++p) {
      Medium loss;
      loss.eps_inf = 0;
      loss.conductivity = block.conductivity[p];
      eps[p] += loss.Permittivity(frequency);
    }
    for (const MediumBlock::Dispersive& dispersive : block.dispersive) {
      Medium poles = media.media[static_cast<size_t>(dispersive.medium)];
      poles.eps_inf = 0;
      poles.conductivity = 0;
      const Complex chi = poles.Permittivity(frequency);
      for (size_t p = 0; p < eps.size(); ++p) eps[p] += dispersive.share[p] * chi;
    }
    return eps;
  };
  if (!media.couple) return map;
  map.couple = [media](const IndexBox& box) {
    std::vector<ComplexCoupling> couplings;
    for (const NodeCoupling& c : media.couple(box)) couplings.push_back({c.node, c.inverse_eps});
    return couplings;
  };
  return map;
}

MediumMap MakeMediumMap(const Lattice& lattice, const PermittivityMap& map,
                        const SteppedFrequency& frequency) {
  base::Require(frequency.w > 0, "omega > 0");
  MediumMap media;
  media.media.resize(1);
  media.media[0].name = "layout";
  if (map.metals) {
    Medium metal;
    metal.name = "metal of the layout";
    metal.poles = {{2 * frequency.w * frequency.w, 0, 0}};
    media.media.push_back(metal);
  }
  const double omega = frequency.w / frequency.mean;  // sigma = omega Im eps
  media.sample = [map, omega](Component c, const IndexBox& box) {
    const std::vector<Complex> eps = map.sample(c, box);
    MediumBlock block;
    block.box = box;
    block.eps.resize(eps.size());
    block.conductivity.resize(eps.size());
    for (size_t p = 0; p < eps.size(); ++p) SetPoint(eps[p], map.metals, omega, p, block);
    ClearIfLossless(block);
    return block;
  };
  if (!map.couple) return media;
  media.couple = [map, lattice, media = media.media, sample = media.sample](const IndexBox& box) {
    std::vector<NodeCoupling> couplings;
    for (const ComplexCoupling& c : map.couple(box)) {
      couplings.push_back({c.node, c.inverse_eps.real()});
    }
    return LimitedCouplings(lattice, media, sample, std::move(couplings));
  };
  return media;
}

}  // namespace symwave::domain
