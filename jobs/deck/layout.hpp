// The shapes and ports of a layout file as those of a deck.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "io/deck.hpp"
#include "io/schema.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

io::Section<LayoutOptions> LayoutSection();
/// The layers of a file with the key stack.
std::vector<StackLayer> ReadStack(const io::DeckNode& root, const std::string& folder);

/// Reads the layout's file (rank 0, one broadcast) and puts its layers before the deck's shapes, as
/// what is drawn in the deck covers them; fills grid.size where `has_size` says that the deck
/// leaves it out, and adds the ports. Nothing without a layout. Collective. UserError with the
/// deck's place for what the file or the section layout lack.
void ExpandLayout(MPI_Comm comm, bool has_size, DeckOptions& options);

}  // namespace symwave::jobs::deck
