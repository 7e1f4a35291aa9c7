// What has to be known of all cells before one is flattened: no cell holds itself, how much each of
// them holds, where it reaches.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "io/gds/gds_flatten.hpp"

namespace symwave::io {

/// Placement of a cell: x' = a x + b y + dx, y' = c x + d y + dy in database units.
struct GdsPlacement {
  double a = 1, b = 0, c = 0, d = 1;
  double dx = 0, dy = 0;
  double magnification = 1;

  domain::Point Of(double x, double y) const { return {a * x + b * y + dx, c * x + d * y + dy}; }
  /// Of one member of an array within this placement.
  GdsPlacement Within(const GdsReference& reference, int column, int row) const;
};

class GdsCells {
 public:
  /// UserError for cells that hold themselves, and hierarchies deeper than 1000 cells.
  GdsCells(const GdsLibrary& library, const std::set<GdsLayer>& layers);

  /// Number of the cell that a reference names, -1 where there is none.
  int Of(const GdsReference& reference) const;
  /// Elements below a cell, itself and all depths included.
  double Count(int cell) const { return known_[static_cast<size_t>(cell)].count; }
  /// Whether the cell reaches into a box [database units].
  bool Reaches(int cell, const GdsPlacement& placement, const GdsBox& box) const;

 private:
  struct Known {
    double count = 0;
    bool has_extent = false;
    GdsBox extent;
  };
  void Visit(int cell, std::vector<int>& above);
  [[noreturn]] void FailRecursive(int cell, const std::vector<int>& above) const;
  void AddPoint(Known& known, double x, double y) const;

  const GdsLibrary& library_;
  std::map<std::string, int> numbers_;
  std::vector<Known> known_;
  std::vector<char> state_;  // 0: not visited, 1: being visited, 2: done
  const std::set<GdsLayer>& layers_;
};

}  // namespace symwave::io
