// A sweep as its file states it: which keys of a deck take which values.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "io/deck.hpp"

namespace symwave::jobs::sweep {

/// The values that one key of the deck takes.
struct Axis {
  std::string key;    ///< as --set takes it: "shapes[2].width"
  std::string where;  ///< "sweep.yaml:line"
  std::vector<io::DeckNode> values;
};

/// Four blocks, of which all combinations are members. Within `grid` all combinations count, in the
/// others the k-th values of all axes go together.
struct SweepFile {
  std::string path;
  std::string deck;               ///< from the working directory; "": none
  std::string directory;          ///< output folder, from the working directory; "": none
  std::vector<std::string> plot;  ///< key numbers that the report shows; empty: those that vary
  std::vector<Axis> grid, zip, random, seeds;
};

/// Collective: reads and validates. UserError with file:line on every rank.
SweepFile ReadSweepFile(MPI_Comm comm, const std::string& path);

/// The same from text, by this rank alone.
SweepFile ParseSweep(const std::string& text, const std::string& path);

/// Collective: whether a file names a deck, as sweep files alone do; false where it cannot be read.
bool IsSweepFile(MPI_Comm comm, const std::string& path);

}  // namespace symwave::jobs::sweep
