// What decides the course of a run, and what may change before it goes on.
#pragma once

#include <mpi.h>

#include <string>

#include "io/fingerprint.hpp"
#include "jobs/deck/schema.hpp"

namespace symwave::jobs::run {

/// Keys of a deck that may differ when a run goes on: its title, where and when it writes, how long
/// it trains, what is swept afterwards, and how it is computed but for the precision.
bool DoesNotDecide(const std::string& key);

/// Where the fingerprint of a run stands in its results.h5.
inline constexpr const char* kFingerprint = "/meta/fingerprint";

/// Collective. UserError where the checkpoints in `folder` ("": none) are of another run.
void RequireSameRun(MPI_Comm comm, const io::Fingerprint& now, const std::string& folder);

/// Collective. Whether the results in `folder` can be read and are of this run. UserError where
/// they are of another one.
bool HasResultsOf(MPI_Comm comm, const io::Fingerprint& now, const std::string& folder);

/// Collective, where HasResultsOf is true. Whether the deck asks for what these results do not
/// hold: another number of epochs, another sweep, other fields.
bool AsksForMore(MPI_Comm comm, const deck::Deck& now, const std::string& folder);

/// Collective. The other keys of the resolved deck, and the content of the files that it names.
/// UserError where such a file cannot be read.
io::Fingerprint FingerprintOf(MPI_Comm comm, const deck::Deck& deck);

}  // namespace symwave::jobs::run
