#include "domain/structure_sampler.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kHeightSliver = 1e-7;  // of the height of a control volume

void SetPoint(const EffectiveMedium& value, size_t point, MediumBlock& block) {
  block.eps[point] = value.eps;
  block.conductivity[point] = value.conductivity;
  for (MediumBlock::Dispersive& d : block.dispersive) {
    d.share[point] = value.share[static_cast<size_t>(d.medium)];
  }
}

/// Number of the medium that fills a control volume, -1 where there are several.
int OnlyMedium(const Fills& fills, int i, int j) {
  const int medium = fills[0]->Medium(i, j);
  for (size_t s = 1; s < fills.size(); ++s) {
    if (fills[s]->Medium(i, j) != medium) return -1;
  }
  return medium;
}

/// Plane k as a copy of plane k - 1.
void CopyPlane(int k, MediumBlock& block) {
  const long count = static_cast<long>(block.box.Extent(0)) * block.box.Extent(1);
  const long to = (k - block.box.lo[2]) * count;
  const auto copy = [&](std::vector<double>& values) {
    std::copy_n(values.begin() + to - count, count, values.begin() + to);
  };
  copy(block.eps);
  copy(block.conductivity);
  for (MediumBlock::Dispersive& d : block.dispersive) copy(d.share);
}

bool AllZero(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

}  // namespace

StructureSampler::StructureSampler(const Lattice& lattice, const Structure& structure,
                                   SubpixelAverage average)
    : lattice_(lattice),
      average_(std::move(average)),
      bodies_(BodiesOf(lattice, structure, average_)),
      moved_(structure.TopsMoved()) {
  for (size_t m = 0; m < average_.Media().size(); ++m) {
    pure_.push_back({average_.Of(m, 0), average_.Of(m, 1), average_.Of(m, 2)});
  }
  PileUp(structure);
}

MediumLayer StructureSampler::Convert(const StructureLayer& layer) const {
  std::vector<Region> regions = layer.regions;
  for (int axis = 0; axis < 2; ++axis) {
    if (!lattice_.Periodic(axis)) continue;
    regions = WithPeriodicImage(regions, axis, lattice_.Node(axis, 0),
                                lattice_.Node(axis, lattice_.Cells(axis)));
  }
  MediumLayer result;
  result.base = average_.NumberOf(layer.base);
  for (Region& region : regions) {
    result.areas.push_back({average_.NumberOf(region.material), std::move(region.contours)});
  }
  return result;
}

/// Converts the layers that the lattice sees. On a periodic z axis the lowest control volumes reach
/// below the lattice, into the image of what is at its top.
void StructureSampler::PileUp(const Structure& structure) {
  if (lattice_.TwoDimensional()) {
    layers_.push_back(Convert(structure.LayerAt(0)));
    return;
  }
  const double low = lattice_.Node(2, 0);
  const double high = lattice_.Node(2, lattice_.Cells(2));
  for (const StructureLayer& layer : structure.Layers()) {
    const double bottom = std::max(low, layer.bottom);
    const double top = std::min(high, layer.top);
    if (bottom >= top) continue;
    storeys_.push_back({bottom, top, layers_.size(), layer.ends_shapes && top == layer.top});
    layers_.push_back(Convert(layer));
  }
  if (!lattice_.Periodic(2)) return;
  std::vector<Storey> image = storeys_;
  for (Storey& storey : image) {
    storey.bottom -= high - low;
    storey.top = storey.top == high ? low : storey.top - (high - low);
  }
  storeys_.insert(storeys_.begin(), image.begin(), image.end());
}

/// What stands below a top ends there, what stands above begins there.
std::vector<StructureSampler::Storey> StructureSampler::WithTopsMoved(double by) const {
  std::vector<Storey> moved = storeys_;
  for (Storey& storey : moved) storey.top += storey.ends_shapes ? by : 0;
  for (size_t s = 1; s < moved.size(); ++s) {
    const size_t below = by > 0 ? s - 1 : moved.size() - 1 - s;
    Storey& lower = moved[below];
    Storey& upper = moved[below + 1];
    (by > 0 ? upper : lower).top =
        by > 0 ? std::max(lower.top, upper.top) : std::min(lower.top, upper.top);
  }
  for (size_t s = 1; s < moved.size(); ++s) moved[s].bottom = moved[s - 1].top;
  return moved;
}

