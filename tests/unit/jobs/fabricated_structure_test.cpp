// Fabrication errors in three dimensions: tops of films, side walls, outlines.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs {
namespace {

/// A strip 0.5 um wide between -0.11 and 0.11 um, 40 um long.
deck::DeviceOptions Strip() {
  deck::DeviceOptions options;
  options.grid.cell = {0.02, 0.02, 0.02};
  options.grid.size = {4, 2, 1};
  options.background = "oxide";
  options.materials["oxide"].index = 1.444;
  options.materials["core"].index = 3.476;
  deck::ShapeOptions strip;
  strip.geometry = domain::Box{{0, 0}, {40, 0.5}};
  strip.material = "core";
  strip.z = {{-0.11, 0.11}};
  options.shapes = {strip};
  return options;
}

double Area(const domain::StructureLayer& layer) {
  double area = 0;
  for (const domain::Region& region : layer.regions) {
    for (const domain::Polygon& contour : region.contours) {
      for (size_t k = 0; k < contour.size(); ++k) {
        const domain::Point p = contour[k], q = contour[(k + 1) % contour.size()];
        area += 0.5 * (p.x * q.y - q.x * p.y);
      }
    }
  }
  return area;
}

double WidthAt(const domain::Structure& structure, double z) {
  return Area(structure.LayerAt(z)) / 40;
}

TEST(FabricatedStructure, RaisesTopsAndGrowsOutlines) {
  domain::FabricationErrors errors;
  errors.thickness_bias = 0.01;
  errors.etch_bias = 0.004;
  const domain::Structure structure = device::FabricatedStructureOf(Strip(), errors);
  EXPECT_NEAR(WidthAt(structure, 0), 0.508, 2e-4);  // and 8 nm longer
  EXPECT_NEAR(WidthAt(structure, 0.119), 0.508, 2e-4);
  EXPECT_EQ(structure.LayerAt(0.121).regions.size(), 0U);
  EXPECT_EQ(structure.LayerAt(-0.111).regions.size(), 0U);
}

TEST(FabricatedStructure, InclinesSideWalls) {
  domain::FabricationErrors errors;
  errors.sidewall_bias = -5;
  const domain::Structure structure = device::FabricatedStructureOf(Strip(), errors);
  const double slope = std::tan(5 * M_PI / 180);
  for (const double z : {-0.1, 0.0, 0.1}) {
    // Steps of half a cell.
    EXPECT_NEAR(WidthAt(structure, z), 0.5 - 2 * slope * z, 2 * slope * 0.01);
  }
  EXPECT_LT(WidthAt(structure, 0.1), WidthAt(structure, -0.1) - 0.03);
}

TEST(FabricatedStructure, RoughensWallsTheSameAtAllHeights) {
  domain::FabricationErrors errors;
  errors.roughness = 0.005;
  errors.roughness_correlation = 0.05;
  const domain::Structure structure = device::FabricatedStructureOf(Strip(), errors);
  const domain::Polygon& contour = structure.LayerAt(0).regions.front().contours.front();
  double sum = 0, products = 0;
  long count = 0;
  for (const domain::Point& p : contour) {
    if (std::abs(p.x) > 15) continue;
    const double off = std::abs(p.y) - 0.25;
    sum += off * off;
    ++count;
    for (const domain::Point& q : contour) {
      if (q.y * p.y < 0 && std::abs(q.x - p.x) < 1e-3) products += off * (std::abs(q.y) - 0.25);
    }
  }
  ASSERT_GT(count, 2000);
  const double rms = std::sqrt(sum / static_cast<double>(count));
  EXPECT_NEAR(rms, 0.005, 0.0005);
  // The two walls of the strip know nothing of each other.
  EXPECT_LT(std::abs(products) / sum, 0.3);
}

// A correlation length beyond the chip makes the map of thicknesses a bias.
TEST(FabricatedStructure, ThicknessThatHardlyVariesIsABias) {
  for (const std::string polarization : {"Ez", "Hz"}) {
    const deck::Deck deck = deck::ReadDeck(MPI_COMM_SELF, "inputs/waveguide.yaml",
                                           {"grid.polarization=" + polarization});
    const device::Device device = device::BuildDevice(deck.options);
    domain::FabricationErrors local, bias;
    local.thickness_sigma = 0.002;
    local.thickness_correlation = 1e7;
    bias.thickness_bias = 0.002 * domain::ThicknessField(local)(0, 0);
    ASSERT_GT(std::abs(bias.thickness_bias), 2e-4);
    const domain::IndexBox middle{
        {device.lattice->Cells(0) / 2, 1, 0},
        {device.lattice->Cells(0) / 2 + 1, device.lattice->Cells(1) - 1, 1}};
    for (const domain::Component c :
         {domain::Component::Ex, domain::Component::Ey, domain::Component::Ez}) {
      if (!device.lattice->Has(c)) continue;
      const auto of = [&](const domain::FabricationErrors& errors) {
        return device::MediaAt(device, deck.options, 1.55, errors).sample(c, middle);
      };
      const auto found = of(local), wanted = of(bias), drawn = of({});
      double moved = 0;
      double off = 0;
      for (size_t k = 0; k < wanted.size(); ++k) {
        moved = std::max(moved, std::abs(wanted[k] - drawn[k]));
        off = std::max(off, std::abs(found[k] - wanted[k]));
      }
      EXPECT_LT(off, 5e-3 * moved);  // of second order in the thickness
      EXPECT_GT(moved, 2e-3);
    }
  }
}

TEST(FabricatedStructure, RefusesATopBesideAnInterface) {
  domain::FabricationErrors errors;
  errors.thickness_sigma = 0.002;
  deck::DeviceOptions options = Strip();
  device::FabricatedStructureOf(options, errors);
  deck::LayerOptions film;
  film.material = "oxide";  // in oxide
  film.z = {-0.11, 0.109};
  options.layers = {film};
  device::FabricatedStructureOf(options, errors);
  deck::ShapeOptions mesa = options.shapes.front();
  mesa.z = {{0.104, 0.3}};
  options.shapes.push_back(mesa);
  EXPECT_THROW(device::FabricatedStructureOf(options, errors), base::UserError);
  options.shapes.back().z = {{0.11, 0.3}};  // begins at the top
  device::FabricatedStructureOf(options, errors);
}

}  // namespace
}  // namespace symwave::jobs
