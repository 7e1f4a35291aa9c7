// `symwave show DECK`: one picture of what a deck describes.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/deck/schema.hpp"

namespace symwave::jobs::show {

/// Draws the device of a deck (postproc/show) into `path`, whose ending .png, .svg or .pdf is its
/// format; "": <name of the deck>.png in the working directory. The exit code of the script.
/// Collective; rank 0 draws. UserError for a bench, another ending, and what DeviceSketch refuses.
int ShowDeck(MPI_Comm comm, const deck::Deck& deck, std::string path);

}  // namespace symwave::jobs::show
