// Sources on mirror planes against the whole problem: identities that hold to rounding. And the
// flux through a face, which is the one that the lattice conserves.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Medium;
using domain::Stagger;
using domain::Wall;
using namespace solvers::fdtd;
using Ends = std::array<AxisEnd, 2>;

const Medium kVacuum{"vacuum", 1, 0, {}};
constexpr AxisEnd kOpen{Wall::Pec, 8};

Axis Between(double cell, int first, int last) {
  std::vector<double> nodes;
  for (int i = first; i <= last; ++i) nodes.push_back(i * cell);
  return Axis(nodes);
}

/// A lattice with a node at 0 of every axis, of which one half along `axis` may be left out.
struct Halves {
  FieldSet fields = FieldSet::Ez;
  int axis = 0;
  Wall wall = Wall::Pmc;
  int side = 0;  ///< 0: the wall is the low end of the half
  double cell = 0.1;
  std::array<int, 3> reach{24, 20, 20};  ///< cells on each side of 0

  Lattice Make(bool whole) const {
    std::vector<Axis> axes;
    std::vector<Ends> ends;
    for (int d = 0; d < 3; ++d) {
      const bool cut = d == axis && !whole;
      axes.push_back(
          Between(cell, cut && side == 0 ? 0 : -reach[d], cut && side == 1 ? 0 : reach[d]));
      ends.push_back({kOpen, kOpen});
      if (cut) ends[d][side] = {wall, 0};
    }
    if (fields == FieldSet::All) {
      return Lattice({axes[0], axes[1], axes[2]}, {ends[0], ends[1], ends[2]});
    }
    return Lattice(fields, {axes[0], axes[1]}, {ends[0], ends[1]});
  }
};

using MakeCurrents = std::function<std::vector<Current>(const Engine&, bool whole)>;

DftBlock RunAll(const Lattice& lattice, const MakeCurrents& make, bool whole, int steps) {
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_SELF, lattice, domain::UniformMedium(kVacuum), options);
  for (const Current& current : make(*engine, whole)) engine->AddCurrent(current);
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  const int monitor = engine->AddDft({lattice.InsidePml(), components, {2 * M_PI}, 1});
  engine->Advance(steps);
  return engine->Dft(monitor);
}

/// Largest difference of the transforms in the half from those of the whole, over the largest
/// value. Both run on one rank; those of E and H have the same size in vacuum.
double Difference(const Halves& halves, const MakeCurrents& make, int steps) {
  const Lattice half = halves.Make(false);
  const DftBlock of_half = RunAll(half, make, false, steps);
  const DftBlock of_whole = RunAll(halves.Make(true), make, true, steps);
  const int shift = halves.side == 0 ? halves.reach[halves.axis] : 0;
  double difference = 0, largest = 0;
  for (int c = 0; c < static_cast<int>(of_half.components.size()); ++c) {
    const IndexBox& box = of_half.box;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          std::array<int, 3> p{i, j, k};
          const bool beyond =
              half.StaggerOf(of_half.components[c], halves.axis) == Stagger::Centre &&
              p[halves.axis] >= half.Cells(halves.axis);
          if (beyond) continue;
          const Complex value = of_half.At(c, 0, i, j, k);
          p[halves.axis] += shift;
          difference = std::max(difference, std::abs(value - of_whole.At(c, 0, p[0], p[1], p[2])));
          largest = std::max(largest, std::abs(value));
        }
      }
    }
  }
  EXPECT_GT(largest, 0);
  return difference / largest;
}

/// A dipole at `offset` cells in front of the plane; in the whole with its image unless on it.
double DipoleDifference(const Halves& halves, Component c, double offset,
                        DipolePlacement placement) {
  const auto make = [&](const Engine& engine, bool whole) {
    Dipole dipole;
    dipole.component = c;
    dipole.placement = placement;
    dipole.position = {0.03, -0.02, 0.04};
    dipole.position[halves.axis] = (halves.side == 0 ? 1 : -1) * offset * halves.cell;
    dipole.waveform = Waveform::Pulse(2 * M_PI, 0.3);
    std::vector<Current> currents;
    for (int image = 0; image < (whole && offset > 0 ? 2 : 1); ++image) {
      currents.push_back(DipoleCurrent(engine.Lattice(), engine.TimeStep(), engine.Held(), dipole));
      dipole.position[halves.axis] *= -1;
    }
    return currents;
  };
  return Difference(halves, make, halves.fields == FieldSet::All ? 120 : 200);
}