bool StructureSampler::ReachedByTops(const Site& site, int k) const {
  if (!moved_.by || lattice_.TwoDimensional()) return false;
  const auto [low, high] = Extent(lattice_, site, 2, OwnPoint(lattice_, site, 2, k));
  return std::any_of(
      storeys_.begin(), storeys_.end(), [&, low = low, high = high](const Storey& s) {
        return s.ends_shapes && s.top > low - moved_.most && s.top < high + moved_.most;
      });
}

Stack StructureSampler::StackOf(const Site& site, int k, const std::vector<Storey>& storeys) const {
  if (lattice_.TwoDimensional()) return {{{0, 1.0}}, 1.0};
  const auto [low, high] = Extent(lattice_, site, 2, OwnPoint(lattice_, site, 2, k));
  Stack stack;
  stack.height = high - low;
  double sum = 0;
  for (const Storey& storey : storeys) {
    const double share = (std::min(high, storey.top) - std::max(low, storey.bottom)) / stack.height;
    if (share <= kHeightSliver) continue;
    stack.slices.push_back({storey.layer, Rounded(share)});
    sum += stack.slices.back().share;
  }
  const auto thickest =
      std::max_element(stack.slices.begin(), stack.slices.end(),
                       [](const Slice& a, const Slice& b) { return a.share < b.share; });
  thickest->share += 1 - sum;
  return stack;
}

Fills StructureSampler::FillsOf(size_t number, const Site& site, const IndexBox& box, const Run& x,
                                const Run& y, const Stack& stack) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Window& window = windows_[number];
  const std::array<int, 4> xy{box.lo[0], box.hi[0], box.lo[1], box.hi[1]};
  if (window.xy != xy) {
    window.fills.clear();
    window.xy = xy;
  }
  Fills fills;
  for (const Slice& slice : stack.slices) {
    auto& fill = window.fills[{x, y, slice.layer}];
    if (!fill) {
      fill = std::make_shared<const PlaneFill>(layers_[slice.layer], average_.Eps(),
                                               BordersOf(lattice_, site, 0, x),
                                               BordersOf(lattice_, site, 1, y));
    }
    fills.push_back(fill);
  }
  return fills;
}

/// Walls in the plane weigh with the thickness of their slice; between slices the area mean jumps.
Filling StructureSampler::FillingOf(const Stack& stack, const Fills& fills, int i, int j) const {
  const std::vector<double>& eps = average_.Eps();
  Filling filling;
  filling.share.assign(eps.size(), 0.0);
  double mean_below = 0;
  for (size_t s = 0; s < fills.size(); ++s) {
    const double thickness = stack.slices[s].share;
    const int medium = fills[s]->Medium(i, j);
    double mean = 0;
    if (medium >= 0) {
      filling.share[static_cast<size_t>(medium)] += thickness;
      mean = eps[static_cast<size_t>(medium)];
    } else {
      const double* share = fills[s]->Shares(i, j);
      for (size_t m = 0; m < eps.size(); ++m) {
        filling.share[m] += thickness * share[m];
        mean += share[m] * eps[m];
      }
      filling.variation[0] += thickness * fills[s]->VariationX(i, j);
      filling.variation[1] += thickness * fills[s]->VariationY(i, j);
      filling.skew += thickness * fills[s]->Skew(i, j);
    }
    if (s > 0) filling.variation[2] += std::abs(mean - mean_below) / stack.height;
    mean_below = mean;
  }
  return filling;
}

