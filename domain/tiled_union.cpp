#include "domain/tiled_union.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>

#include "domain/base/communicator.hpp"
#include "domain/base/packing.hpp"
#include "domain/outline_boxes.hpp"
#include "domain/polygon_union.hpp"

namespace symwave::domain {

namespace {

constexpr size_t kPerTile = 400;  // polygons that are united together

size_t VerticesOf(const std::vector<Polygon>& polygons) {
  size_t count = 0;
  for (const Polygon& polygon : polygons) count += polygon.size();
  return count;
}

/// The rank of every task: the next one goes to the rank with the least weight.
std::vector<int> DealByWeight(const std::vector<size_t>& weights, int ranks) {
  std::priority_queue<std::pair<size_t, int>, std::vector<std::pair<size_t, int>>, std::greater<>>
      loads;
  for (int r = 0; r < ranks; ++r) loads.push({0, r});
  std::vector<int> owner;
  for (const size_t weight : weights) {
    const auto [load, rank] = loads.top();
    loads.pop();
    owner.push_back(rank);
    loads.push({load + weight, rank});
  }
  return owner;
}

OutlineBox BoxOf(const Polygon& polygon) {
  OutlineBox box;
  for (const Point& p : polygon) box.Add(p.x, p.y);
  return box;
}

std::vector<OutlineBox> BoxesOf(const std::vector<Polygon>& polygons) {
  std::vector<OutlineBox> boxes;
  boxes.reserve(polygons.size());
  for (const Polygon& polygon : polygons) boxes.push_back(BoxOf(polygon));
  return boxes;
}

/// The polygon around every hole of a group, wherever its own middle lies; false where one has
/// none. Any polygon serves: where a second one covers a hole, nothing is left of it.
bool FindHoles(const std::vector<Polygon>& polygons, const std::vector<OutlineBox>& boxes,
               const std::vector<size_t>& group, std::map<size_t, std::vector<size_t>>& holes_of) {
  std::vector<OutlineBox> outer(group.size());
  std::vector<size_t> holes;
  for (size_t n = 0; n < group.size(); ++n) {
    if (OutlineArea(polygons[group[n]]) > 0) {
      outer[n] = boxes[group[n]];
    } else if (!polygons[group[n]].empty()) {
      holes.push_back(group[n]);
    }
  }
  if (holes.empty()) return true;
  const BoxBins bins(outer);
  for (const size_t k : holes) {
    const Polygon& hole = polygons[k];
    const std::vector<size_t>& near = bins.At(hole.front().x, hole.front().y);
    const auto around = std::find_if(near.begin(), near.end(), [&](size_t n) {
      return outer[n].Holds(boxes[k]) && std::all_of(hole.begin(), hole.end(), [&](const Point& p) {
               return IsInside(polygons[group[n]], p);
             });
    });
    if (around == near.end()) return false;
    holes_of[group[*around]].push_back(k);
  }
  return true;
}

/// The mesh of tiles over a group, each for about kPerTile of its polygons.
struct TileMesh {
  OutlineBox whole;
  std::array<int, 2> count{1, 1};