TEST(DipoleOnAMirrorPlane, HalfModelIsTheWholeProblem) {
  struct Case {
    FieldSet fields;
    Wall wall;
    Component component;  ///< with the parity of the wall: even
  };
  for (const Case& given :
       {Case{FieldSet::Ez, Wall::Pmc, Component::Ez}, Case{FieldSet::Ez, Wall::Pmc, Component::Hx},
        Case{FieldSet::Ez, Wall::Pec, Component::Hy}, Case{FieldSet::Hz, Wall::Pmc, Component::Ey},
        Case{FieldSet::Hz, Wall::Pec, Component::Ex}, Case{FieldSet::Hz, Wall::Pec, Component::Hz},
        Case{FieldSet::All, Wall::Pmc, Component::Ez},
        Case{FieldSet::All, Wall::Pec, Component::Ex}}) {
    for (int side = 0; side < 2; ++side) {
      Halves halves{given.fields, 0, given.wall, side};
      if (given.fields == FieldSet::All) halves.reach = {16, 14, 14};
      for (const double offset : {0.0, 0.3, 1.7}) {
        EXPECT_LT(DipoleDifference(halves, given.component, offset, DipolePlacement::Spread), 1e-12)
            << domain::NameOf(given.component) << ", side " << side << ", offset " << offset;
      }
    }
  }
  // On nodes, the nearest point of a dipole within half a cell is on the plane.
  EXPECT_LT(DipoleDifference({}, Component::Ez, 0, DipolePlacement::Nearest), 1e-12);
}

GaussianBeam BeamAlongX(const Halves& halves) {
  GaussianBeam beam;
  beam.position = -1;
  beam.waist = 0.6;
  beam.electric = {0, 0, 0};
  beam.electric[halves.fields == FieldSet::Ez ? 2 : 1] = 1;
  beam.waveform = Waveform::Pulse(2 * M_PI, 0.1);
  // Waves of more than 1.2 um, which the pulse holds, are not looked at.
  beam.band = {0.9 * 2 * M_PI, 1.1 * 2 * M_PI};
  return beam;
}

Current BeamOn(const Lattice& lattice, const GaussianBeam& beam) {
  GaussianBeam later = beam;
  later.waveform = beam.waveform.Delayed(GaussianBeamLead(lattice, 0.05, beam));
  return GaussianBeamCurrent(lattice, 0.05, lattice.AllPoints(), later);
}

TEST(BeamOnAMirrorPlane, HalfModelIsTheWholeProblem) {
  for (const FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
    for (int side = 0; side < 2; ++side) {
      const Wall wall = fields == FieldSet::Ez ? Wall::Pmc : Wall::Pec;
      const Halves halves{fields, 1, wall, side, 0.1, {24, 32, 1}};
      const auto make = [&](const Engine& engine, bool whole) {
        GaussianBeam beam = BeamAlongX(halves);
        beam.waveform =
            beam.waveform.Delayed(GaussianBeamLead(engine.Lattice(), engine.TimeStep(), beam));
        // Within half a cell: moved onto the plane.
        if (!whole) beam.focus[1] = side == 0 ? 0.03 : -0.03;
        return std::vector<Current>{
            GaussianBeamCurrent(engine.Lattice(), engine.TimeStep(), engine.Held(), beam)};
      };
      EXPECT_LT(Difference(halves, make, 400), 1e-11)
          << "fields " << static_cast<int>(fields) << ", side " << side;
    }
  }
}