/// Plane k of the block, the points of two runs.
void StructureSampler::SampleRun(Component c, const Stack& stack, const Fills& fills, const Run& x,
                                 const Run& y, int k, MediumBlock& block) const {
  std::vector<int> media(fills.size());
  std::vector<int> last;  // media of the latest volume cut by level faces alone, and its values
  EffectiveMedium last_value;
  for (int j = 0; j < y.count; ++j) {
    long point = block.box.Offset(block.box.lo[0] + x.from, block.box.lo[1] + y.from + j, k);
    for (int i = 0; i < x.count; ++i, ++point) {
      const int medium = OnlyMedium(fills, i, j);
      if (medium >= 0) {
        SetPoint(pure_[static_cast<size_t>(medium)][static_cast<size_t>(c)],
                 static_cast<size_t>(point), block);
        continue;
      }
      for (size_t s = 0; s < fills.size(); ++s) media[s] = fills[s]->Medium(i, j);
      if (media != last || std::count(media.begin(), media.end(), -1) > 0) {
        last = media;
        last_value = average_.Of(FillingOf(stack, fills, i, j), static_cast<int>(c));
      }
      SetPoint(last_value, static_cast<size_t>(point), block);
    }
  }
}

MediumBlock StructureSampler::Sample(Component c, const IndexBox& box) const {
  base::Require(IsElectric(c), "media are sampled at points of E");
  const auto count = static_cast<size_t>(box.Count());
  MediumBlock block;
  block.box = box;
  block.eps.resize(count);
  block.conductivity.resize(count);
  for (size_t m = 0; m < average_.Media().size(); ++m) {
    if (average_.Media()[m].poles.empty()) continue;
    block.dispersive.push_back({static_cast<int>(m), std::vector<double>(count)});
  }
  const Site site = SiteOf(lattice_, c);
  const std::vector<Run> runs_x = RunsOf(lattice_, site, 0, box);
  const std::vector<Run> runs_y = RunsOf(lattice_, site, 1, box);
  Stack last;
  for (int k = box.lo[2]; k < box.hi[2] && count > 0; ++k) {
    const Stack stack = StackOf(site, k, storeys_);
    if (k > box.lo[2] && stack == last) {
      CopyPlane(k, block);
      continue;
    }
    for (const Run& y : runs_y) {
      for (const Run& x : runs_x) {
        SampleRun(c, stack, FillsOf(static_cast<size_t>(c), site, box, x, y, stack), x, y, k,
                  block);
      }
    }
    last = stack;
  }
  if (bodies_) SampleBodies(c, block);
  if (AllZero(block.conductivity)) block.conductivity.clear();
  auto& dispersive = block.dispersive;
  dispersive.erase(std::remove_if(dispersive.begin(), dispersive.end(),
                                  [](const auto& d) { return AllZero(d.share); }),
                   dispersive.end());
  return block;
}

/// Overwrites the points that bodies reach into.
void StructureSampler::SampleBodies(Component c, MediumBlock& block) const {
  bodies_->ForEach(
      SiteOf(lattice_, c), block.box, [&](const std::array<int, 3>& point, const Filling& filling) {
        const auto& share = filling.share;
        const auto full = std::find(share.begin(), share.end(), 1.0);
        SetPoint(full == share.end()
                     ? average_.Of(filling, static_cast<int>(c))
                     : pure_[static_cast<size_t>(full - share.begin())][static_cast<size_t>(c)],
                 static_cast<size_t>(block.box.Offset(point[0], point[1], point[2])), block);
      });
}

