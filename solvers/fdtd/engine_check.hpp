// What no engine can be made of, found without making one.
#pragma once

#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// Refuses what MakeEngine refuses, without building anything. Collective. UserError as MakeEngine.
void RequireEngine(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
                   const EngineOptions& options);

}  // namespace symwave::solvers::fdtd