/// The sentence of the refusal, empty where there is none.
std::string Refusal(const Halves& halves, const GaussianBeam& beam) {
  try {
    BeamOn(halves.Make(false), beam);
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(BeamOnAMirrorPlane, RefusesWhatThePlaneDoesNotMirrorIntoItself) {
  const Halves halves{FieldSet::Ez, 1, Wall::Pmc, 0, 0.1, {24, 32, 1}};
  GaussianBeam beam = BeamAlongX(halves);
  EXPECT_EQ(Refusal(halves, beam), "");
  beam.focus[1] = 0.3;
  EXPECT_NE(Refusal(halves, beam).find("low end is a mirror plane"), std::string::npos);
  beam.focus[1] = 0;
  beam.towards = {1, 0.1, 0};
  EXPECT_NE(Refusal(halves, beam).find("let the beam run along it"), std::string::npos);
  Halves electric = halves;
  electric.wall = Wall::Pec;
  EXPECT_NE(Refusal(electric, BeamAlongX(electric)).find("PEC"), std::string::npos);
}

struct Fluxes {
  double behind, before, ahead,
      unit;  ///< unit: 1/2 |E|^2 of the incident wave times the width of the face
};

/// A pulse from a plane across a periodic lattice of 20 cells per wavelength, onto a film.
Fluxes FluxesThroughFilm(double film_eps) {
  const double cell = 0.05;
  const Ends open{AxisEnd{Wall::Pec, 20}, AxisEnd{Wall::Pec, 20}};
  const Ends periodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};
  const Lattice lattice(FieldSet::Ez, {Axis::Uniform(cell, 120), Axis::Uniform(cell, 2)},
                        {open, periodic});
  domain::MediumMap media = domain::UniformMedium(kVacuum);
  media.sample = [&](Component c, const IndexBox& box) {
    domain::MediumBlock block{box, {}, {}, {}};
    for (long n = 0; n < box.Count(); ++n) {
      const int i = box.lo[0] + static_cast<int>(n % box.Extent(0));
      block.eps.push_back(std::abs(lattice.Position(c, 0, i)) < 0.32 ? film_eps : 1.0);
    }
    return block;
  };
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  PlaneWave wave;
  wave.lo[0] = -1.5;
  wave.waveform = Waveform::Pulse(2 * M_PI, 0.15, 1e-10);
  const double dt = engine->TimeStep();
  wave.waveform = wave.waveform.Delayed(PlaneWaveLead(lattice, dt, wave));
  engine->AddCurrent(PlaneWaveCurrent(lattice, dt, engine->Held(), wave));
  const auto face = [&](double x) { return FaceAt(lattice, 0, {x, 0, 0}, {0, 2 * cell, 1}); };
  const FluxMonitor behind(*engine, {face(-1.7)}, {2 * M_PI}),
      before(*engine, {face(-0.8)}, {2 * M_PI}), ahead(*engine, {face(1.5)}, {2 * M_PI});
  engine->Advance(static_cast<long>((wave.waveform.EndTime() + 60) / dt));
  return {behind.Spectrum()[0], before.Spectrum()[0], ahead.Spectrum()[0],
          0.5 * 2 * cell * std::norm(wave.waveform.Spectrum(2 * M_PI, dt))};
}

TEST(FluxMonitor, IsConservedAndCountsAPlaneWaveByTheCosineOfHalfACell) {
  const Fluxes empty = FluxesThroughFilm(1), film = FluxesThroughFilm(6.25);
  const double reflected = -film.behind / empty.ahead, passed = film.ahead / empty.ahead;
  std::printf(
      "flux: R %.6f, T %.6f, R + T - 1 = %.1e, before/after - 1 = %.1e, empty run over closed form "
      "%.6f\n",
      reflected, passed, reflected + passed - 1, film.before / film.ahead - 1,
      empty.ahead / empty.unit);
  EXPECT_GT(reflected, 0.05);
  // The faces before and after the film, both in total fields, pass the same power.
  EXPECT_NEAR(film.before / film.ahead, 1, 1e-10);
  // What is left is the reflection of the PML.
  EXPECT_NEAR(reflected + passed, 1, 1e-6);
  EXPECT_NEAR(empty.ahead / empty.unit, std::cos(M_PI * 0.05), 1e-4);
}

}  // namespace
}  // namespace symwave::verification
