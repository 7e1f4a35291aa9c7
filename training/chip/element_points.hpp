// The points of a lattice whose permittivity the elements of a device change.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "domain/elements.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::training::chip {

/// Where a point of a component stands, 0 along z in 2D [um].
domain::Vector PlaceOf(const domain::Lattice& lattice, domain::Component c,
                       const std::array<int, 3>& point);

class ElementPoints {
 public:
  /// A point of an element.
  struct Share {
    int point = 0;  ///< number in All()
    double profile = 0;
  };
  /// UserError for an element without a point of the lattice.
  ElementPoints(std::shared_ptr<const domain::Lattice> lattice,
                const domain::PermittivityMap& media, const std::vector<domain::Element>& elements);

  /// Of all components of E that the lattice has, outside of every PML, each once.
  const std::vector<solvers::ElementPoint>& All() const { return points_; }
  const std::vector<Share>& Of(size_t element) const { return shares_[element]; }
  /// Complex index at a point without commands.
  domain::Complex Index(size_t point) const { return index_[point]; }
  /// Number of the mirror image about the middle of the x axis, -1 where it is none of the points.
  int ImageOf(int point) const;
  /// What is added to eps at every point where the elements change the index by `changes`.
  std::vector<domain::Complex> EpsChange(const std::vector<domain::Complex>& changes) const;

 private:
  using Key = std::pair<domain::Component, std::array<int, 3>>;
  std::vector<Share> PointsOf(const domain::PermittivityMap& media, const domain::Element& element);

  std::shared_ptr<const domain::Lattice> lattice_;
  std::vector<solvers::ElementPoint> points_;
  std::map<Key, int> numbers_;
  std::vector<std::vector<Share>> shares_;  ///< per element
  std::vector<domain::Complex> index_;      ///< per point
};

}  // namespace symwave::training::chip
