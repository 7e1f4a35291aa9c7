#include "jobs/train/sweep_curve.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"

namespace symwave::jobs::train {

namespace {

std::vector<double> SizesOf(const SweepAxis& axis) {
  std::vector<double> sizes = axis.sizes;
  if (axis.in_deck) sizes.push_back(*axis.in_deck);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

auto FindColumn(const std::vector<SweepColumn>& columns, const std::string& name) {
  return std::find_if(columns.begin(), columns.end(),
                      [&](const SweepColumn& column) { return column.name == name; });
}

}  // namespace

bool SweepCurve::Has(const std::string& column) const {
  return FindColumn(columns, column) != columns.end();
}

std::vector<double> SweepCurve::Values(const std::string& column) const {
  const auto found = FindColumn(columns, column);
  base::Require(found != columns.end(), "a sweep has the column that is asked for");
  const auto number = static_cast<std::size_t>(found - columns.begin());
  std::vector<double> values;
  for (const std::vector<double>& point : points) values.push_back(point[number]);
  return values;
}

void SweepCurve::LeaveOutUnknown(const std::string& column) {
  const std::vector<double> values = Values(column);
  const auto unknown = [](double value) { return std::isnan(value); };
  if (std::none_of(values.begin(), values.end(), unknown)) return;
  const auto number = FindColumn(columns, column) - columns.begin();
  columns.erase(columns.begin() + number);
  for (std::vector<double>& point : points) point.erase(point.begin() + number);
}

SweepCurve MeasureCurve(TrainRecord& record, const SweepAxis& axis,
                        const std::vector<SweepColumn>& columns, const std::string& setting,
                        const MeasurePoint& measure) {
  SweepCurve curve{axis.name, axis.unit, {}, columns, {}};
  for (const double size : SizesOf(axis)) {
    const bool in_deck = axis.in_deck && size == *axis.in_deck;
    const std::string place = in_deck ? "" : fmt::format("{}={} ", axis.name, size);
    record.Try(fmt::format("the sweep's point {}={} {}", axis.name, size, axis.unit), [&] {
      base::FaultPoint("sweep/point");
      const std::vector<double> point = record.Once("sweep " + place + setting, [&] {
        return measure(in_deck ? std::nullopt : std::optional<double>(size), place);
      });
      base::Require(point.size() == columns.size(), "a point has all its columns");
      curve.sizes.push_back(size);
      curve.points.push_back(point);
    });
    record.EndOfPart();
  }
  return curve;
}

void WriteSweepCurve(io::Hdf5File& file, const std::string& group, const SweepCurve& curve) {
  const std::string place = group + "/" + curve.name;
  file.Write(place + "/size", curve.sizes, {}, {curve.unit, "size of the error"});
  for (const SweepColumn& column : curve.columns) {
    file.Write(place + "/" + column.name, curve.Values(column.name), {},
               {column.unit, column.description});
  }
  file.WriteAttribute(place, "unit", curve.unit);
}

}  // namespace symwave::jobs::train
