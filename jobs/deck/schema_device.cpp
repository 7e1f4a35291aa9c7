#include <algorithm>
#include <cmath>

#include "jobs/deck/schema_sections.hpp"
#include "jobs/deck/schema_shapes.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

Type<domain::Point> Point() {
  return PointOf<domain::Point>(Length());
}

/// "TE0", "TM1" ...
Type<SlabMaterial> SlabMode() {
  const io::LazySchema schema([] { return Json{{"type", "string"}, {"pattern", "^T[EM][0-9]$"}}; });
  TypeInfo info{"TE0, TE1 ... or TM0 ...", "", "", schema, nullptr};
  return {info,
          [](const DeckNode& node, const Context& context, SlabMaterial& slab) {
            RequireScalar(node, context, "a mode such as TE0");
            const std::string& text = node.text;
            const bool polarized = text.compare(0, 2, "TE") == 0 || text.compare(0, 2, "TM") == 0;
            if (text.size() != 3 || !polarized || text[2] < '0' || text[2] > '9') {
              FailAt(node, context,
                     fmt::format("\"{}\" is not a mode of a slab; write TE0, TE1 ... or TM0 ...",
                                 text));
            }
            slab.magnetic = text[1] == 'M';
            slab.order = text[2] - '0';
          },
          [](const SlabMaterial& slab) {
            return Json((slab.magnetic ? "TM" : "TE") + std::to_string(slab.order));
          }};
}

Section<SlabMaterial> SlabSection() {
  return Section<SlabMaterial>("Effective index of a guided mode of a film between two media.")
      .Key("thickness", &SlabMaterial::thickness, Length(Positive()), "Thickness of the film.",
           Need::Required)
      .Key("film", &SlabMaterial::film, Text(), "Si, SiO2, Si3N4 or the name of another material.",
           Need::Required)
      .Key("below", &SlabMaterial::below, Text(), "The same for the medium below.", Need::Required)
      .Key("above", &SlabMaterial::above, Text(), "The same for the medium above.", Need::Required)
      .Key("mode", kSelf, SlabMode(), "The guided mode.");
}

/// A guide between two points.
template <class G>
Section<G> FromTo(const std::string& sentence) {
  return Section<G>(sentence)
      .Key("from", &G::from, Point(), "Start, [x, y].", Need::Required)
      .Key("to", &G::to, Point(), "End, [x, y].", Need::Required);
}

void AddSolids(Variants<ShapeOptions>& shapes) {
  using domain::Box;
  using domain::Circle;
  using domain::FreePolygon;
  using domain::Ring;
  const auto angle = Real(Unit::Degree);
  AddShape(shapes, "box",
           Section<Box>("Axis-parallel box.")
               .Key("centre", &Box::centre, Point(), "Centre, [x, y].", Need::Required)
               .Key("size", &Box::size, ArrayOf<double, 2>(Length(Positive())),
                    "Extent along x and y.", Need::Required));
  AddShape(shapes, "polygon",
           Section<FreePolygon>("Polygon that does not cross itself.")
               .Key("points", &FreePolygon::points, ListOf(Point(), 3), "Corners in order.",
                    Need::Required));
  AddShape(shapes, "circle",
           Section<Circle>("Disc.")
               .Key("centre", &Circle::centre, Point(), "Centre, [x, y].", Need::Required)
               .Key("radius", &Circle::radius, Length(Positive()), "Radius.", Need::Required));
  AddShape(
      shapes, "ring",
      Section<Ring>("Ring, or a part of it.")
          .Key("centre", &Ring::centre, Point(), "Centre, [x, y].", Need::Required)
          .Key("radius", &Ring::radius, Length(Positive()), "Radius of the centre line.",
               Need::Required)
          .Key("width", &Ring::width, Length(Positive()), "Width of the guide.", Need::Required)
          .Key("start_angle", &Ring::start_angle, angle, "Start, from the x axis.")
          .Key("end_angle", &Ring::end_angle, angle, "End, counter-clockwise from there."));
}

