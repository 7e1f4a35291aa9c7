// Eigenpairs of a cross-section's transverse operator.
#pragma once

#include <mpi.h>

#include <complex>
#include <vector>

#include "solvers/modes/waveguide_operator.hpp"

namespace symwave::solvers::modes {

/// A d = kappa^2 B d.
struct PlanePair {
  Complex kappa2;
  std::vector<Complex> d;  ///< op.Unknowns()
};

/// Rows that one rank solves alone: the many solves with one right-hand side gain nothing from more
/// ranks, so that memory alone asks for them.
constexpr int kRowsPerRank = 50000;

/// The `count` pairs of largest kappa^2 (fewer when there are fewer unknowns), largest first, the
/// same on every rank. Degenerate pairs are orthogonal in e^T K d' and separated by their share of
/// e_u, largest first. Collective. SLEPc's Krylov-Schur with shift and invert just above the
/// largest possible kappa^2 of a dielectric, LU by MUMPS. Rows are spread over as many ranks as
/// have `rows_per_rank` each. UserError when SLEPc does not find the pairs.
std::vector<PlanePair> LargestPairs(MPI_Comm comm, const PlaneOperator& op, int count,
                                    int rows_per_rank = kRowsPerRank);

}  // namespace symwave::solvers::modes
