// `symwave plan`, and the plan of this machine in `symwave check`.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>

#include "jobs/deck/schema.hpp"
#include "jobs/plan/deck_plan.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::cli {

/// Collective. The machine of `path`; where that is empty, of the file of this user, if there is
/// one. UserError: see ReadMachine.
std::optional<run::Machine> KnownMachine(MPI_Comm comm, const std::string& path);

/// Collective. The machine of `path`; where that is empty, of the file of this user, and where
/// there is none, the rates that `work` asks for, measured here for a second or two. UserError: see
/// ReadMachine.
run::Machine MachineFor(MPI_Comm comm, const std::string& path, const run::Work& work);

/// Collective. What `job` takes of any machine, after its Memory and Check, with its frames and
/// what its ranks hold already.
run::Work WorkOf(MPI_Comm comm, run::Job& job, const deck::DeckOptions& options);

/// Collective. The ranks of `comm`, on nodes with as many of them as the fullest has.
run::RankLayout LayoutHere(MPI_Comm comm, int threads);

/// Collective. Lines on time and memory of a run on these ranks.
std::string PlanHere(MPI_Comm comm, const run::Work& work);

/// Collective. Table or JSON; builds nothing large, and solves nothing but port modes. UserError as
/// for check, but not for memory that this machine lacks.
std::string PlanDeck(MPI_Comm comm, const deck::Deck& deck, const plan::PlanOptions& options);

}  // namespace symwave::jobs::cli
