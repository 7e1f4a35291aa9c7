// The media of a plane of modes, all of it on every rank.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "domain/frequency_media.hpp"
#include "domain/medium.hpp"
#include "solvers/modes/waveguide.hpp"
#include "solvers/modes/waveguide_operator.hpp"

namespace symwave::solvers::modes {

/// What modes ask of media, at one frequency.
struct ModeMedia {
  /// eps and its derivative by omega [um] at the points of a box, x fastest.
  std::function<std::array<std::vector<Complex>, 2>(domain::Component, const domain::IndexBox&)>
      sample;
  /// As MediumMap::couple, real parts; null: none anywhere.
  std::function<std::vector<domain::NodeCoupling>(const domain::IndexBox&)> couple;
};

/// Poles and conductivity are those of steps dt > 0 [um], or of the continuum (0).
ModeMedia ModeMediaOf(const domain::MediumMap& media, double omega, double dt);
/// Without slopes.
ModeMedia ModeMediaOf(const domain::PermittivityMap& media);

/// Every rank evaluates a slice across the plane's slow axis, and all get the whole plane.
/// Collective.
PlaneMedium SamplePlane(MPI_Comm comm, const domain::Lattice& lattice, const ModeMedia& media,
                        const WaveguidePlane& plane);

}  // namespace symwave::solvers::modes