  TileMesh(const std::vector<OutlineBox>& boxes, const std::vector<size_t>& group) {
    for (const size_t k : group) whole.Add(boxes[k]);
    const double tiles = static_cast<double>(group.size()) / kPerTile;
    if (!(Extent(0) > 0 && Extent(1) > 0)) return;
    const double shape = Extent(1) / Extent(0);
    count[1] = std::clamp(static_cast<int>(std::lround(std::min(tiles, std::sqrt(tiles * shape)))),
                          1, static_cast<int>(tiles));
    count[0] = std::max(1, static_cast<int>(tiles) / count[1]);
  }
  double Extent(size_t axis) const { return whole.high[axis] - whole.low[axis]; }
  int Bin(double at, size_t axis) const {
    const double share = (at - whole.low[axis]) / Extent(axis);
    return std::clamp(static_cast<int>(share * count[axis]), 0, count[axis] - 1);
  }
  /// Too long to belong to one tile.
  bool Large(const OutlineBox& box) const {
    for (size_t axis : {0, 1}) {
      if (box.high[axis] - box.low[axis] > 1.5 * Extent(axis) / count[axis]) return true;
    }
    return false;
  }
};

/// What is united together: polygons of a tile, and those around it, so that tiles overlap and no
/// seam runs along edges that only touch. A large polygon is a tile of its own; where a hole has no
/// polygon around it, all are one.
std::vector<std::vector<size_t>> TilesOf(const std::vector<Polygon>& polygons,
                                         const std::vector<OutlineBox>& boxes,
                                         const std::vector<size_t>& group) {
  if (group.size() <= 2 * kPerTile) return {group};
  std::map<size_t, std::vector<size_t>> holes_of;
  if (!FindHoles(polygons, boxes, group, holes_of)) return {group};
  const TileMesh mesh(boxes, group);
  if (!(mesh.Extent(0) > 0 && mesh.Extent(1) > 0)) return {group};
  const auto columns = static_cast<size_t>(mesh.count[0]);
  std::vector<OutlineBox> frames(columns * static_cast<size_t>(mesh.count[1]));
  std::vector<std::vector<size_t>> tiles(frames.size());
  const auto outer = [&](size_t k) { return OutlineArea(polygons[k]) > 0; };
  for (const size_t k : group) {
    if (!outer(k) || mesh.Large(boxes[k])) continue;
    const int i = mesh.Bin(0.5 * (boxes[k].low[0] + boxes[k].high[0]), 0);
    const int j = mesh.Bin(0.5 * (boxes[k].low[1] + boxes[k].high[1]), 1);
    frames[static_cast<size_t>(j) * columns + static_cast<size_t>(i)].Add(boxes[k]);
  }
  const auto add = [&](size_t k, std::vector<size_t>& tile) {
    tile.push_back(k);
    const auto holes = holes_of.find(k);
    if (holes != holes_of.end()) {
      tile.insert(tile.end(), holes->second.begin(), holes->second.end());
    }
  };
  for (const size_t k : group) {
    if (!outer(k)) continue;
    if (mesh.Large(boxes[k])) {
      add(k, tiles.emplace_back());
      continue;
    }
    // No polygon reaches further than the tiles next to its own.
    const int i0 = mesh.Bin(boxes[k].low[0], 0), i1 = mesh.Bin(boxes[k].high[0], 0);
    const int j0 = mesh.Bin(boxes[k].low[1], 1), j1 = mesh.Bin(boxes[k].high[1], 1);
    for (int j = std::max(0, j0 - 1); j <= std::min(mesh.count[1] - 1, j1 + 1); ++j) {
      for (int i = std::max(0, i0 - 1); i <= std::min(mesh.count[0] - 1, i1 + 1); ++i) {
        const size_t t = static_cast<size_t>(j) * columns + static_cast<size_t>(i);
        if (!frames[t].Empty() && frames[t].Touches(boxes[k])) add(k, tiles[t]);
      }
    }
  }
  tiles.erase(
      std::remove_if(tiles.begin(), tiles.end(), [](const auto& one) { return one.empty(); }),
      tiles.end());
  return tiles;
}

/// The contours of one tile: `open` ones that other tiles may meet, and `done` ones, holes that no
/// other tile's box touches and all that lies in these.
struct Parted {
  std::vector<Polygon> open, done;
};

Parted Part(const std::vector<Polygon>& contours, const std::vector<OutlineBox>& frames,
            size_t own) {
  const std::vector<OutlineBox> boxes = BoxesOf(contours);
  std::vector<size_t> free, outer;
  Parted parted;
  for (size_t k = 0; k < contours.size(); ++k) {
    if (OutlineArea(contours[k]) > 0) {
      outer.push_back(k);
      continue;
    }
    bool met = false;
    for (size_t t = 0; t < frames.size() && !met; ++t)
      met = t != own && boxes[k].Touches(frames[t]);
    if (!met) free.push_back(k);
    (met ? parted.open : parted.done).push_back(contours[k]);
  }
  for (const size_t k : outer) {
    const bool within = std::any_of(free.begin(), free.end(), [&](size_t hole) {
      return boxes[hole].Holds(boxes[k]) && IsInside(contours[hole], contours[k].front());
    });
    (within ? parted.done : parted.open).push_back(contours[k]);
  }
  return parted;
}

/// Runs tasks, on the ranks of `comm` by their weights; null: all here. Every rank gets all
/// results.
template <class Task>
std::vector<std::vector<Polygon>> Dealt(MPI_Comm comm, const std::vector<size_t>& weights,
                                        const Task& task) {
  std::vector<std::vector<Polygon>> results(weights.size());
  if (comm == MPI_COMM_NULL) {
    for (size_t k = 0; k < weights.size(); ++k) results[k] = task(k);
    return results;
  }
  const std::vector<int> owner = DealByWeight(weights, base::Communicator::SizeOf(comm));
  const int rank = base::Communicator::RankIn(comm);
  base::Packer mine;
  for (size_t k = 0; k < weights.size(); ++k) {
    if (owner[k] != rank) continue;
    const std::vector<Polygon> result = task(k);
    mine.Add(result.size());
    for (const Polygon& outline : result) mine.Add(outline);
  }
  const auto bytes = base::GatherFromAll(comm, mine.Bytes());
  std::vector<base::Unpacker> of_rank(bytes.begin(), bytes.end());
  for (size_t k = 0; k < weights.size(); ++k) {
    base::Unpacker& packed = of_rank[static_cast<size_t>(owner[k])];
    size_t count = 0;
    packed.Take(count);
    results[k].resize(count);
    for (Polygon& outline : results[k]) packed.Take(outline);
  }
  return results;
}

/// Groups, and within large ones tiles, each of which is united alone; then what the tiles of a
/// group have in common. What lies far inside a tile takes no part in that.
class TiledUnion {
 public:
  TiledUnion(MPI_Comm comm, const std::vector<Polygon>& polygons)
      : comm_(comm), polygons_(polygons) {
    const std::vector<OutlineBox> boxes = BoxesOf(polygons);
    for (const std::vector<size_t>& group : GroupsByBox(boxes)) {
      first_.push_back(tiles_.size());
      for (std::vector<size_t>& tile : TilesOf(polygons, boxes, group)) {
        OutlineBox frame;
        for (const size_t k : tile) frame.Add(boxes[k]);
        frames_.push_back(frame);
        tiles_.push_back(std::move(tile));
      }
    }
    first_.push_back(tiles_.size());
  }

