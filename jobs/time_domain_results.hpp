// What a run in time domain leaves: the datasets of the frequency domain and those that only it
// has.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/field_file.hpp"
#include "io/hdf5.hpp"
#include "jobs/results.hpp"
#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs {

/// Everything below is collective on the file's communicator.

/// The datasets of WriteScattering and, per mode, group index, TE fraction and effective area.
void WriteSpectrum(io::Hdf5File& file, const TimeDomainProblem& problem,
                   const solvers::fdtd::ScatteringSpectrum& spectrum);

/// Attribute `converged` of the file, 0 or 1.
void WriteConverged(io::Hdf5File& file, bool converged);

/// Largest error of the power balance: in lossless media what seems absorbed, else what seems
/// amplified.
double BalanceError(const solvers::fdtd::ScatteringSpectrum& spectrum, bool lossless);

/// Refractive index (real part) at `omega` on the points of `box` of the first electric component
/// that the lattice has, x fastest.
std::vector<float> IndexOn(const TimeDomainProblem& problem, const domain::IndexBox& box,
                           double omega);

/// What WriteViews shows of a box: in 3D the three planes through the node nearest to `through`, in
/// 2D the box.
std::vector<domain::IndexBox> ViewBoxes(const domain::Lattice& lattice,
                                        const domain::IndexBox& whole,
                                        const std::array<double, 3>& through);

/// Pictures of fields[input][box]: group view (the xy plane), in 3D also view_xz and view_yz,
/// through the node nearest to `through`: x, y (the coordinates of the plane), index, field[input],
/// |E| as modulus[input] where several components of E are there, and the attributes component,
/// wavelength, axes, position and mirror (the sign of the field's mirror image beyond the beginning
/// of either axis, 0: none). Thinned to at most half a million points. The boxes are one, or those
/// of ViewBoxes.
void WriteViews(io::Hdf5File& file, const TimeDomainProblem& problem,
                const std::vector<std::vector<solvers::fdtd::DftBlock>>& fields, int omega_number,
                const std::array<double, 3>& through);

/// Field file `stem`: real and imaginary part of every component at one frequency, modulus of E or
/// H, index. `whole`: the box that the blocks of all ranks fill. Components are drawn at the node
/// of their number, up to half a cell from where they are.
void WriteFieldBlock(MPI_Comm comm, const std::string& stem, const TimeDomainProblem& problem,
                     const domain::IndexBox& whole, const solvers::fdtd::DftBlock& block,
                     int omega_number);

/// Work of all ranks. Collective.
struct WorkTotals {
  double cell_steps = 0;
  double seconds = 0;         ///< update, halo and monitors of the slowest rank
  double bytes_per_cell = 0;  ///< fields, PML, media
  double monitor_bytes = 0;
  double halo_share = 0;  ///< of the time
  double McellsPerSecond() const { return seconds > 0 ? cell_steps / seconds * 1e-6 : 0; }
};
WorkTotals TotalWork(MPI_Comm comm, const std::vector<solvers::fdtd::EngineStatistics>& work,
                     long cells);

}  // namespace symwave::jobs