void AddGuides(Variants<ShapeOptions>& shapes) {
  using domain::Bend;
  using domain::SBend;
  using domain::Straight;
  using domain::Taper;
  const auto width = Length(Positive());
  const auto angle = Real(Unit::Degree);
  AddShape(shapes, "straight",
           FromTo<Straight>("Straight guide.")
               .Key("width", &Straight::width, width, "Width of the guide.", Need::Required));
  AddShape(shapes, "taper",
           FromTo<Taper>("Guide whose width changes linearly.")
               .Key("start_width", &Taper::start_width, width, "Width at `from`.", Need::Required)
               .Key("end_width", &Taper::end_width, width, "Width at `to`.", Need::Required));
  AddShape(
      shapes, "s_bend",
      FromTo<SBend>("S-bend along x with a raised-cosine centre line.")
          .Key("width", &SBend::width, width, "Width across the centre line.", Need::Required));
  AddShape(shapes, "bend",
           Section<Bend>("Circular bend.")
               .Key("from", &Bend::from, Point(), "Start, [x, y].", Need::Required)
               .Key("heading", &Bend::heading, angle, "Direction at the start, from the x axis.")
               .Key("turn", &Bend::turn, angle, "Angle of the turn, to the left when positive.")
               .Key("radius", &Bend::radius, Length(Positive()), "Radius of the centre line.",
                    Need::Required)
               .Key("width", &Bend::width, width, "Width of the guide.", Need::Required));
}

Section<domain::Segment> SegmentSection() {
  using domain::Segment;
  return Section<Segment>("A stretch of guide whose index is changed.")
      .Key("length", &Segment::length, Length(Positive()), "Length along x.")
      .Key("width", &Segment::width, Length(Positive()), "Width along y.")
      .Key("switching", &Segment::switching, Length(Positive()),
           "Length over which the index change rises and falls, at most half the length.");
}

Section<domain::Circle> HoleSection() {
  using domain::Circle;
  return Section<Circle>("A hole in every multimode section, and its mirror image.")
      .Key("centre", &Circle::centre, Point(), "Centre, relative to that of the section.",
           Need::Required)
      .Key("radius", &Circle::radius, Length(Positive()), "Radius.", Need::Required);
}

}  // namespace

Type<std::complex<double>> ComplexNumber(const std::string& parts) {
  return ComplexOf(Real(Unit::One), parts);
}

Type<std::complex<double>> ComplexOf(const Type<double>& real, const std::string& parts) {
  const auto pair = ArrayOf<double, 2>(real);
  TypeInfo info = real.info;
  info.text = "real or " + parts;
  info.json = AnyOf({real.info.json, pair.info.json});
  return {info,
          [real, pair](const DeckNode& node, const Context& context, std::complex<double>& value) {
            std::array<double, 2> values{0, 0};
            if (node.kind == DeckNode::Kind::List) {
              pair.read(node, context, values);
            } else {
              real.read(node, context, values[0]);
            }
            value = {values[0], values[1]};
          },
          [pair](const std::complex<double>& value) {
            return pair.write({value.real(), value.imag()});
          }};
}

Type<std::complex<double>> ComplexRate() {
  // Rates of light are at most some 1e3 / um; larger bare numbers are in another unit.
  return ComplexOf(Real(Unit::InverseMicrometre, Between(-1e5, 1e5)), "[re, im]");
}

Section<PoleResidueMaterial> PoleResidueSection() {
  const auto pair =
      Section<PoleResidue>("c / (s - a) + conjugate, s = d/dt: -i w here, j w for exp(+j w t).")
          .Key("a", &PoleResidue::pole, ComplexRate(),
               "Pole; its real part is <= 0, else the medium grows in time.", Need::Required)
          .Key("c", &PoleResidue::residue, ComplexRate(), "Residue.", Need::Required);
  return Section<PoleResidueMaterial>("epsilon + the sum of complex-conjugate pole-residue pairs.")
      .Key("epsilon", &PoleResidueMaterial::epsilon, Real(Unit::One, Positive()),
           "Permittivity far above all poles.")
      .Key("pairs", &PoleResidueMaterial::pairs, ListOf(pair.AsType(), 1), "The pairs.",
           Need::Required);
}

namespace {

/// `index` or `epsilon`: a number, two for a lossy medium, three for an anisotropic one.
Type<MaterialOptions> ConstantOrDiagonal(bool index) {
  const auto number = ComplexNumber(index ? "[n, k]" : "[re, im]");
  const auto diagonal = ArrayOf<double, 3>(Real(Unit::One, Positive()));
  TypeInfo info = number.info;
  info.text += " or " + std::string(index ? "[nx, ny, nz]" : "[x, y, z]");
  info.json = AnyOf({number.info.json, diagonal.info.json});
  return {info,
          [=](const DeckNode& node, const Context& context, MaterialOptions& material) {
            auto& constant = index ? material.index : material.epsilon;
            constant.reset();
            if (node.kind == DeckNode::Kind::Null) return;
            if (node.kind != DeckNode::Kind::List || node.items.size() != 3) {
              return number.read(node, context, constant.emplace());
            }
            std::array<double, 3> values{};
            diagonal.read(node, context, values);
            constant = *std::max_element(values.begin(), values.end());
            for (double& value : values) value *= index ? value : 1;
            material.diagonal = values;
          },
          [=](const MaterialOptions& material) {
            const auto& constant = index ? material.index : material.epsilon;
            if (!constant || !material.diagonal) return constant ? number.write(*constant) : Json();
            std::array<double, 3> values = *material.diagonal;
            for (double& value : values) value = index ? std::sqrt(value) : value;
            return diagonal.write(values);
          }};
}

}  // namespace

