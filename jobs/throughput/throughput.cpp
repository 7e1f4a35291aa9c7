#include "jobs/throughput/throughput.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/processor.hpp"
#include "domain/pole_media.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::throughput {

namespace {

using domain::AxisEnd;
using domain::Wall;
using solvers::fdtd::Engine;
using solvers::fdtd::EngineOptions;
using solvers::fdtd::EngineStatistics;
using solvers::fdtd::Precision;

constexpr double kCell = 0.05;  // um
constexpr double kIndex = 1.5;
constexpr int kPmlCells = 10;
constexpr int kWavelengths = 20;
constexpr int kTriadRepeats = 10;
constexpr int kBlock = 8;  // steps per pass over the memory

/// One line of the table.
struct Case {
  std::string name;
  Precision precision = Precision::Float32;
  bool pml = false;
  bool transform = false;
  bool in_cache = false;
  int block = kBlock;
  bool dispersive = false;  ///< oxide by its published dispersion
};

struct Result {
  Case what;
  long cells = 0;
  double mcells = 0;          ///< million cells per second, all ranks
  double bytes_per_step = 0;  ///< per cell, over the memory bus, by the model of BusBytes
  double stream_share = 0;
  double halo_share = 0;
  double monitor_share = 0;
  double memory_per_cell = 0;  ///< bytes
};

double SlowestOf(MPI_Comm comm, double seconds) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm));
  return seconds;
}

double SumOf(MPI_Comm comm, double value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm));
  return value;
}

/// Bytes per second of a[i] = b[i] + s c[i] on all ranks and threads: the best of several passes
/// over three arrays that are four times the last-level cache in all, counting two reads and one
/// write (McCalpin's rule).
double StreamTriad(MPI_Comm comm, int threads) {
  const int ranks = base::Communicator::SizeOf(comm);
  const long count =
      std::max(1L << 16, 4 * base::LastLevelCacheBytes() / (3 * 8 * static_cast<long>(ranks)));
  std::vector<double> a(count), b(count), c(count);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (long i = 0; i < count; ++i) {
    a[i] = 0;
    b[i] = 1;
    c[i] = 2;
  }
  double best = 0;
  for (int pass = 0; pass < kTriadRepeats; ++pass) {
    base::Mpi(MPI_Barrier(comm));
    const double start = MPI_Wtime();
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long i = 0; i < count; ++i) a[i] = b[i] + (0.5 + pass) * c[i];
    const double seconds = SlowestOf(comm, MPI_Wtime() - start);
    best = std::max(best, 24.0 * static_cast<double>(count) * ranks / seconds);
  }
  base::Require(a[count / 2] == 1 + 2 * (0.5 + kTriadRepeats - 1), "the triad was computed");
  return best;
}

int EdgeOf(const Case& what, const ThroughputOptions& options, int ranks) {
  const double number = what.precision == Precision::Float32 ? 4 : 8;
  double cells = 1e6 * options.cells;
  if (what.in_cache) {
    // Fields of each rank fill half of its second-level cache.
    cells = 0.5 * ranks * static_cast<double>(base::SecondLevelCacheBytes()) / (6 * number);
  } else if (cells == 0) {
    cells = 4 * static_cast<double>(base::LastLevelCacheBytes()) / (6 * number);
  }
  return std::max(8, static_cast<int>(std::cbrt(cells)));
}

domain::Lattice Cube(const Case& what, int edge) {
  const domain::Axis axis = domain::Axis::Uniform(kCell, edge);
  AxisEnd end{Wall::Periodic, 0};
  if (what.pml) end = {Wall::Pec, kPmlCells};
  if (what.in_cache) end = {Wall::Pec, 0};  // without halos, which such a small cube would feel
  return domain::Lattice({axis, axis, axis}, {{{end, end}, {end, end}, {end, end}}});
}

void AddPlane(Engine& engine, int edge) {
  solvers::fdtd::DftRequest request;
  request.box = engine.Lattice().AllPoints();
  request.box.lo[0] = edge / 2;
  request.box.hi[0] = edge / 2 + 1;
  request.components = {domain::Component::Ey, domain::Component::Ez, domain::Component::Hy,
                        domain::Component::Hz};
  for (int w = 0; w < kWavelengths; ++w) {
    request.omegas.push_back(2 * M_PI / (1.5 + 0.005 * w));
  }
  // Eight samples of the shortest period, as the program takes them.
  request.every = std::max(1, static_cast<int>(1.5 / (8 * engine.TimeStep())));
  engine.AddDft(request);
}

/// Steps until `seconds` have passed; wall-clock seconds and statistics of these alone.
struct Timed {
  long steps = 0;
  double seconds = 0;
  EngineStatistics work;
};

Timed RunFor(Engine& engine, double seconds) {
  const long chunk = std::max(16L, 4000000 / engine.Lattice().CellCount());
  engine.Advance(chunk);
  const EngineStatistics before = engine.Statistics();
  Timed timed;
  base::Mpi(MPI_Barrier(engine.Comm()));
  const double start = MPI_Wtime();
  while (timed.seconds < seconds) {
    engine.Advance(chunk);
    timed.steps += chunk;
    timed.seconds = SlowestOf(engine.Comm(), MPI_Wtime() - start);
  }
  timed.work = engine.Statistics();
  timed.work.seconds_halo -= before.seconds_halo;
  timed.work.seconds_monitors -= before.seconds_monitors;
  return timed;
}

/// Model: fields, polarisations and the four values of every PML point read and written,
/// coefficients read, all once per pass of `block` steps.
double BusBytes(const Case& what, const domain::Lattice& lattice, double medium_bytes_per_cell) {
  const double number = what.precision == Precision::Float32 ? 4 : 8;
  double layers = 0;  // PML points of all axes over the points
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      layers += static_cast<double>(lattice.End(axis, side).pml_cells) / lattice.Cells(axis);
    }
  }
  const double polarisations = what.dispersive ? 6 : 0;
  return (2 * (6 + polarisations + 4 * layers) * number + medium_bytes_per_cell) / what.block;
}

