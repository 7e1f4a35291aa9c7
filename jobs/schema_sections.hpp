// The parts of the deck language that describe the device, and the checks across sections.
#pragma once

#include "io/schema_types.hpp"
#include "jobs/options.hpp"

namespace symwave::jobs {

/// Seeds up to 2^53 - 1, which every YAML and JSON reader keeps.
inline io::Type<std::uint64_t> Seed() {
  return io::Integer<std::uint64_t>(0, 9007199254740991);
}

io::Section<domain::GridOptions> GridSection();
io::Section<MaterialOptions> MaterialSection();
io::Variants<domain::Shape> ShapeVariants();
io::Section<domain::Port> PortSection();
io::Section<domain::BlockChip> ChipSection();
io::Section<domain::FabricationErrors> FabricationSection();
io::Section<training::DriveErrors> DriveSection();

/// Checks across sections that need no physics: names of materials and ports, what a job needs.
/// UserError with file:line; `root` gives the places.
void CheckOptions(const DeckOptions& options, const io::DeckNode& root);

}  // namespace symwave::jobs
