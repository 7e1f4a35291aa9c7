// Pictures of fields on planes of a lattice.
#pragma once

#include <array>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::simulate::time {

/// Everything below is collective on the file's communicator.

/// Refractive index (real part) at `omega` on the points of `box` of the first electric component
/// that the lattice has, x fastest.
std::vector<float> IndexOn(const device::TimeDomainProblem& problem, const domain::IndexBox& box,
                           double omega);

/// The same on nodes: the mean of both sides where that component stands on halves.
std::vector<float> IndexOnNodes(const device::TimeDomainProblem& problem,
                                const domain::IndexBox& box, double omega);

/// The real part of the permittivity in the same way.
std::vector<float> PermittivityOnNodes(const device::TimeDomainProblem& problem,
                                       const domain::IndexBox& box, double omega);

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
void WriteViews(io::Hdf5File& file, const device::TimeDomainProblem& problem,
                const std::vector<std::vector<solvers::fdtd::DftBlock>>& fields, int omega_number,
                const std::array<double, 3>& through);

}  // namespace symwave::jobs::simulate::time