/// Couplings before their limit.
std::vector<NodeCoupling> StructureSampler::Couple(const IndexBox& box) const {
  std::vector<NodeCoupling> couplings;
  if (!lattice_.Has(Component::Ex) || !lattice_.Has(Component::Ey) || box.Empty()) return couplings;
  const Site site;
  const std::vector<Run> runs_x = RunsOf(lattice_, site, 0, box);
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    const Stack stack = StackOf(site, k, storeys_);
    for (const Run& y : RunsOf(lattice_, site, 1, box)) {
      std::vector<Fills> fills;
      fills.reserve(runs_x.size());
      for (const Run& x : runs_x) fills.push_back(FillsOf(kNodes, site, box, x, y, stack));
      for (int j = 0; j < y.count; ++j) {
        for (size_t r = 0; r < runs_x.size(); ++r) {
          AddCouplings(stack, fills[r], runs_x[r], j, {box.lo[0], box.lo[1] + y.from + j, k},
                       couplings);
        }
      }
    }
  }
  return bodies_ ? WithBodies(*bodies_, average_, box, std::move(couplings)) : couplings;
}

/// Row j of a run of nodes; `first` is the first node of the box in this row.
void StructureSampler::AddCouplings(const Stack& stack, const Fills& fills, const Run& x, int j,
                                    std::array<int, 3> first,
                                    std::vector<NodeCoupling>& couplings) const {
  for (int i = 0; i < x.count; ++i) {
    if (OnlyMedium(fills, i, j) >= 0) continue;
    const double value = average_.CouplingOf(FillingOf(stack, fills, i, j));
    if (value != 0) couplings.push_back({{first[0] + x.from + i, first[1], first[2]}, value});
  }
}

template <class StackAt>
void StructureSampler::VisitRuns(const IndexBox& box, const Run& x, const Run& y, int k,
                                 const StackAt& at, const VisitFilling& visit) const {
  for (int j = 0; j < y.count; ++j) {
    for (int i = 0; i < x.count; ++i) {
      const StackFills& here = at(i, j);
      const int medium = OnlyMedium(here.fills, i, j);
      visit({box.lo[0] + x.from + i, box.lo[1] + y.from + j, k}, medium,
            medium >= 0 ? Filling{} : FillingOf(here.stack, here.fills, i, j));
    }
  }
}

void StructureSampler::VisitFillings(const Site& site, size_t window, const IndexBox& box,
                                     const VisitFilling& visit) const {
  base::Require(!bodies_, "no bodies where fillings are asked for");
  const std::vector<Run> runs_x = RunsOf(lattice_, site, 0, box);
  const std::vector<Run> runs_y = RunsOf(lattice_, site, 1, box);
  for (int k = box.lo[2]; k < box.hi[2] && !box.Empty(); ++k) {
    const Stack stack = StackOf(site, k, storeys_);
    const bool moved = ReachedByTops(site, k);
    for (const Run& y : runs_y) {
      for (const Run& x : runs_x) {
        if (moved) {
          VisitMoved(window, site, box, x, y, k, visit);
          continue;
        }
        const StackFills level{stack, FillsOf(window, site, box, x, y, stack)};
        VisitRuns(
            box, x, y, k, [&](int, int) -> const StackFills& { return level; }, visit);
      }
    }
  }
}

void StructureSampler::VisitMoved(size_t window, const Site& site, const IndexBox& box,
                                  const Run& x, const Run& y, int k,
                                  const VisitFilling& visit) const {
  Stack all;  // layers, of which a point has a few
  for (size_t layer = 0; layer < layers_.size(); ++layer) all.slices.push_back({layer, 0});
  const Fills fills = FillsOf(window, site, box, x, y, all);
  const auto middle = [](const std::vector<double>& borders, int i) {
    return 0.5 * (borders[static_cast<size_t>(i)] + borders[static_cast<size_t>(i) + 1]);
  };
  const std::vector<double> borders_x = BordersOf(lattice_, site, 0, x);
  const std::vector<double> borders_y = BordersOf(lattice_, site, 1, y);
  StackFills here;
  const auto at = [&](int i, int j) -> const StackFills& {
    here.stack =
        StackOf(site, k, WithTopsMoved(moved_.by(middle(borders_x, i), middle(borders_y, j))));
    here.fills.clear();
    for (const Slice& slice : here.stack.slices) here.fills.push_back(fills[slice.layer]);
    return here;
  };
  VisitRuns(box, x, y, k, at, visit);
}

}  // namespace symwave::domain
