// What a deck says of the training of a chip must fit together.
#pragma once

#include "io/deck.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// UserError for job: train without data, elements or ports, with lists that have not an entry per
/// wavelength, and with what a training cannot have.
void CheckTraining(const DeckOptions& options, const io::DeckNode& root);

}  // namespace symwave::jobs::deck
