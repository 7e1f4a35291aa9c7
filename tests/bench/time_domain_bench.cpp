// Throughput of the time domain on a silicon wire in oxide, one JSON line per measurement:
//   mpirun -n 2 time_domain_bench [--cells 400x160x128] [--walls pml|periodic|pec] [--precision 64]
//   ... mpirun -n 2 time_domain_bench --compare     what PML, a transform and a dispersive core
//   cost
//
// The wire (500 x 220 nm, cells of 25 nm) runs along x; a sheet of current with a Gaussian profile
// drives it. Seconds are those of the slowest rank. Bytes per cell and step are those that must
// cross the memory bus: six field components read and written once per pass of `block` steps; media
// are numbers of rows, less than 0.1 byte per cell.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "domain/base/communicator.hpp"
#include "domain/base/processor.hpp"
#include "domain/base/runtime.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace {

using namespace symwave;
using namespace symwave::solvers::fdtd;
using domain::AxisEnd;
using domain::Component;
using domain::IndexBox;
using domain::Wall;
using Json = nlohmann::ordered_json;

constexpr double kCell = 0.025;
constexpr double kWavelength = 1.55;

struct Options {
  std::string cells = "400x160x128";
  std::string deck;   ///< lattice, media and PML of this deck instead of the wire
  std::string plain;  ///< deck that --compare sets `deck` against
  std::string split;  ///< blocks along each axis; empty: chosen
  std::string walls = "pml";
  int pml_cells = 10;
  int precision = 32;
  int block = 0;  ///< 0: chosen
  bool messages = false;
  int tile = 0;
  int threads = 1;
  int frequencies = 0;  ///< of a transform on a plane across x; 0: none
  int every = 1;
  bool dispersive = false;
  bool triad = false;
  bool compare = false;
  std::string only;  ///< variants to compare: those with this in their name; empty: all
  double level = 1;  ///< of the fields at the start
  int steps = 48;
  int rounds = 5;

  static std::array<int, 3> ThreeNumbers(const std::string& text) {
    std::array<int, 3> n{0, 0, 0};
    if (std::sscanf(text.c_str(), "%dx%dx%d", &n[0], &n[1], &n[2]) != 3) {
      base::Fail("'{}' is not three numbers such as 400x160x128", text);
    }
    return n;
  }
};

domain::Lattice MakeLattice(const Options& options) {
  AxisEnd end{Wall::Pec, options.pml_cells};
  if (options.walls == "pec") end = {Wall::Pec, 0};
  if (options.walls == "periodic") end = {Wall::Periodic, 0};
  const auto n = Options::ThreeNumbers(options.cells);
  const std::array<AxisEnd, 2> ends{end, end};
  return domain::Lattice({domain::Axis::Uniform(kCell, n[0]), domain::Axis::Uniform(kCell, n[1]),
                          domain::Axis::Uniform(kCell, n[2])},
                         {ends, ends, ends});
}

/// Every point takes the medium at its position; with `dispersive`, the core has a Lorentz pole.
domain::MediumMap Wire(const domain::Lattice& lattice, bool dispersive) {
  domain::MediumMap map;
  domain::Medium silicon{"silicon", 3.47 * 3.47, 0, {}};
  if (dispersive) silicon = {"silicon", 4, 0, {{8 * 19.0 * 19.0, 19.0, 0.1}}};
  map.media = {domain::Medium{"oxide", 1.444 * 1.444, 0, {}}, silicon};
  map.sample = [lattice, dispersive, silicon](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    if (dispersive) block.dispersive.push_back({1, {}});
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const bool core = std::abs(lattice.Position(c, 1, j)) < 0.25 &&
                          std::abs(lattice.Position(c, 2, k)) < 0.11;
        const auto count = static_cast<size_t>(box.Extent(0));
        block.eps.insert(block.eps.end(), count, core ? silicon.eps_inf : 1.444 * 1.444);
        if (!dispersive) continue;
        auto& share = block.dispersive[0].share;
        share.insert(share.end(), count, core ? 1.0 : 0.0);
      }
    }
    return block;
  };
  return map;
}