Result Measure(MPI_Comm comm, const Case& what, const ThroughputOptions& options, double triad) {
  Result result;
  result.what = what;
  const int edge = EdgeOf(what, options, base::Communicator::SizeOf(comm));
  const domain::Lattice lattice = Cube(what, edge);
  domain::Medium glass{"glass", kIndex * kIndex, 0, {}};
  if (what.dispersive) {
    glass = domain::SimplifyPoles(domain::BuiltInMedium("SiO2", {1.5, 1.6}),
                                  {2 * M_PI / 1.6, 2 * M_PI / 1.5},
                                  EngineOptions{}.courant * lattice.CourantLimit());
  }
  const domain::MediumMap media = domain::UniformMedium(glass);
  EngineOptions engine_options;
  engine_options.precision = what.precision;
  engine_options.block = what.block;
  engine_options.threads = options.threads;
  engine_options.pml.index = kIndex;
  const auto engine = solvers::fdtd::MakeEngine(comm, lattice, media, engine_options);
  if (what.transform) AddPlane(*engine, edge);
  // A smooth field of full numbers: zeros would be faster on some processors.
  engine->SetField(domain::Component::Ez, [](int i, int j, int k) {
    return std::sin(0.3 * i) * std::cos(0.2 * j) * std::cos(0.1 * k);
  });
  const Timed timed = RunFor(*engine, options.seconds);
  result.cells = lattice.CellCount();
  const double cells = static_cast<double>(result.cells);
  result.mcells = 1e-6 * cells * static_cast<double>(timed.steps) / timed.seconds;
  result.memory_per_cell = SumOf(comm, timed.work.field_bytes + timed.work.medium_bytes) / cells;
  const double medium = SumOf(comm, timed.work.medium_bytes) / cells;
  result.bytes_per_step = BusBytes(what, lattice, medium);
  result.stream_share = result.mcells * 1e6 * result.bytes_per_step / triad;
  result.halo_share = SlowestOf(comm, timed.work.seconds_halo) / timed.seconds;
  result.monitor_share = SlowestOf(comm, timed.work.seconds_monitors) / timed.seconds;
  return result;
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Precision precision : {Precision::Float32, Precision::Float64}) {
    const std::string name = precision == Precision::Float32 ? "float32" : "float64";
    cases.push_back({name + ", periodic", precision, false, false, false, kBlock});
    cases.push_back({name + ", periodic, single steps", precision, false, false, false, 1});
    cases.push_back({name + ", PML on all sides", precision, true, false, false, kBlock});
    cases.push_back({name + ", PML, dispersive", precision, true, false, false, kBlock, true});
    cases.push_back(
        {name + ", transform at 20 wavelengths", precision, false, true, false, kBlock});
    cases.push_back({name + ", in cache", precision, false, false, true, 1});
  }
  return cases;
}

std::string TableText(const std::vector<Result>& results, double triad, int ranks, int threads) {
  std::string text =
      fmt::format("{} rank{} of {} thread{}; STREAM triad {:.1f} GB/s\n", ranks,
                  ranks == 1 ? "" : "s", threads, threads == 1 ? "" : "s", triad * 1e-9);
  text += fmt::format("  {:<36} {:>9} {:>9} {:>12} {:>8} {:>6} {:>8} {:>9}\n", "case", "Mcells",
                      "Mcells/s", "model B/step", "STREAM", "halo", "monitor", "bytes");
  for (const Result& r : results) {
    text +=
        fmt::format("  {:<36} {:>9.3f} {:>9.0f} {:>12.2f} {:>8} {:>5.0f}% {:>7.0f}% {:>9.1f}\n",
                    r.what.name, 1e-6 * static_cast<double>(r.cells), r.mcells, r.bytes_per_step,
                    r.what.in_cache ? "-" : fmt::format("{:.0f}%", 100 * r.stream_share),
                    100 * r.halo_share, 100 * r.monitor_share, r.memory_per_cell);
  }
  return text +
         "  model B/step: bytes over the memory bus per cell and step, modelled, not measured;\n"
         "  STREAM: their share of the triad;"
         " bytes: memory per cell\n";
}

nlohmann::ordered_json JsonOf(const std::vector<Result>& results, double triad, int ranks,
                              int threads) {
  nlohmann::ordered_json json{{"ranks", ranks},
                              {"threads", threads},
                              {"stream_triad_gb_per_second", triad * 1e-9},
                              {"cases", nlohmann::ordered_json::array()}};
  for (const Result& r : results) {
    json["cases"].push_back({{"case", r.what.name},
                             {"cells", r.cells},
                             {"mcells_per_second", r.mcells},
                             {"model_bytes_per_cell_step", r.bytes_per_step},
                             {"stream_share", r.stream_share},
                             {"halo_share", r.halo_share},
                             {"monitor_share", r.monitor_share},
                             {"bytes_per_cell", r.memory_per_cell}});
  }
  return json;
}

}  // namespace

std::string MeasureThroughput(MPI_Comm comm, const ThroughputOptions& options) {
  const int ranks = base::Communicator::SizeOf(comm);
  const double triad = StreamTriad(comm, options.threads);
  std::vector<Result> results;
  for (const Case& what : Cases()) results.push_back(Measure(comm, what, options, triad));
  if (options.json) return JsonOf(results, triad, ranks, options.threads).dump(2) + "\n";
  return TableText(results, triad, ranks, options.threads);
}

}  // namespace symwave::jobs::throughput
