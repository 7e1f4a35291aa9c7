// Who takes the fields of a run, as its deck says.
#pragma once

#include "jobs/run/run_context.hpp"

namespace symwave::jobs::run {

/// Collective: adds to the context what the sections insitu and output.fields of the deck ask for;
/// nothing where they ask for nothing.
void AddTakers(RunContext& context, const deck::DeckOptions& options);

}  // namespace symwave::jobs::run
