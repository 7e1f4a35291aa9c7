// Outlines of racetracks, Euler bends and gratings.
#pragma once

#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// Outer boundary counter-clockwise, hole clockwise. UserError as Outlines.
std::vector<Polygon> RacetrackOutlines(const Racetrack& track, double chord_error);
/// Either direction of turning around. UserError as Outlines, with the tightest radius.
Polygon EulerBendOutline(const EulerBend& bend, double chord_error);
std::vector<Polygon> GratingOutlines(const Grating& grating);

/// Tightest radius of an Euler bend [um], in the middle of it.
double TightestRadius(const EulerBend& bend);

}  // namespace symwave::domain