Section<MaterialOptions> MaterialSection() {
  const auto slab = Maybe(SlabSection().AsType());
  return Section<MaterialOptions>("A material.")
      .Key("model", &MaterialOptions::model, Text(),
           "Built-in dispersion fit: Si, SiO2, Si3N4, Au, Ag.")
      .Key("index", kSelf, ConstantOrDiagonal(true),
           "Refractive index n + i k, k > 0 absorbs; in time domain passive poles over a band, and "
           "exact at one wavelength. Three numbers: along x, y and z, without loss.")
      .Key("epsilon", kSelf, ConstantOrDiagonal(false),
           "Relative permittivity, im > 0 absorbs; see index.")
      .Key("slab", &MaterialOptions::slab, slab, "Effective index of a layer stack.")
      .Key("poles", &MaterialOptions::poles, Maybe(PoleMaterialSection().AsType()),
           "Dispersive permittivity from Lorentz and Drude poles.")
      .Key(
          "table", [](auto& material) -> auto& { return material.table.file; }, Path(),
          "File of wavelength, frequency or energy and n, k, also as refractiveindex.info writes "
          "it; "
          "relative to the deck. Interpolated; in time domain passive poles through it.")
      .Key("pole_residue", &MaterialOptions::pole_residue, Maybe(PoleResidueSection().AsType()),
           "Complex-conjugate pole-residue pairs; in time domain passive poles through them.")
      .Key("fit_tolerance", &MaterialOptions::fit_tolerance, Real(Unit::One, Positive()),
           "Time domain: error of n + i k of the poles through a table, pole_residue or a constant "
           "with loss, in the deck's band, beyond which the deck is refused.")
      .Key("constant_within", &MaterialOptions::constant_within,
           Maybe(Real(Unit::One, {0, 0.1, true, false})),
           "Time domain: a medium whose index changes less than this in the deck's band, relative "
           "to the middle of it, is computed as a constant, which is faster.")
      .ExactlyOneOf({"model", "index", "epsilon", "slab", "poles", "table", "pole_residue"})
      .Where(&MaterialOptions::where);
}

Variants<ShapeOptions> ShapeVariants() {
  Variants<ShapeOptions> shapes("type", "A shape seen from above, or a body.");
  AddSolids(shapes);
  AddGuides(shapes);
  AddCurvedGuides(shapes);
  AddBodies(shapes);
  return shapes;
}

/// The section, or nothing.
Type<std::optional<BendOptions>> BendType() {
  const auto section =
      Section<BendOptions>("The guide at the port runs along a circle.")
          .Key("radius", &BendOptions::radius, Length(Positive()), "Radius of the guide's middle.",
               Need::Required)
          .Key("towards", kSelf, AxisDirection<BendOptions>(),
               "Where the centre of the circle lies, seen from the port: across it.",
               Need::Required);
  return {
      section.AsType().info,
      [section](const DeckNode& node, const Context& context, std::optional<BendOptions>& bend) {
        section.Read(node, context, bend.emplace());
      },
      [section](const std::optional<BendOptions>& bend) {
        return bend ? section.Write(*bend) : Json();
      }};
}

Section<PortOptions> PortSection() {
  return Section<PortOptions>("A line across a guide, in 3D a rectangle.")
      .Key("name", &PortOptions::name, Text(), "Its name in the results.", Need::Required)
      .Key("at", &PortOptions::at, Position(),
           "Centre of the plane that S refers to, in the guide that is meant: [x, y] or [x, y, z].",
           Need::Required)
      .Key("faces", kSelf, AxisDirection<PortOptions>(), "Direction into the device.",
           Need::Required)
      .Key("span", &PortOptions::span, OneOrListOf(Length(Positive()), 1, 2),
           "Length of the line; in 3D both sides of the rectangle, in the order of the axes.",
           Need::Required)
      .Key("modes", &PortOptions::modes, ModeChoices(), kModesHelp)
      .Key("bend", &PortOptions::bend, BendType(),
           "Of a port in a bend: its modes are those of the bent guide, which is drawn on behind "
           "it.")
      .Where(&PortOptions::where);
}

