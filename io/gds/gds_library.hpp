// GDSII stream files (Calma, GDSII Stream Format Manual, release 6.0) as cells of elements.
// Own code, since libgdsii 0.2 finds no polygon in the files of KLayout and gdsfactory (they have a
// second top cell), knows no datatypes and no path ends, and gives a bent path the wrong area.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/gds/gds_remarks.hpp"

namespace symwave::io {

/// Number of a layer and its datatype (texttype of labels, boxtype of boxes): "1/0".
struct GdsLayer {
  int layer = 0;
  int datatype = 0;

  bool operator<(const GdsLayer& o) const {
    return layer != o.layer ? layer < o.layer : datatype < o.datatype;
  }
  bool operator==(const GdsLayer& o) const { return layer == o.layer && datatype == o.datatype; }
  std::string Text() const { return std::to_string(layer) + "/" + std::to_string(datatype); }
};

/// In database units.
struct GdsPoint {
  std::int32_t x = 0;
  std::int32_t y = 0;
};

/// Boundary or box; the last point may repeat the first one.
struct GdsOutline {
  GdsLayer layer;
  std::vector<GdsPoint> points;
};

enum class GdsPathEnd { Flush = 0, Round = 1, HalfWidth = 2, Custom = 4 };

struct GdsPath {
  GdsLayer layer;
  GdsPathEnd ends = GdsPathEnd::Flush;
  std::int32_t width = 0;  ///< database units; negative: magnification does not change it
  std::int32_t begin_extension = 0, end_extension = 0;  ///< of custom ends
  std::vector<GdsPoint> points;
};

struct GdsLabel {
  GdsLayer layer;
  GdsPoint at;
  std::string text;
};

/// A cell placed in another one, or an array of them: mirrored about the x axis, then magnified,
/// turned counter-clockwise and moved to `at` + column * column_step + row * row_step.
struct GdsReference {
  std::string cell;
  bool mirrored = false;
  double magnification = 1;
  double angle = 0;  ///< degrees
  int columns = 1, rows = 1;
  GdsPoint at;
  double column_step[2] = {0, 0}, row_step[2] = {0, 0};  ///< database units
};

struct GdsCell {
  std::string name;
  std::vector<GdsOutline> outlines;
  std::vector<GdsPath> paths;
  std::vector<GdsLabel> labels;
  std::vector<GdsReference> references;
};

struct GdsLibrary {
  std::string path;            ///< of the file, for messages
  double unit = 1e-3;          ///< database unit, um
  std::vector<GdsCell> cells;  ///< names differ
  GdsRemarks remarks;          ///< what was left out or repaired

  /// um of a number of database units, without the rounding of the unit where 1 um holds a whole
  /// number of them.
  double Micrometres(double units) const;
  /// Number of a cell, -1 where there is none of that name.
  int Find(const std::string& name) const;
  /// Cells that no other cell holds; those that KLayout keeps its notes in ($$$...) do not count.
  std::vector<std::string> TopCells() const;
};

/// `bytes` is the whole file, `path` its name for messages. UserError, with place in the file and
/// name of the cell, for a file that is no GDSII stream, is cut off, or has records with data of
/// the wrong type or size. Records and elements without meaning here are left out, with a remark.
GdsLibrary ParseGds(const std::string& bytes, const std::string& path);

}  // namespace symwave::io
