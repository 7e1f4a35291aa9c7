#include "jobs/throughput/machine_bench.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/atomic_file.hpp"
#include "jobs/throughput/calibration.hpp"

namespace symwave::jobs::throughput {

namespace {

using run::Machine;
using run::Operation;

/// Seconds of a measurement over those of a line of `bench time_domain`.
constexpr double kShare = 0.25;

std::set<Operation> OperationsOf(const std::string& solver) {
  Operation first = Operation::Cell2d, last = Operation::FieldFile;
  if (solver == "time_domain") last = Operation::ModePoint;
  if (solver == "frequency_domain") first = Operation::Unknown, last = Operation::Dense;
  if (solver == "diffraction") first = Operation::Fourier, last = Operation::Launch;
  std::set<Operation> wanted;
  for (int k = static_cast<int>(first); k <= static_cast<int>(last); ++k) {
    wanted.insert(static_cast<Operation>(k));
  }
  return wanted;
}

std::string JsonOf(const Machine& machine, const std::set<Operation>& wanted) {
  nlohmann::ordered_json json{{"measured", machine.measured}, {"seconds", {}}};
  for (const Operation operation : wanted) {
    json["seconds"][run::InfoOf(operation).name] = machine.Of(operation);
  }
  return json.dump(2) + "\n";
}

std::string TextOf(const Machine& machine, const std::set<Operation>& wanted) {
  std::string text = fmt::format("{}; nanoseconds of one core\n", machine.measured);
  for (const Operation operation : wanted) {
    const run::OperationInfo& info = run::InfoOf(operation);
    text += fmt::format("  {:<12} {:>10.4g}  {}\n", info.name, 1e9 * machine.Of(operation),
                        info.sentence);
  }
  return text;
}

void Write(MPI_Comm comm, const Machine& machine, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (base::Communicator::RankIn(comm) == 0 && !folder.empty()) {
    std::error_code ignored;  // WriteTextAtomically says what is wrong
    std::filesystem::create_directories(folder, ignored);
  }
  base::Mpi(MPI_Barrier(comm));
  io::WriteTextAtomically(comm, path, run::MachineText(machine));
}

}  // namespace

std::string MeasureRates(MPI_Comm comm, const std::string& solver, const ThroughputOptions& options,
                         const std::string& write) {
  if (!write.empty() && solver != "all") {
    base::Fail("--write needs all solvers: symwave bench all --write {}", write);
  }
  const std::set<Operation> wanted = OperationsOf(solver);
  CalibrationOptions calibration;
  calibration.seconds = kShare * options.seconds;
  calibration.wanted = wanted;
  calibration.links_and_disk = solver == "all";
  const Machine machine = Calibrate(comm, calibration);
  if (!write.empty()) Write(comm, machine, write);
  if (options.json) return JsonOf(machine, wanted);
  if (solver == "all") {
    return run::MachineText(machine) + (write.empty() ? "" : fmt::format("# in {}\n", write));
  }
  return TextOf(machine, wanted);
}

}  // namespace symwave::jobs::throughput
