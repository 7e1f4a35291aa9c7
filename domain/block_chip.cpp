#include "domain/block_chip.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kOverrun = 5;       // um that the outer guides run on, through the PML
constexpr double kPortInside = 0.5;  // um from the inner edge of the PML to a port
constexpr double kMargin = 1;        // um of cladding beside the widest part

void RequirePositive(double value, const char* what) {
  if (!(value > 0) || !std::isfinite(value)) {
    base::Fail("{} is {} um, but must be positive", what, value);
  }
}

void CheckHoles(const BlockChip& chip) {
  for (const Circle& hole : chip.holes) {
    RequirePositive(hole.radius, "the radius of a hole");
    if (!(std::abs(hole.centre.x) + hole.radius <= 0.5 * chip.core_length) ||
        !(std::abs(hole.centre.y) + hole.radius <= 0.5 * chip.core_width)) {
      base::Fail(
          "the hole at [{}, {}] um with radius {} um leaves the multimode section, which is "
          "{} um long and {} um wide about its centre",
          hole.centre.x, hole.centre.y, hole.radius, chip.core_length, chip.core_width);
    }
  }
}

void CheckGuides(const BlockChip& chip) {
  if (chip.guide_width >= chip.pitch) {
    base::Fail("guides {} um wide overlap on a pitch of {} um (guide_width must be below pitch)",
               chip.guide_width, chip.pitch);
  }
  if (chip.taper_width > chip.pitch) {
    base::Fail("tapers {} um wide overlap on a pitch of {} um (taper_width must not exceed pitch)",
               chip.taper_width, chip.pitch);
  }
  const double needed = (chip.ports - 1) * chip.pitch + chip.taper_width;
  if (needed > chip.core_width * (1 + 1e-12)) {
    base::Fail("{} tapers on a pitch of {} um need a core_width of at least {} um, not {} um",
               chip.ports, chip.pitch, needed, chip.core_width);
  }
}

void CheckSegment(const BlockChip& chip) {
  const Segment& s = chip.segment;
  RequirePositive(s.length, "the length of a segment");
  RequirePositive(s.width, "the width of a segment");
  if (!(s.switching >= 0) || 2 * s.switching > s.length) {
    base::Fail(
        "a segment of {} um cannot switch on and off over {} um each (switching must be at "
        "most half its length)",
        s.length, s.switching);
  }
  if (s.width > chip.pitch) {
    base::Fail("segments {} um wide overlap on a pitch of {} um", s.width, chip.pitch);
  }
  if (!(chip.segment_gap >= 0) || !std::isfinite(chip.segment_gap)) {
    base::Fail("segment_gap is {} um, but must not be negative", chip.segment_gap);
  }
}

void Check(const BlockChip& chip) {
  if (chip.ports < 1) base::Fail("ports is {}, but a chip needs at least 1", chip.ports);
  if (chip.masks < 1) base::Fail("masks is {}, but a chip needs at least 1", chip.masks);
  RequirePositive(chip.guide_width, "guide_width");
  RequirePositive(chip.pitch, "pitch");
  RequirePositive(chip.taper_length, "taper_length");
  RequirePositive(chip.taper_width, "taper_width");
  RequirePositive(chip.core_width, "core_width");
  RequirePositive(chip.core_length, "core_length");
  if (!(chip.lead > kPortInside) || !std::isfinite(chip.lead)) {
    base::Fail("lead is {} um, but must exceed {} um, where the ports stand", chip.lead,
               kPortInside);
  }
  CheckGuides(chip);
  CheckSegment(chip);
  CheckHoles(chip);
}

/// Builds the chip from positions at x >= 0 and their negatives, so that it is mirror-symmetric
/// about x = 0 to the last bit.
class Builder {
 public:
  Builder(const BlockChip& chip, const std::string& background)
      : chip_(chip),
        hole_material_(chip.hole_material.empty() ? background : chip.hole_material),
        core_half_(0.5 * chip.core_length + chip.taper_length),
        mask_half_(0.5 * chip.segment.length + chip.segment_gap) {
    for (int p = 0; p < chip.ports; ++p) {
      guides_.push_back((0.5 * (chip.ports - 1) - p) * chip.pitch);
    }
  }