void AddSheet(Engine& engine) {
  const domain::Lattice& lattice = engine.Lattice();
  Current current;
  current.signals = std::make_shared<WaveformSignals>(Waveform::Band(1.4, 1.7), engine.TimeStep());
  const IndexBox inside = Intersect(engine.Held(), lattice.InsidePml());
  const int i = lattice.Cells(0) / 8 + 4;
  for (int k = inside.lo[2]; k < inside.hi[2]; ++k) {
    for (int j = inside.lo[1]; j < inside.hi[1]; ++j) {
      const double y = lattice.Position(Component::Ey, 1, j) / 0.3;
      const double z = lattice.Position(Component::Ey, 2, k) / 0.2;
      const double profile = std::exp(-y * y - z * z);
      if (profile < 1e-6 || i < inside.lo[0] || i >= inside.hi[0]) continue;
      current.entries.push_back(
          {Component::Ey, {i, j, k}, WaveformSignals::RealPart(CurrentKind::Electric), profile});
    }
  }
  engine.AddCurrent(current);
}

void AddPlane(Engine& engine, int frequencies, int every) {
  DftRequest request;
  request.box = engine.Lattice().AllPoints();
  request.box.lo[0] = engine.Lattice().Cells(0) * 3 / 4;
  request.box.hi[0] = request.box.lo[0] + 1;
  request.components = {Component::Ey, Component::Ez, Component::Hy, Component::Hz};
  for (int w = 0; w < frequencies; ++w) {
    request.omegas.push_back(2 * M_PI / (1.5 + 0.1 * w / frequencies));
  }
  request.every = every;
  engine.AddDft(request);
}

/// Lattice, media and PML of the options, or of their deck.
struct Problem {
  domain::Lattice lattice;
  domain::MediumMap media;
  PmlOptions pml;
};

Problem MakeProblem(const Options& options) {
  if (options.deck.empty()) {
    domain::Lattice lattice = MakeLattice(options);
    PmlOptions pml;
    pml.index = 1.444;
    return {lattice, Wire(lattice, options.dispersive), pml};
  }
  const jobs::deck::Deck deck = jobs::deck::ReadDeck(MPI_COMM_WORLD, options.deck, {});
  jobs::device::TimeDomainProblem problem = jobs::device::BuildTimeDomain(deck.options);
  return {std::move(problem.lattice), std::move(problem.media), problem.engine.pml};
}

std::unique_ptr<Engine> Build(const Options& options) {
  EngineOptions engine_options;
  engine_options.precision = options.precision == 32 ? Precision::Float32 : Precision::Float64;
  engine_options.block = options.block;
  engine_options.tile = options.tile;
  engine_options.shared_halos = !options.messages;
  engine_options.threads = options.threads;
  if (!options.split.empty()) engine_options.ranks = Options::ThreeNumbers(options.split);
  const Problem problem = MakeProblem(options);
  engine_options.pml = problem.pml;
  auto engine = MakeEngine(MPI_COMM_WORLD, problem.lattice, problem.media, engine_options);
  AddSheet(*engine);
  if (options.frequencies > 0) AddPlane(*engine, options.frequencies, options.every);
  // Numbers of ordinary size everywhere.
  engine->SetField(Component::Ez, [&options](int i, int j, int k) {
    return options.level * std::sin(0.3 * i) * std::cos(0.2 * j) * std::cos(0.1 * k);
  });
  engine->Advance(2L * engine->Statistics().block);
  return engine;
}

double SlowestRank(double seconds) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return seconds;
}

double SumOfRanks(double value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
  return value;
}

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Seconds {
  double wall = 0;
  double processor = 0;  ///< of the busiest rank, threads added up
};

Seconds Run(Engine& engine, int steps) {
  base::Mpi(MPI_Barrier(MPI_COMM_WORLD));
  const double wall = MPI_Wtime(), processor = ProcessorSeconds();
  engine.Advance(steps);
  const double processor_end = ProcessorSeconds();
  return {SlowestRank(MPI_Wtime() - wall), SlowestRank(processor_end - processor)};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

/// GB/s of a = b + s c on all ranks together: two reads and one write counted (McCalpin), the best
/// of ten passes over arrays of four times the last-level cache.
double StreamTriad() {
  const long ranks = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const long count = std::max(1L << 16, 4 * base::LastLevelCacheBytes() / (24 * ranks));
  std::vector<double> a(count, 0.0), b(count, 1.0), c(count, 2.0);
  double best = 0;
  for (int pass = 0; pass < 10; ++pass) {
    base::Mpi(MPI_Barrier(MPI_COMM_WORLD));
    const double start = MPI_Wtime();
    for (long i = 0; i < count; ++i) a[i] = b[i] + (0.5 + pass) * c[i];
    const double seconds = SlowestRank(MPI_Wtime() - start);
    best = std::max(best, 24e-9 * static_cast<double>(count * ranks) / seconds);
  }
  base::Require(a[count / 2] == 20, "the triad was computed");
  return best;
}

void Print(const Json& json) {
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) std::printf("%s\n", json.dump().c_str());
  std::fflush(stdout);
}

