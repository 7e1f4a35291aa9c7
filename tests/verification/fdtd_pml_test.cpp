// Reflectivity of the PML against its thickness: plane waves at several angles, and dipoles next to
// a PML compared with the same dipoles in a lattice whose walls are too far away to be felt.
#include "solvers/fdtd/dipole.hpp"
#include "tests/verification/fdtd_line.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using solvers::fdtd::Waveform;

constexpr double kCell = 0.05;  // 20 per wavelength
const std::vector<int> kThickness{5, 10, 15, 20};

/// |r| of the default PML in vacuum at a vacuum wavelength of 1 um.
double Reflection(int pml_cells, double degrees) {
  const double omega = 2 * M_PI;
  Line line;
  line.nodes = UniformNodes(0, kCell, 40 + 80 + pml_cells);
  line.ends[0].pml_cells = 40;
  line.ends[1].pml_cells = pml_cells;
  line.transverse_cell = kCell;
  line.transverse_wavenumber = omega * std::sin(degrees * M_PI / 180);
  line.layers = {{0, {"vacuum", 1, 0, {}}}};
  EngineOptions options;
  options.precision = Precision::Float64;
  const LineSpectra spectra =
      RunPulse(MPI_COMM_WORLD, line, 50, Waveform::Band(0.9, 1.1), {omega}, options, 1e-20);
  const double k = LatticeWavenumber(line, omega, spectra.dt, kCell, 1);
  const int quarter = static_cast<int>(0.5 * M_PI / (k * kCell));
  const TwoWaves waves = Separate(line, spectra.field[0], k, 70, 70 + quarter, line.nodes[120]);
  return std::abs(waves.backward / waves.forward);
}

// The grading alone would reflect 1e-8^cos(angle); what is measured is its discretisation, which
// falls as the layer gets thicker. Bounds: twice the measured values (solvers/fdtd/README.md), 5
// cells thrice, which also hold for a fourth-order grading.
TEST(PmlReflection, OfPlaneWavesFallsWithThickness) {
  const double bounds[] = {2e-2, 6e-5, 1.3e-5, 4e-6};
  const double degrees[] = {0, 30, 45};
  for (int a = 0; a < 3; ++a) {
    std::vector<double> reflection;
    for (const int cells : kThickness) reflection.push_back(Reflection(cells, degrees[a]));
    Report("PML, plane wave at %2.0f degrees: %.1e %.1e %.1e %.1e", degrees[a], reflection[0],
           reflection[1], reflection[2], reflection[3]);
    for (int n = 0; n < 4; ++n) EXPECT_LT(reflection[n], bounds[n]) << kThickness[n] << " cells";
  }
}

/// Record two cells from the corner of a square or cube of `inner` cells, in the middle of which a
/// dipole stands; the walls are `beyond` cells away, `pml` of them PML.
std::vector<double> DipoleRecord(FieldSet fields, int inner, int beyond, int pml, long steps) {
  const Axis axis = Axis::Uniform(kCell, inner + 2 * beyond);
  const std::array<AxisEnd, 2> ends{AxisEnd{Wall::Pec, pml}, AxisEnd{Wall::Pec, pml}};
  const Lattice lattice = fields == FieldSet::All ? Lattice({axis, axis, axis}, {ends, ends, ends})
                                                  : Lattice(fields, {axis, axis}, {ends, ends});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine =
      MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium({"vacuum", 1, 0, {}}), options);
  const Component c = fields == FieldSet::Hz ? Component::Hz : Component::Ez;
  const int z = fields == FieldSet::All ? 1 : 0;
  const int middle = beyond + inner / 2, corner = beyond + inner - 2;
  solvers::fdtd::Current current;
  current.signals = std::make_shared<solvers::fdtd::WaveformSignals>(Waveform::Band(0.7, 1.6),
                                                                     engine->TimeStep());
  current.entries.push_back({c,
                             {middle, middle, z * middle},
                             solvers::fdtd::WaveformSignals::RealPart(
                                 domain::IsElectric(c) ? solvers::fdtd::CurrentKind::Electric
                                                       : solvers::fdtd::CurrentKind::Magnetic),
                             1});
  engine->AddCurrent(current);
  const int probe = engine->AddProbe(c, {corner, corner, z * corner});
  engine->Advance(steps);
  return engine->Probe(probe);
}

/// Largest difference over the largest value.
double Deviation(const std::vector<double>& record, const std::vector<double>& reference) {
  double difference = 0, largest = 0;
  for (size_t n = 0; n < record.size(); ++n) {
    difference = std::max(difference, std::abs(record[n] - reference[n]));
    largest = std::max(largest, std::abs(reference[n]));
  }
  return difference / largest;
}

// The reference is far enough for light from the dipole to the wall and back to come too late: the
// leapfrog moves at most one cell per step, at this Courant number about 0.7 (2D), 0.55 (3D) cells.
TEST(PmlReflection, OfADipoleIn2DFallsWithThickness) {
  constexpr long kSteps = 600;
  for (const FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
    const auto reference = DipoleRecord(fields, 24, 240, 0, kSteps);
    std::vector<double> deviation;
    for (const int cells : kThickness) {
      deviation.push_back(Deviation(DipoleRecord(fields, 24, cells, cells, kSteps), reference));
    }
    Report("PML, %s dipole in 2D: %.1e %.1e %.1e %.1e", fields == FieldSet::Ez ? "Ez" : "Hz",
           deviation[0], deviation[1], deviation[2], deviation[3]);
    const double bounds[] = {4e-2, 1.5e-4, 3e-5, 1e-5};
    for (int n = 0; n < 4; ++n) EXPECT_LT(deviation[n], bounds[n]) << kThickness[n] << " cells";
  }
}

TEST(PmlReflection, OfADipoleIn3D) {
  constexpr long kSteps = 200;
  const auto reference = DipoleRecord(FieldSet::All, 12, 58, 0, kSteps);
  std::vector<double> deviation;
  for (const int cells : {5, 10}) {
    deviation.push_back(
        Deviation(DipoleRecord(FieldSet::All, 12, cells, cells, kSteps), reference));
  }
  Report("PML, Ez dipole in 3D: %.1e %.1e", deviation[0], deviation[1]);
  EXPECT_LT(deviation[0], 2e-2);
  EXPECT_LT(deviation[1], 5e-5);
}

}  // namespace
}  // namespace symwave::verification