  BlockLayout Build() {
    std::vector<double> cores, masks;  // centres at x >= 0
    const double edge = PlaceSections(cores, masks);
    layout_.size = {2 * (edge + chip_.lead),
                    std::max(chip_.core_width, chip_.ports * chip_.pitch) + 2 * kMargin};
    for (double x : BothSides(cores)) AddCore(x);
    for (double x : BothSides(masks)) AddMask(x);
    AddLeads(edge);
    for (double x : BothSides(cores)) AddHoles(x);
    AddPorts(edge + chip_.lead - kPortInside);
    return std::move(layout_);
  }

 private:
  /// Cores and masks alternate outwards from the middle and end with a core; returns its end.
  double PlaceSections(std::vector<double>& cores, std::vector<double>& masks) const {
    bool core = chip_.masks % 2 == 0;
    double edge = 0;
    for (int k = 0; k <= chip_.masks; ++k) {
      const double half = core ? core_half_ : mask_half_;
      const double centre = k == 0 ? 0 : edge + half;
      (core ? cores : masks).push_back(centre);
      edge = centre + half;
      core = !core;
    }
    return edge;
  }

  /// All sections from left to right.
  static std::vector<double> BothSides(const std::vector<double>& centres) {
    std::vector<double> all;
    for (auto x = centres.rbegin(); x != centres.rend(); ++x) {
      if (*x > 0) all.push_back(-*x);
    }
    all.insert(all.end(), centres.begin(), centres.end());
    return all;
  }

  void Add(const ShapeGeometry& geometry, const std::string& material) {
    layout_.shapes.push_back({geometry, material, "chip"});
  }

  void AddCore(double x) {
    Add(Box{{x, 0}, {chip_.core_length, chip_.core_width}}, chip_.material);
    for (double y : guides_) {
      for (double side : {-1.0, 1.0}) {
        const double wide = x + side * 0.5 * chip_.core_length;
        const double narrow = x + side * core_half_;
        Add(Taper{{narrow, y}, {wide, y}, chip_.guide_width, chip_.taper_width}, chip_.material);
      }
    }
  }

  void AddMask(double x) {
    const double half = 0.5 * chip_.segment.length;
    layout_.strips.push_back({x - half, x + half});
    for (double y : guides_) {
      Add(Straight{{x - mask_half_, y}, {x + mask_half_, y}, chip_.guide_width}, chip_.material);
      Segment segment = chip_.segment;
      segment.centre = {x, y};
      layout_.segments.push_back(segment);
    }
  }

  void AddLeads(double edge) {
    const double end = edge + chip_.lead + kOverrun;
    for (double y : guides_) {
      Add(Straight{{-end, y}, {-edge, y}, chip_.guide_width}, chip_.material);
      Add(Straight{{edge, y}, {end, y}, chip_.guide_width}, chip_.material);
    }
  }

  void AddHoles(double x) {
    for (const Circle& hole : chip_.holes) {
      Add(Circle{{x + hole.centre.x, hole.centre.y}, hole.radius}, hole_material_);
      if (hole.centre.x == 0) continue;
      Add(Circle{{x - hole.centre.x, hole.centre.y}, hole.radius}, hole_material_);
    }
  }

  PlanePort PortAt(const std::string& name, double x, double y, Direction faces) const {
    return {name, {x, y, 0}, faces, {chip_.pitch, chip_.pitch}, {0}, "chip"};
  }

  void AddPorts(double x) {
    for (int p = 0; p < chip_.ports; ++p) {
      const std::string number = std::to_string(p + 1);
      layout_.inputs.push_back(PortAt("in" + number, -x, guides_[p], Direction::PlusX));
      layout_.outputs.push_back(PortAt("out" + number, x, guides_[p], Direction::MinusX));
    }
  }

  const BlockChip& chip_;
  std::string hole_material_;
  double core_half_;
  double mask_half_;
  std::vector<double> guides_;  // y from top to bottom
  BlockLayout layout_;
};

}  // namespace

BlockLayout MakeBlockLayout(const BlockChip& chip, const std::string& background) {
  Check(chip);
  return Builder(chip, background).Build();
}

}  // namespace symwave::domain