  std::vector<Polygon> United() {
    std::vector<std::vector<Polygon>> parts = UniteTiles();
    std::vector<std::vector<Polygon>> open, done;
    std::vector<size_t> weights;
    for (size_t g = 0; g + 1 < first_.size(); ++g) {
      if (first_[g + 1] - first_[g] > 1) {
        PartGroup(g, parts, open.emplace_back(), done.emplace_back());
        weights.push_back(VerticesOf(open.back()));
      }
    }
    const auto joined =
        Dealt(comm_, weights, [&](size_t k) { return UniteTogether(UniteTogether(open[k])); });
    std::vector<Polygon> all;
    size_t large = 0;
    for (size_t g = 0; g + 1 < first_.size(); ++g) {
      if (first_[g + 1] - first_[g] == 1) {
        Append(parts[first_[g]], all);
      } else {
        Append(joined[large], all);
        Append(done[large], all);
        ++large;
      }
    }
    return all;
  }

 private:
  static void Append(const std::vector<Polygon>& more, std::vector<Polygon>& all) {
    all.insert(all.end(), more.begin(), more.end());
  }

  std::vector<std::vector<Polygon>> UniteTiles() const {
    std::vector<size_t> weights;
    for (const std::vector<size_t>& tile : tiles_) {
      weights.push_back(0);
      for (const size_t k : tile) weights.back() += polygons_[k].size();
    }
    return Dealt(comm_, weights, [&](size_t t) {
      std::vector<Polygon> of_tile;
      for (const size_t k : tiles_[t]) of_tile.push_back(polygons_[k]);
      return UniteTogether(of_tile);
    });
  }

  void PartGroup(size_t g, const std::vector<std::vector<Polygon>>& parts,
                 std::vector<Polygon>& open, std::vector<Polygon>& done) const {
    const std::vector<OutlineBox> frames(frames_.begin() + static_cast<long>(first_[g]),
                                         frames_.begin() + static_cast<long>(first_[g + 1]));
    for (size_t t = 0; t < frames.size(); ++t) {
      const Parted parted = Part(parts[first_[g] + t], frames, t);
      Append(parted.open, open);
      Append(parted.done, done);
    }
  }

  MPI_Comm comm_;
  const std::vector<Polygon>& polygons_;
  std::vector<std::vector<size_t>> tiles_;  ///< numbers of polygons, group by group
  std::vector<OutlineBox> frames_;          ///< of the polygons of every tile
  std::vector<size_t> first_;               ///< tile of every group, and their number
};

}  // namespace

std::vector<Polygon> UniteInTiles(MPI_Comm comm, const std::vector<Polygon>& polygons) {
  return TiledUnion(comm, polygons).United();
}

}  // namespace symwave::domain
