// Sources of the time domain at one frequency: dipoles, plane waves and beams drive the frequency
// domain by the transforms of their signals, so that both solvers launch the same light.
//
// At w' with 2 sin(w' dt / 2) / dt = w the leapfrog has the operator of the frequency domain at w,
// and so has the line that drives a plane wave: nothing leaks out of an empty box.
#pragma once

#include <vector>

#include "solvers/fdfd/driven_fields.hpp"
#include "solvers/fdtd/signal.hpp"

namespace symwave::solvers::fdfd {

/// w' of a leapfrog of steps dt [um] for w. UserError where no step of dt has it.
double SteppedTwin(double omega, double dt);

/// The currents of all entries at w, over `spectrum`: dt sum_n signal exp(i w' t_n), t_n = (n +
/// 1/2) dt for what drives E and n dt for H. Runs the signals to their end. Not collective.
std::vector<PointCurrent> CurrentsAt(const fdtd::Current& current, const domain::Lattice& lattice,
                                     double dt, double omega, Complex spectrum);

}  // namespace symwave::solvers::fdfd
