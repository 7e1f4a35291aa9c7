// Trainable elements of a device: regions whose index a command changes.
#pragma once

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "domain/segments.hpp"
#include "domain/shapes.hpp"

namespace symwave::domain {

/// At a point the complex index of the material there becomes n + dn * profile. Inside of its
/// outline the profile is 1, but for raised-cosine steps of length `switching` along the guide;
/// outside it falls with the distance d from the outline as exp(-d^2 / 2 spread^2), as the heat of
/// a heater does, and reaches its neighbours. The profile does not depend on z between the heights.
///
/// A command of one radian changes dn such that light of the guide turns by one radian on the
/// element's effective length; one neper of an attenuator is the imaginary part of the same.
struct Element {
  std::string name;
  std::vector<Polygon> outline;  ///< seen from above, um
  std::array<double, 2> z{-std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::infinity()};
  int axis = 0;          ///< of the guide: 0 or 1
  double switching = 0;  ///< um
  double spread = 0;     ///< um
  bool attenuates = false;
  std::string group;  ///< elements of one group have one command; "": its own
  std::string where;  ///< "file:line" of the deck, for messages

  /// At a point; 0 where it is below 1e-4.
  double Profile(const Vector& point) const;
  /// Box that holds all points with a profile: [axis][low, high], z as `z`.
  std::array<std::array<double, 2>, 3> Reach() const;
  /// Of the outline along an axis, 0 or 1.
  std::array<double, 2> Extent(int axis) const;
  /// Length of a uniform element with the same phase.
  double EffectiveLength() const;
};

/// Those of a chip's segments: all as phase shifters, phase1, phase2 ..., then, if asked for, all
/// as attenuators, loss1 ...
std::vector<Element> ElementsOf(const std::vector<Segment>& segments, bool attenuators);

/// For every element the one that is its mirror image about x = 0: same kind, same profile; itself
/// where it is its own; -1 where there is none.
std::vector<int> MirrorImages(const std::vector<Element>& elements);

/// What one command drives: the elements of a group, or one that has none.
struct Command {
  std::string name;           ///< of the group, or of the element
  std::vector<int> elements;  ///< their numbers, increasing
  bool attenuates = false;    ///< all of them, or none
};

/// In the order of their first elements. The elements of a group are of one kind.
std::vector<Command> CommandsOf(const std::vector<Element>& elements);

/// For every element the number of its command.
std::vector<int> CommandNumbers(const std::vector<Element>& elements);

/// For every command the one that is its mirror image about x = 0, whose elements are the images of
/// its own: same kind, same profile; itself where it is its own; -1 where there is none.
std::vector<int> MirrorImages(const std::vector<Element>& elements,
                              const std::vector<Command>& commands);

/// Disjoint intervals of x, increasing, that hold all points with a profile.
std::vector<std::array<double, 2>> StripsOf(const std::vector<Element>& elements);

}  // namespace symwave::domain
