// What stands on a lattice at one frequency, where media may be lossy, metals, or uneven, and its
// averages at the points of E.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/materials.hpp"
#include "domain/medium.hpp"
#include "domain/point_changes.hpp"
#include "domain/structure.hpp"

namespace symwave::domain {

/// Cheap to copy.
struct FrequencyMedia {
  std::shared_ptr<const Structure> structure;
  PermittivityTable materials;  ///< eps of every material of the structure
  /// Of those that are anisotropic, eps along x, y and z.
  std::map<std::string, std::array<Complex, 3>> diagonal;
  std::string background;  ///< the material without an index error
  /// Index added to every other material at (x, y); empty: none.
  std::function<double(double, double)> index_error;
  /// Thickness [um] added at (x, y) to the films that two dimensions stand for, and what that adds
  /// to the index of their materials [1/um], to first order; empty: none.
  std::function<double(double, double)> film_error;
  std::map<std::string, Complex> index_per_film;
  /// Averaged with the mirror image about the middle of the x axis, so that rounding cannot break
  /// the symmetry.
  bool mirror_symmetric = false;
};

/// Element (1/eps)_xy at a node, as NodeCoupling.
struct ComplexCoupling {
  std::array<int, 3> node{0, 0, 0};
  Complex inverse_eps;
};

/// eps at the points of components of E, as both arguments say; x fastest (IndexBox::Offset).
/// Values depend on the point alone; points beyond walls continue.
struct PermittivityMap {
  std::function<std::vector<Complex>(Component, const IndexBox&)> sample;
  /// Couplings that are not zero at the nodes of a box, none in a PML or at an end of the lattice.
  /// Null: none anywhere.
  std::function<std::vector<ComplexCoupling>(const IndexBox&)> couple;
  bool mirror_symmetric = false;     ///< about the middle of the x axis, to the last bit
  bool metals = false;               ///< Re eps <= 0 may stand somewhere
  std::vector<PointChange> changes;  ///< that WithChanges has added
};

/// Averages over the control volumes (yee_media.hpp): with the share f_m of medium m and the
/// interface normal n there,
///   1/eps = n_a^2 <1/eps_m> + (1 - n_a^2) / <eps_m>     for component a,
///   (1/eps)_xy = n_x n_y (<1/eps_m> - 1 / <eps_m>)      at nodes
/// (Farjadpour et al., Opt. Lett. 31, 2972 (2006); Werner and Cary, J. Comput. Phys. 226, 1085
/// (2007)) in complex numbers. Couplings are no larger than that every matrix of a node stays
/// definite; beside metals and anisotropic media there are none. UserError for a material of the
/// structure that the table lacks.
PermittivityMap MakePermittivityMap(const Lattice& lattice, const FrequencyMedia& media);

/// With eps added at points, after all averages. Symmetric only if the changes are: not marked so.
PermittivityMap WithChanges(const PermittivityMap& map, std::vector<PointChange> changes);

/// Of media of the time domain, as a leapfrog steps them or in the continuum (dt = 0).
PermittivityMap PermittivityAt(const MediumMap& media, const SteppedFrequency& frequency);

/// For a leapfrog, which at `frequency` has exactly these values: eps is the real part, the
/// conductivity makes the imaginary one. Where Re eps < 1 in a map with metals, eps is |Re eps| or
/// 1 if larger, and free charges without damping, the second one of the media, add -2 times their
/// share; their plasma is no faster than 1.42 times the frequency, so that no smaller time step is
/// needed. Couplings are those that a leapfrog can integrate (LimitedCouplings). UserError from
/// `sample` where Im eps < 0, and for Re eps <= 0 in a map that is not marked to have metals.
MediumMap MakeMediumMap(const Lattice& lattice, const PermittivityMap& map,
                        const SteppedFrequency& frequency);

}  // namespace symwave::domain
