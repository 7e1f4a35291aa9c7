// Leapfrog integration of Maxwell's equations on the Yee lattice, distributed over MPI ranks.
//
//   H^{n+1/2} = H^{n-1/2} + dt (-curl E^n + K^n)
//   E^{n+1}   = E^n + dt / eps (curl H^{n+1/2} - dP/dt + J^{n+1/2})       (c = eps0 = mu0 = 1)
//
// with J and K the driving currents (K drives H with a plus sign), stretched in the PML (CPML,
// Roden and Gedney, Microw. Opt. Tech. Lett. 27, 334 (2000)). Several steps are taken in one pass
// over the memory ("block"); the order of operations at every point is that of single steps.
#pragma once

#include <mpi.h>

#include <array>
#include <complex>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/yee/transforms.hpp"

namespace symwave::solvers::fdtd {

using Complex = std::complex<double>;

enum class Precision { Float32, Float64 };

/// Grading of the PML over its depth d in 0..1: sigma = sigma_max d^order, kappa = 1 + (kappa_max -
/// 1) d^order, alpha = alpha_max (1 - d); sigma_max makes exp(-2 int sigma) = reflection at normal
/// incidence in index `index`.
struct PmlOptions {
  double order = 3;
  double reflection = 1e-8;
  double kappa_max = 1;
  double alpha_max = 0.05;  ///< 1/um
  double index = 1;
  /// Poles of a lower frequency [1/um] are damped inside the PML (pml_media.hpp).
  double damped_below = std::numeric_limits<double>::infinity();
};

struct EngineOptions {
  Precision precision = Precision::Float32;
  double courant = 0.95;  ///< dt over Lattice::CourantLimit()
  PmlOptions pml;
  int block = 0;      ///< time steps per pass over the memory; 0: chosen; 1: none
  int tile = 0;       ///< rows along y that a pass keeps in the cache; 0: chosen
  int threads = 1;    ///< OpenMP threads per rank
  bool fused = true;  ///< false: H everywhere, then E everywhere (reference)
  /// Halos between ranks of a node through shared memory; false: by messages (reference).
  bool shared_halos = true;
  std::array<int, 3> ranks{0, 0, 0};  ///< blocks along each axis; 0: chosen by cost
};

using yee::DftBlock;
using yee::DftRequest;

/// Counts of the work done by this rank since construction or the last Reset().
struct EngineStatistics {
  long steps = 0;
  double cell_steps = 0;        ///< owned points times steps
  double redundant_steps = 0;   ///< halo points updated beside them
  int block = 1;                ///< steps per pass over the memory, as chosen
  std::string instruction_set;  ///< of the innermost loops
  double halo_bytes = 0;        ///< passed to other ranks
  long halo_messages = 0;
  double seconds_update = 0;
  double seconds_halo = 0;  ///< packing and waiting
  double seconds_monitors = 0;
  double field_bytes = 0;  ///< memory of fields, PML, polarisations
  double medium_bytes = 0;
  double monitor_bytes = 0;  ///< of transforms: sums and samples not yet added to them
};

/// eps (of dispersive media eps_inf) and conductivity at one point of a component of E.
struct PointMedium {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  double eps = 1;
  double conductivity = 0;  ///< 1/um
};

/// All members except the accessors are collective.
class Engine : public yee::Transforms {
 public:
  virtual long Step() const = 0;  ///< steps taken: E is at Step() * TimeStep()
  /// Points that this rank owns, disjoint between ranks; and those it holds a copy of.
  virtual domain::IndexBox Owned() const = 0;
  virtual domain::IndexBox Held() const = 0;

  /// Each rank may pass only the entries whose point, or a periodic image of it, lies in Held();
  /// others are ignored. The signals are evaluated on every rank, once for every step in order.
  virtual void AddCurrent(const Current& current) = 0;
  /// Records a component at a global point after every step. Number of the probe.
  virtual int AddProbe(domain::Component component, const std::array<int, 3>& point) = 0;

  virtual void Advance(long steps) = 0;
  /// Back to step 0 with all fields zero, without currents, transforms and probes, and with counts
  /// from zero; the media stay.
  virtual void Reset() = 0;
  /// Before the first step: other media at points, all of them on every rank. Poles and couplings
  /// stay, and so do eps and conductivity of all other points; that the leapfrog integrates the new
  /// ones stably is the caller's part.
  virtual void SetMedia(const std::vector<PointMedium>& points) = 0;

  /// Energies take the diagonal of 1/eps: beside couplings (MediumMap::couple) they are off by a
  /// few percent of what the interfaces hold, and ConservedEnergy() oscillates by as much.
  ///
  /// 1/2 sum (eps_inf E^2 + H^2) dV over the whole lattice, E at Step() and H half a step before:
  /// oscillates slightly, does not grow.
  virtual double Energy() const = 0;
  /// E^n . D^n + H^{n-1/2} . H^{n+1/2}, halved: exactly conserved by the leapfrog in a closed
  /// lossless box. Costs one H update.
  virtual double ConservedEnergy() const = 0;

  /// The whole record, on every rank.
  virtual std::vector<double> Probe(int number) const = 0;
  /// Values on the owned points of `box`, x fastest over Intersect(Owned(), box); `part` 1: the
  /// imaginary part under Bloch walls.
  virtual std::vector<double> Field(domain::Component component, const domain::IndexBox& box,
                                    int part = 0) const = 0;
  /// Sets a component on the owned points from a function of the global point.
  virtual void SetField(domain::Component component,
                        const std::function<double(int i, int j, int k)>& value, int part = 0) = 0;
  virtual EngineStatistics Statistics() const = 0;

  /// Hands all that a later step depends on to `archive`, or takes it from there: fields, PML
  /// memory, polarisations, the states of signals, transforms with the samples that wait to be
  /// added, probes, counts. Before restoring, the same currents, transforms and probes are added as
  /// had been when saving, in the same order. The steps that follow are those of the engine that
  /// was saved: bit for bit on as many ranks, to rounding on others. UserError on every rank where
  /// lattice, media, precision, PML, currents or monitors are others.
  virtual void SaveOrRestore(base::StateArchive& archive) = 0;
};

/// UserError for media or boundaries that the leapfrog cannot integrate stably, and for more ranks
/// than the lattice can be cut into.
std::unique_ptr<Engine> MakeEngine(MPI_Comm comm, const domain::Lattice& lattice,
                                   const domain::MediumMap& media, const EngineOptions& options);

}  // namespace symwave::solvers::fdtd