Section<domain::BlockChip> ChipSection() {
  using domain::BlockChip;
  const auto positive = Length(Positive());
  return Section<BlockChip>("[core | mask | core ...]: a symmetric block, or a cascade of masks.")
      .Key("material", &BlockChip::material, Text(), "Material of the guides and cores.")
      .Key("ports", &BlockChip::ports, Integer<int>(1, 256), "Guides on each side.")
      .Key("masks", &BlockChip::masks, Integer<int>(1, 64), "Masks of phase shifters.")
      .Key("guide_width", &BlockChip::guide_width, positive, "Width of the guides.")
      .Key("pitch", &BlockChip::pitch, positive, "Distance of the guides.")
      .Key("taper_length", &BlockChip::taper_length, positive, "Length of the tapers.")
      .Key("taper_width", &BlockChip::taper_width, positive, "Their width at the core.")
      .Key("core_width", &BlockChip::core_width, positive, "Width of the multimode sections.")
      .Key("core_length", &BlockChip::core_length, positive, "Length of the multimode sections.")
      .Key("hole_material", &BlockChip::hole_material, Text(),
           "Material in the holes; left out: the background.")
      .Key("holes", &BlockChip::holes, ListOf(HoleSection().AsType()),
           "Holes in the multimode sections.")
      .Key("lead", &BlockChip::lead, positive, "Guides between the grid's end and the tapers.")
      .Key("segment", &BlockChip::segment, SegmentSection().AsType(), "The phase shifters.")
      .Key("segment_gap", &BlockChip::segment_gap, Length(AtLeast(0)),
           "Plain guide on both sides of a phase shifter.")
      .Key("attenuators", &BlockChip::attenuators, Bool(),
           "Every phase shifter is an attenuator, too.");
}

Section<domain::FabricationErrors> FabricationSection() {
  using domain::FabricationErrors;
  const auto correlation = Length(Positive());
  return Section<FabricationErrors>("What fabrication changes; the model does not know it.")
      .Key("thickness_bias", &FabricationErrors::thickness_bias, Length(),
           "Added to the film of every slab material and, in 3D, to the top of every shape that "
           "ends in one; the same everywhere.")
      .Key("etch_bias", &FabricationErrors::etch_bias, Length(),
           "Growth of every outline on each side; the same everywhere.")
      .Key("sidewall_bias", &FabricationErrors::sidewall_bias, Real(Unit::Degree),
           "3D: added to the angle of every side wall; the same everywhere.")
      .Key("roughness", &FabricationErrors::roughness, Length(AtLeast(0)),
           "Rms displacement of the outlines; local.")
      .Key("roughness_correlation", &FabricationErrors::roughness_correlation, correlation,
           "Correlation length of the roughness.")
      .Key("thickness_sigma", &FabricationErrors::thickness_sigma, Length(AtLeast(0)),
           "Rms of the film's thickness over the chip, of what thickness_bias is added to; local.")
      .Key("thickness_correlation", &FabricationErrors::thickness_correlation, correlation,
           "Correlation length of the thickness.")
      .Key("index_sigma", &FabricationErrors::index_sigma, Real(Unit::One, AtLeast(0)),
           "Rms error of the core's index; local.")
      .Key("index_correlation", &FabricationErrors::index_correlation, correlation,
           "Correlation length of the index error.")
      .Key("seed", &FabricationErrors::seed, Seed(), "Which chip of the wafer.");
}

Section<training::ActuatorErrors> DriveSection() {
  using training::ActuatorErrors;
  return Section<ActuatorErrors>("Errors of phase shifters and detectors, unknown to the trainer.")
      .Key("gain_sigma", &ActuatorErrors::gain_sigma, Real(Unit::One, AtLeast(0)),
           "Rms relative error of every phase per command.")
      .Key("offset_range", &ActuatorErrors::offset_range, Real(Unit::Radian, AtLeast(0)),
           "Phase offsets are uniform within plus or minus this.")
      .Key("crosstalk", &ActuatorErrors::crosstalk, Real(Unit::One, {0, 1, false, true}),
           "Share of a heater's phase that heat takes to the nearest other one; it falls "
           "exponentially with the distance of two. Unlike the spread of elements the model does "
           "not have it.")
      .Key("seed", &ActuatorErrors::drive_seed, Seed(), "Which gains and offsets.")
      .Key("detection_noise", &ActuatorErrors::detection_noise, Real(Unit::One, AtLeast(0)),
           "Rms per quadrature, relative to sqrt(launched power / ports).")
      .Key("noise_seed", &ActuatorErrors::noise_seed, Seed(), "Which noise.");
}

}  // namespace symwave::jobs::deck
