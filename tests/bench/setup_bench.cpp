// What set-up costs beside solving, one JSON line per method and size:
//   setup_bench [--ports 4 16 64] [--wavelengths 1 11 101] [--methods fd td] [--length 8]
//
// Half of the ports stand on the left and half on the right of an array of guides of silicon in
// oxide, 1.5 um apart in 2D; cells of 0.05 um. Frequency domain: port modes are solved at every
// wavelength, and the rest of one wavelength is timed and multiplied by their number. Time domain:
// modes are solved before the first run, and one run is timed and multiplied by the number of
// inputs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/runtime.hpp"
#include "solvers/fdtd/scattering.hpp"
#include "tests/verification/devices.hpp"

namespace {

using namespace symwave;
using Json = nlohmann::ordered_json;

constexpr double kPitch = 1.5, kCell = 0.05, kPml = 0.5, kMargin = 0.5;

struct Options {
  std::vector<int> ports{4, 16, 64};
  std::vector<int> wavelengths{1, 11, 101};
  std::vector<std::string> methods{"fd", "td"};
  double length = 8;
  solvers::fdfd::DirectSolverOptions solver;
};

/// An array of straight guides with a scatterer in the middle.
struct GuideArray {
  domain::Lattice lattice;
  domain::PermittivityMap media;
  std::vector<domain::PlanePort> ports;

  static double Height(int guides) { return guides * kPitch + 2 * kMargin; }

  GuideArray(int count, double length)
      : lattice(domain::UniformLattice(verification::GridOf(domain::Polarization::Ez, kCell, length,
                                                            Height(count / 2), kPml))) {
    std::vector<domain::Shape> shapes;
    for (int g = 0; g < count / 2; ++g) {
      const double y = (g + 0.5 - 0.25 * count) * kPitch;
      shapes.push_back(verification::BoxShape(-length, length, y - 0.225, y + 0.225));
      const double x = 0.5 * length - 0.5;
      const double span = kPitch - kCell;
      ports.push_back(
          verification::PortAt("in" + std::to_string(g), -x, y, domain::Direction::PlusX, span));
      ports.push_back(
          verification::PortAt("out" + std::to_string(g), x, y, domain::Direction::MinusX, span));
    }
    const double half = 0.5 * Height(count / 2) - kMargin;
    shapes.push_back(verification::BoxShape(-0.3, 0.3, -half, half));
    media = domain::MakePermittivityMap(
        lattice, verification::MediaOf(shapes, {{"core", 8.1}, {"clad", 2.09}}));
  }

  solvers::fdfd::PlanePoints Points() const { return solvers::fdfd::PlanePoints(lattice); }
};

std::vector<double> Band(int count) {
  std::vector<double> wavelengths;
  for (int k = 0; k < count; ++k) {
    wavelengths.push_back(1.55 + (count > 1 ? 0.1 * k / (count - 1) - 0.05 : 0.0));
  }
  return wavelengths;
}

Json Line(const char* method, const GuideArray& array, int wavelengths, double setup,
          double solve) {
  return {{"method", method},
          {"ranks", base::Communicator::SizeOf(MPI_COMM_WORLD)},
          {"ports", array.ports.size()},
          {"wavelengths", wavelengths},
          {"cells", array.Points().Unknowns()},
          {"setup_seconds", setup},
          {"solve_seconds", solve},
          {"setup_over_solve", setup / solve}};
}

double Slowest(double seconds) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return seconds;
}

Json FrequencyDomain(const GuideArray& array, int count,
                     const solvers::fdfd::DirectSolverOptions& options) {
  const std::vector<double> wavelengths = Band(count);
  double start = MPI_Wtime();
  for (const double wavelength : wavelengths) {
    solvers::fdfd::SolvePorts(MPI_COMM_WORLD, array.Points(), array.media, 2 * M_PI / wavelength,
                              array.ports);
  }
  const double setup = Slowest(MPI_Wtime() - start);
  solvers::fdfd::Simulation simulation(MPI_COMM_WORLD, array.lattice, options);
  start = MPI_Wtime();
  simulation.Solve(wavelengths.front(), array.media, array.ports);
  const double solve = Slowest(MPI_Wtime() - start) - setup / count;
  Json line = Line("frequency_domain", array, count, setup, solve * count);
  line["substitution_seconds"] = simulation.Statistics().solve_seconds * count;
  return line;
}

Json TimeDomain(const GuideArray& array, int count) {
  const std::vector<double> wavelengths = Band(count);
  const auto media = domain::MakeMediumMap(
      array.lattice, array.media, domain::SteppedFrequency(2 * M_PI / wavelengths.front(), 0));
  solvers::fdtd::ScatteringOptions options;
  double start = MPI_Wtime();
  double setup = 0, solve = 0;
  struct Timed {};
  options.before_run = [&](const solvers::fdtd::ScatteringInput& input, solvers::fdtd::Engine&) {
    if (input.number == 1) throw Timed();
    setup = MPI_Wtime() - start;
    start = MPI_Wtime();
  };
  options.after_run = [&](const auto&, const auto&) { solve = MPI_Wtime() - start; };
  try {
    solvers::fdtd::SolveScattering(MPI_COMM_WORLD, array.lattice, media, array.ports, wavelengths,
                                   options);
  } catch (const Timed&) {
  }
  const auto inputs = static_cast<double>(array.ports.size());
  return Line("time_domain", array, count, Slowest(setup), Slowest(solve) * inputs);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Set-up against solve, over ports and wavelengths");
  app.add_option("--ports", options.ports, "Even numbers");
  app.add_option("--wavelengths", options.wavelengths);
  app.add_option("--methods", options.methods)->check(CLI::IsMember({"fd", "td"}));
  app.add_option("--length", options.length, "Of the array along its guides [um]");
  app.add_option("--columns-at-once", options.solver.columns_at_once, "MUMPS ICNTL(27)");
  app.add_option("--block-bytes", options.solver.block_bytes, "Of right-hand sides on a rank");
  CLI11_PARSE(app, argc, argv);
  base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] {
    for (const std::string& method : options.methods) {
      for (const int ports : options.ports) {
        const GuideArray array(ports, options.length);
        for (const int count : options.wavelengths) {
          const Json line = method == "fd" ? FrequencyDomain(array, count, options.solver)
                                           : TimeDomain(array, count);
          if (runtime.Rank() == 0) std::printf("%s\n", line.dump().c_str());
          std::fflush(stdout);
        }
      }
    }
    return 0;
  });
}
