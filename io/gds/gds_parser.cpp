// From records to cells.
#include <algorithm>
#include <cmath>
#include <set>

#include "domain/base/error.hpp"
#include "io/gds/gds_library.hpp"
#include "io/gds/gds_records.hpp"

namespace symwave::io {

namespace {

using base::Fail;
using RecordType = GdsRecordType;

constexpr std::uint16_t kMirrored = 0x8000;
constexpr std::uint16_t kAbsolute = 0x0006;  // magnification and angle that references do not pass
constexpr int kLastKnown = 0x3b;             // type of record of release 6.0

/// What the records between the start of an element and ENDEL say.
struct Element {
  RecordType kind = RecordType::EndElement;
  GdsLayer layer;
  int path_type = 0;
  std::int32_t width = 0, begin = 0, end = 0;
  std::vector<GdsPoint> points;
  std::string text, cell;
  bool mirrored = false;
  double magnification = 1, angle = 0;
  int columns = 1, rows = 1;
};

class Parser {
 public:
  Parser(const std::string& bytes, const std::string& path) : stream_(bytes, path) {
    library_.path = path;
    const bool stream = bytes.size() >= 4 && bytes[2] == 0 && bytes[3] == 2;
    if (!stream) {
      Fail(
          "{}: is not a GDSII stream file, which begins with the record HEADER; layouts in other "
          "formats (OASIS, DXF) are to be written as GDSII by KLayout",
          path);
    }
  }

  GdsLibrary Parse() {
    for (;;) {
      const GdsRecord record = stream_.Next();
      if (record.Type() == RecordType::EndLibrary) break;
      Take(record);
    }
    if (inside_ || element_) {
      Fail("{}: ENDLIB stands within cell {}; the file is damaged, write it again", library_.path,
           library_.cells.back().name);
    }
    return std::move(library_);
  }

 private:
  void Take(const GdsRecord& record) {
    if (element_) return TakeInElement(record);
    switch (record.Type()) {
      case RecordType::Units:
        return TakeUnits(record);
      case RecordType::BeginCell:
        inside_ = true;
        library_.cells.emplace_back();
        library_.cells.back().name = "without a name";
        return;
      case RecordType::CellName:
        return TakeCellName(record);
      case RecordType::EndCell:
        inside_ = false;
        return;
      case RecordType::Boundary:
      case RecordType::Path:
      case RecordType::Reference:
      case RecordType::ArrayReference:
      case RecordType::Text:
      case RecordType::Node:
      case RecordType::Box:
        RequireCell(record);
        element_ = true;
        current_ = Element{};
        current_.kind = record.Type();
        return;
      default:
        Skip(record);
    }
  }

  void TakeInElement(const GdsRecord& record) {
    switch (record.Type()) {
      case RecordType::Layer:
        current_.layer.layer = record.Integer16();
        return;
      case RecordType::DataType:
      case RecordType::TextType:
      case RecordType::BoxType:
      case RecordType::NodeType:
        current_.layer.datatype = record.Integer16();
        return;
      case RecordType::Width:
        current_.width = record.Integer32();
        return;
      case RecordType::PathType:
        current_.path_type = record.Integer16();
        return;
      case RecordType::BeginExtension:
        current_.begin = record.Integer32();
        return;
      case RecordType::EndExtension:
        current_.end = record.Integer32();
        return;
      case RecordType::Points:
        current_.points = record.Points();
        return;
      case RecordType::EndElement:
        FinishElement(record);
        element_ = false;
        return;
      default:
        TakeText(record);
    }
  }

  void TakeText(const GdsRecord& record) {
    switch (record.Type()) {
      case RecordType::String:
        current_.text = record.Text();
        return;
      case RecordType::ReferredName:
        current_.cell = record.Text();
        return;
      case RecordType::ColumnsRows:
        current_.columns = record.Integer16(0);
        current_.rows = record.Integer16(1);
        return;
      case RecordType::Transformation:
        current_.mirrored = (record.Bits() & kMirrored) != 0;
        if ((record.Bits() & kAbsolute) != 0) {
          library_.remarks.Add("absolute magnifications or angles are taken as relative ones",
                               Place());
        }
        return;
      case RecordType::Magnification:
        current_.magnification = record.Real();
        return;
      case RecordType::Angle:
        current_.angle = record.Real();
        return;
      default:
        Skip(record);
    }
  }

  void Skip(const GdsRecord& record) {
    const bool cell_ends =
        record.Type() == RecordType::EndCell || record.Type() == RecordType::BeginCell;
    if (element_ && cell_ends) {
      Fail("{}: cell {} ends within an element; the file is damaged, write it again",
           record.Where(), library_.cells.back().name);
    }
    if (record.Number() <= kLastKnown) return;
    library_.remarks.Add("records of a type that GDSII does not have are left out",
                         fmt::format("type 0x{:02x} at {}", record.Number(), record.Where()));
  }

  void TakeUnits(const GdsRecord& record) {
    const double metres = record.Real(1);
    if (!(metres >= 1e-15 && metres <= 1e-3)) {
      Fail("{}: the database unit is {:.6g} m; allowed are 1e-15 to 1e-3 m", record.Where(),
           metres);
    }
    library_.unit = metres * 1e6;
  }

