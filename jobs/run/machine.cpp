#include "jobs/run/machine.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "domain/base/error.hpp"
#include "io/deck.hpp"
#include "io/schema_types.hpp"

namespace symwave::jobs::run {

namespace {

using base::Unit;
using io::Need;
using io::Positive;
using io::Real;
using io::Section;

constexpr int kFormat = 1;

const std::array<OperationInfo, kOperations>& Operations() {
  static const std::array<OperationInfo, kOperations> all{{
      {"cell_2d", "A cell of plain dielectric and a time step in two dimensions.", 0.44e-9},
      {"pml_2d", "A cell within the PML of an axis and a time step, added to cell_2d.", 0.48e-9},
      {"pole_2d", "A pole of one component of E in a cell and a time step, added to cell_2d.",
       0.5e-9},
      {"cell_3d", "The same in three dimensions.", 2e-9},
      {"pml_3d", "Added to cell_3d.", 0.8e-9},
      {"pole_3d", "A pole of all three components, added to cell_3d.", 4e-9},
      {"sample", "A value kept for a transform in time domain.", 0.7e-9},
      {"transform", "A value kept for a transform, and one of its frequencies.", 0.3e-9},
      {"medium", "A cell whose medium is worked out.", 62e-9},
      {"port_line", "The modes of a port in two dimensions at one frequency.", 360e-6},
      {"mode_point", "A point of the cross-section of a port in three dimensions.", 30e-6},
      {"unknown", "An unknown in frequency domain that is assembled and measured.", 0.4e-6},
      {"analysis", "An unknown whose order of elimination is sought.", 3.8e-6},
      {"front", "An unknown that is eliminated.", 1.5e-6},
      {"flop", "An unknown that is eliminated, times the unknowns across, added to front.", 3.6e-9},
      {"substitute", "An unknown of a right-hand side, times the log2 of the unknowns across.",
       16e-9},
      {"sweep", "The same of a block of right-hand sides, added.", 64e-9},
      {"dense", "A dense symmetric matrix of n unknowns over n^3.", 0.2e-9},
      {"fourier", "A sample of a padded plane, times the log2 of all of them.", 0.48e-9},
      {"pixel", "A pixel of a plane.", 1.9e-9},
      {"noise", "A pixel measured with noise of its field.", 18e-9},
      {"photon", "A pixel measured by counting photons.", 73e-9},
      {"launch", "A pixel launched by modulators with errors.", 27e-9},
      {"frame_point", "A value of a field that is handed to pictures or files.", 60e-9, true},
      {"picture_pixel", "A pixel of a picture drawn by symwave.", 25e-9, true},
      {"field_file", "A field file, beside its bytes.", 30e-3, true},
  }};
  return all;
}

Section<Link> LinkSection(const std::string& sentence) {
  return Section<Link>(sentence)
      .Key("bandwidth", &Link::bandwidth, Real(Unit::BytePerSecond, Positive()),
           "What a rank sends while the others do, too.")
      .Key("latency", &Link::latency, Real(Unit::Short, Positive()), "From rank to rank.");
}

Section<Machine> SecondsSection() {
  Section<Machine> section("What one core takes while the other ranks of its node work, too.");
  for (int k = 0; k < kOperations; ++k) {
    const auto operation = static_cast<Operation>(k);
    section.Key(
        InfoOf(operation).name,
        [operation](auto& machine) -> auto& {
          return machine.seconds[static_cast<std::size_t>(operation)];
        },
        Real(Unit::Short, Positive()), InfoOf(operation).sentence,
        InfoOf(operation).late ? Need::Optional : Need::Required);
  }
  return section;
}

/// The machine and the format of its file.
struct MachineFile : Machine {
  int format = kFormat;
};

Section<MachineFile> MachineSection() {
  const auto all = [](auto& machine) -> auto& {
    return machine;
  };
  const auto machine =
      Section<Machine>("")
          .Key("measured", &Machine::measured, io::Text(), "When, and on how many ranks.")
          .Key("cores", &Machine::cores, io::Integer<int>(1), "Cores of a node.", Need::Required)
          .Key("memory", &Machine::memory, Real(Unit::Byte, Positive()), "Memory of a node.",
               Need::Required)
          .Key("disk", &Machine::disk, Real(Unit::BytePerSecond, Positive()),
               "What all ranks write.")
          .Key("inside", &Machine::inside, LinkSection("Between ranks of a node.").AsType(), "")
          .Key("network", &Machine::network, LinkSection("Between nodes.").AsType(), "")
          .Key("float64", &Machine::float64, Real(Unit::One, Positive()),
               "Times that time domain and planes take longer in double precision.")
          .Key(
              "seconds", [](auto& m) -> auto& { return m; }, SecondsSection().AsType(),
              "Of one core for one operation.", Need::Required);
  return Section<MachineFile>("Rates of a machine, written by `symwave bench all --write`.")
      .Key("format", &MachineFile::format, io::Integer<int>(1), "Version of this file.",
           Need::Required)
      .Embed(all, machine);
}

}  // namespace

const OperationInfo& InfoOf(Operation operation) {
  return Operations()[static_cast<std::size_t>(operation)];
}

Machine CommonMachine() {
  Machine machine;
  machine.where = "common rates";
  machine.cores = 32;
  machine.memory = 128e9;
  for (int k = 0; k < kOperations; ++k) {
    machine.seconds[static_cast<std::size_t>(k)] = InfoOf(static_cast<Operation>(k)).common;
  }
  return machine;
}

Machine ReadMachine(MPI_Comm comm, const std::string& path) {
  const std::string text = io::ReadTextFile(comm, path, "machine file", 1L << 20);
  const io::DeckNode root = io::ParseDeck(text, path);
  MachineFile machine;
  // Rates that files of earlier versions lack.
  machine.seconds = CommonMachine().seconds;
  MachineSection().Read(root, {"", "", "the machine file"}, machine);
  if (machine.format != kFormat) {
    base::Fail(
        "{}: format {} is that of another version of symwave; this one reads {}: measure again",
        path, machine.format, kFormat);
  }
  machine.where = path;
  return machine;
}

std::string MachineText(const Machine& machine) {
  std::string text = fmt::format(
      "# Rates of a machine for `symwave plan`, measured by `symwave bench all --write FILE`.\n"
      "format: {}\nmeasured: \"{}\"\ncores: {}\nmemory: {:.4g} GB\ndisk: {:.3g} MB/s\n",
      kFormat, machine.measured, machine.cores, 1e-9 * machine.memory, 1e-6 * machine.disk);
  for (const auto& [name, link, what] :
       {std::tuple{"inside", machine.inside, "between ranks of a node"},
        std::tuple{"network", machine.network, "between nodes"}}) {
    text += fmt::format("{}:  # {}\n  bandwidth: {:.3g} GB/s\n  latency: {:.3g} us\n", name, what,
                        1e-9 * link.bandwidth, 1e6 * link.latency);
  }
  text += fmt::format("float64: {:.3g}\nseconds:  # of one core while the others work, too\n",
                      machine.float64);
  for (int k = 0; k < kOperations; ++k) {
    const auto operation = static_cast<Operation>(k);
    const OperationInfo& info = InfoOf(operation);
    text += fmt::format("  {:<34} # {}\n",
                        fmt::format("{}: {:.4g} ns", info.name, 1e9 * machine.Of(operation)),
                        info.sentence);
  }
  return text;
}

std::string DefaultMachinePath() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  const std::string folder = config && *config ? config
                             : home            ? std::string(home) + "/.config"
                                               : ".";
  return folder + "/symwave/machine.yaml";
}

}  // namespace symwave::jobs::run
