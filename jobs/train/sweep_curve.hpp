// Training and what comes of it against the size of one kind of error.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/train/train_record.hpp"

namespace symwave::jobs::train {

/// A kind of error and the sizes that it takes, everything else as in the deck.
struct SweepAxis {
  std::string name, unit;
  std::vector<double> sizes;      ///< of the section sweep, in any order
  std::optional<double> in_deck;  ///< also a point of the curve
};

/// A number that is measured at every point.
struct SweepColumn {
  std::string name, unit, description;
};

struct SweepCurve {
  std::string name, unit;     ///< of the error
  std::vector<double> sizes;  ///< rising, each once
  std::vector<SweepColumn> columns;
  std::vector<std::vector<double>> points;  ///< [size][column]

  /// Whether there is a column of that name, and its values in the order of the sizes.
  bool Has(const std::string& column) const;
  std::vector<double> Values(const std::string& column) const;
  /// Leaves out a column that is not a number at some point.
  void LeaveOutUnknown(const std::string& column);
};

/// Gives the columns of a point: of an error of that size, or of the device of the deck (none).
/// `place` names the point, "shift=8 ", or "" for the deck.
using MeasurePoint =
    std::function<std::vector<double>(std::optional<double> size, const std::string& place)>;

/// Collective. Finished points are part of the state of the job, the one of the deck is measured
/// once for all curves. A point that fails is left out of the curve, with a warning. `setting` says
/// what decides a point beside its error and the deck's keys that a resumed run cannot change.
SweepCurve MeasureCurve(TrainRecord& record, const SweepAxis& axis,
                        const std::vector<SweepColumn>& columns, const std::string& setting,
                        const MeasurePoint& measure);

/// Removes the curves of which every point has failed.
template <class Curve>
void RemoveEmpty(std::vector<Curve>& curves) {
  const auto empty = [](const Curve& curve) { return curve.sizes.empty(); };
  curves.erase(std::remove_if(curves.begin(), curves.end(), empty), curves.end());
}

/// Below `group`/<name of the error>. Collective.
void WriteSweepCurve(io::Hdf5File& file, const std::string& group, const SweepCurve& curve);

}  // namespace symwave::jobs::train