  void TakeCellName(const GdsRecord& record) {
    RequireCell(record);
    const std::string name = record.Text();
    if (!names_.insert(name).second) {
      Fail("{}: there are two cells of the name {}; give one of them another name", record.Where(),
           name);
    }
    library_.cells.back().name = name;
  }

  void RequireCell(const GdsRecord& record) const {
    if (inside_) return;
    Fail("{}: an element or name stands outside of all cells; the file is damaged, write it again",
         record.Where());
  }

  std::string Place() const {
    const GdsPoint at = current_.points.empty() ? GdsPoint{} : current_.points.front();
    return fmt::format("cell {}, layer {}, at ({:.6g}, {:.6g}) um", library_.cells.back().name,
                       current_.layer.Text(), library_.Micrometres(at.x),
                       library_.Micrometres(at.y));
  }

  void FinishElement(const GdsRecord& record) {
    if (current_.kind == RecordType::Node) return;
    if (current_.points.empty()) {
      Fail("{}: an element of cell {} has no coordinates; the file is damaged, write it again",
           record.Where(), library_.cells.back().name);
    }
    GdsCell& cell = library_.cells.back();
    switch (current_.kind) {
      case RecordType::Path:
        return FinishPath(cell);
      case RecordType::Text:
        cell.labels.push_back({current_.layer, current_.points[0], current_.text});
        return;
      case RecordType::Reference:
      case RecordType::ArrayReference:
        return FinishReference(cell, record);
      default:
        cell.outlines.push_back({current_.layer, std::move(current_.points)});
    }
  }

  void FinishPath(GdsCell& cell) {
    const bool known = current_.path_type == 0 || current_.path_type == 1 ||
                       current_.path_type == 2 || current_.path_type == 4;
    if (!known) {
      library_.remarks.Add("paths of a type other than 0, 1, 2 and 4 get flush ends", Place());
    }
    cell.paths.push_back(
        {current_.layer, known ? static_cast<GdsPathEnd>(current_.path_type) : GdsPathEnd::Flush,
         current_.width, current_.begin, current_.end, std::move(current_.points)});
  }

  void FinishReference(GdsCell& cell, const GdsRecord& record) {
    GdsReference reference;
    reference.cell = current_.cell;
    reference.mirrored = current_.mirrored;
    reference.magnification = current_.magnification;
    reference.angle = current_.angle;
    reference.at = current_.points[0];
    if (!(current_.magnification > 0 && current_.magnification <= 1e6) ||
        !(std::abs(current_.angle) <= 1e6)) {
      Fail(
          "{}: cell {} holds cell {} with magnification {:.6g} and angle {:.6g} degrees, which is "
          "no placement; the file is damaged, write it again",
          record.Where(), cell.name, current_.cell, current_.magnification, current_.angle);
    }
    if (current_.kind == RecordType::ArrayReference) {
      const auto& p = current_.points;
      if (p.size() < 3 || current_.columns < 1 || current_.rows < 1) {
        Fail(
            "{}: cell {} holds an array of cell {} with {} columns, {} rows and {} points, where "
            "1 or more and 3 points are needed; the file is damaged, write it again",
            record.Where(), cell.name, current_.cell, current_.columns, current_.rows, p.size());
      }
      reference.columns = current_.columns;
      reference.rows = current_.rows;
      const auto step = [](double from, double to, int count) { return (to - from) / count; };
      reference.column_step[0] = step(p[0].x, p[1].x, current_.columns);
      reference.column_step[1] = step(p[0].y, p[1].y, current_.columns);
      reference.row_step[0] = step(p[0].x, p[2].x, current_.rows);
      reference.row_step[1] = step(p[0].y, p[2].y, current_.rows);
    }
    cell.references.push_back(std::move(reference));
  }

  GdsRecordStream stream_;
  GdsLibrary library_;
  std::set<std::string> names_;
  bool inside_ = false;   // of a cell
  bool element_ = false;  // within one
  Element current_;
};

}  // namespace

double GdsLibrary::Micrometres(double units) const {
  const double per_um = 1 / unit, whole = std::round(per_um);
  if (whole >= 1 && std::abs(per_um - whole) <= 1e-9 * whole) return units / whole;
  return units * unit;
}

int GdsLibrary::Find(const std::string& name) const {
  const auto found =
      std::find_if(cells.begin(), cells.end(), [&](const GdsCell& c) { return c.name == name; });
  return found == cells.end() ? -1 : static_cast<int>(found - cells.begin());
}

std::vector<std::string> GdsLibrary::TopCells() const {
  const auto notes = [](const GdsCell& cell) { return cell.name.rfind("$$$", 0) == 0; };
  std::set<std::string> held;
  for (const GdsCell& cell : cells) {
    if (notes(cell)) continue;
    for (const GdsReference& reference : cell.references) held.insert(reference.cell);
  }
  std::vector<std::string> top;
  for (const GdsCell& cell : cells) {
    if (!notes(cell) && held.count(cell.name) == 0) top.push_back(cell.name);
  }
  return top;
}

GdsLibrary ParseGds(const std::string& bytes, const std::string& path) {
  return Parser(bytes, path).Parse();
}

}  // namespace symwave::io