Json Describe(const Options& options, const domain::Lattice& lattice) {
  return {{"cells", {lattice.Cells(0), lattice.Cells(1), lattice.Cells(2)}},
          {"deck", options.deck},
          {"ranks", base::Communicator::SizeOf(MPI_COMM_WORLD)},
          {"threads", options.threads},
          {"precision", options.precision},
          {"walls", options.walls},
          {"split", options.split.empty() ? "chosen" : options.split},
          {"frequencies", options.frequencies},
          {"every", options.every},
          {"dispersive", options.dispersive}};
}

void Measure(const Options& options) {
  const auto engine = Build(options);
  const EngineStatistics before = engine->Statistics();
  std::vector<double> wall, processor;
  for (int round = 0; round < options.rounds; ++round) {
    const Seconds seconds = Run(*engine, options.steps);
    wall.push_back(seconds.wall);
    processor.push_back(seconds.processor);
  }
  const EngineStatistics after = engine->Statistics();
  const double cells = static_cast<double>(engine->Lattice().CellCount());
  const double bytes = options.precision / 8.0;
  const int steps = options.rounds * options.steps;
  Json json = Describe(options, engine->Lattice());
  json["mcells_per_second"] = 1e-6 * cells * options.steps / Median(wall);
  json["mcells_per_processor_second"] = 1e-6 * cells * options.steps / Median(processor);
  json["points_per_cell"] = static_cast<double>(engine->Lattice().AllPoints().Count()) / cells;
  json["block"] = after.block;
  json["bytes_per_cell_step"] = 12 * bytes / after.block;
  json["memory_per_cell"] = SumOfRanks(after.field_bytes + after.medium_bytes) / cells;
  json["halo_bytes_per_step"] = SumOfRanks(after.halo_bytes - before.halo_bytes) / steps;
  json["halo_messages_per_step"] =
      SumOfRanks(static_cast<double>(after.halo_messages - before.halo_messages)) / steps;
  json["halo_seconds_share"] = SlowestRank(after.seconds_halo - before.seconds_halo) /
                               (SlowestRank(after.seconds_halo - before.seconds_halo) +
                                SlowestRank(after.seconds_update - before.seconds_update));
  // A reduction of one number over the ranks, as the test for the end of a run does it.
  const double start = MPI_Wtime();
  for (int n = 0; n < 100; ++n) SumOfRanks(1);
  json["reduction_seconds"] = SlowestRank(MPI_Wtime() - start) / 100;
  if (options.triad) json["stream_triad_gb_per_second"] = StreamTriad();
  Print(json);
}

struct Variant {
  std::string name;
  Options options;
  std::unique_ptr<Engine> engine;
  std::vector<double> wall, processor;
};

std::vector<Variant> Decks(const Options& options) {
  std::vector<Variant> variants(2);
  for (auto& variant : variants) variant.options = options;
  variants[0].options.deck = variants[0].name = options.plain;
  variants[1].name = options.deck;
  return variants;
}

std::vector<Variant> Variants(const Options& options) {
  if (!options.plain.empty()) return Decks(options);
  Options closed = options;
  closed.walls = "pec";
  std::vector<Variant> variants(6);
  for (auto& variant : variants) variant.options = closed;
  variants[0].name = "electric walls";
  variants[1].name = "periodic";
  variants[1].options.walls = "periodic";
  variants[2].name = "PML on all sides";
  variants[2].options.walls = "pml";
  variants[3].name = "plane of 20 frequencies, every step";
  variants[3].options.frequencies = 20;
  variants[4].name = "plane of 20 frequencies, every 8th step";
  variants[4].options.frequencies = 20;
  variants[4].options.every = 8;
  variants[5].name = "dispersive core";
  variants[5].options.dispersive = true;
  const auto left_out = [&options](const Variant& variant) {
    return variant.name.find(options.only) == std::string::npos;
  };
  variants.erase(std::remove_if(variants.begin() + 1, variants.end(), left_out), variants.end());
  return variants;
}

