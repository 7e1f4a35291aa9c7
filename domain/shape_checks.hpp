// Sentences on measures of shapes that make no sense.
#pragma once

#include "domain/solids.hpp"

namespace symwave::domain {

/// UserError unless 0 < value <= 1e6 um; NaN is refused.
void CheckPositive(double value, const char* what);
/// UserError unless 0 <= value <= 1e6 um.
void CheckNotNegative(double value, const char* what);
/// UserError for points further than 1e6 um from the origin.
void CheckPoint(const Point& p, const char* what);
void CheckPoint(const Vector& p, const char* what);
/// UserError for what is no angle in degrees.
void CheckAngle(double degrees, const char* what);
/// UserError for polygons with fewer than 3 points, without area, or that cross themselves.
void CheckPolygon(const Polygon& points);

/// Twice the area on the left of the outline, halved: positive where it runs counter-clockwise.
double SignedArea(const Polygon& polygon);

/// Number of chords for `angle` radians of a circle, none further than `chord_error` from it.
int Chords(double radius, double angle, double chord_error);

}  // namespace symwave::domain