double Least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// The variants take turns in one process; medians of the ratios of their times to the first one's,
/// and the ratio of the shortest times, which other programs on the machine disturb least.
void Compare(const Options& options) {
  std::vector<Variant> variants = Variants(options);
  for (auto& variant : variants) variant.engine = Build(variant.options);
  for (int round = 0; round < options.rounds; ++round) {
    for (auto& variant : variants) {
      const Seconds seconds = Run(*variant.engine, options.steps);
      variant.wall.push_back(seconds.wall);
      variant.processor.push_back(seconds.processor);
    }
  }
  for (auto& variant : variants) {
    std::vector<double> wall, processor;
    for (int round = 0; round < options.rounds; ++round) {
      wall.push_back(variant.wall[round] / variants[0].wall[round]);
      processor.push_back(variant.processor[round] / variants[0].processor[round]);
    }
    Json json{{"variant", variant.name}};
    json.update(Describe(variant.options, variant.engine->Lattice()));
    json["time_ratio"] = Median(wall);
    json["processor_time_ratio"] = Median(processor);
    json["least_time_ratio"] = Least(variant.wall) / Least(variants[0].wall);
    json["least_processor_time_ratio"] = Least(variant.processor) / Least(variants[0].processor);
    const double cells = static_cast<double>(variant.engine->Lattice().CellCount());
    const EngineStatistics work = variant.engine->Statistics();
    json["mcells_per_second"] = 1e-6 * cells * options.steps / Median(variant.wall);
    json["mcells_per_processor_second"] = 1e-6 * cells * options.steps / Median(variant.processor);
    json["memory_per_cell"] = SumOfRanks(work.field_bytes + work.medium_bytes) / cells;
    Print(json);
  }
}

void Declare(CLI::App& app, Options& options) {
  app.add_option("--cells", options.cells, "Cells along x, y, z, PML included");
  app.add_option("--deck", options.deck, "Lattice, media and PML of this deck instead of the wire");
  app.add_option("--plain", options.plain,
                 "With --compare: set --deck against this deck, the variants of the wire aside");
  app.add_option("--split", options.split, "Blocks along x, y, z, such as 1x1x2; default: chosen");
  app.add_option("--walls", options.walls, "What ends all axes")
      ->check(CLI::IsMember({"pml", "periodic", "pec"}));
  app.add_option("--pml", options.pml_cells, "Cells of each PML");
  app.add_option("--precision", options.precision, "Bits of a number")
      ->check(CLI::IsMember({32, 64}));
  app.add_flag("--messages", options.messages, "Halos by messages also between ranks of a node");
  app.add_option("--block", options.block, "Steps per pass over the memory; 0: chosen")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--tile", options.tile, "Rows of a pass that stay in the cache; 0: chosen");
  app.add_option("--threads", options.threads, "Threads of a rank");
  app.add_option("--frequencies", options.frequencies, "Transform on a plane across x; 0: none");
  app.add_option("--every", options.every, "The transform takes every n-th step");
  app.add_flag("--dispersive", options.dispersive, "A Lorentz pole in the core");
  app.add_option("--level", options.level, "Size of the fields at the start");
  app.add_option("--steps", options.steps, "Steps of a round");
  app.add_option("--rounds", options.rounds, "Medians are over these");
  app.add_flag("--triad", options.triad, "Measure the STREAM triad as well");
  app.add_flag("--compare", options.compare, "Times of PML, transforms, dispersion against none");
  app.add_option("--only", options.only, "Compare only the variants with this in their name");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Throughput of the time domain on a silicon wire");
  Declare(app, options);
  CLI11_PARSE(app, argc, argv);
  symwave::base::Runtime runtime(argc, argv);
  return symwave::base::RunGuarded([&] {
    options.compare ? Compare(options) : Measure(options);
    return 0;
  });
}
