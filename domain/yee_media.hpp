// A structure on the Yee lattice: subpixel-averaged media at every point of E.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "domain/structure.hpp"
#include "domain/subpixel.hpp"

namespace symwave::domain {

/// Averages over the control volume of each E point (a cell width along the component, the node
/// spacing along the other axes; at walls the inner half, closed by its mirror image). With f_m the
/// part of the volume that medium m fills and eps_m = Re eps_m(omega),
///   1/eps = n_a^2 <1/eps_m> + (1 - n_a^2) / <eps_m>     for component a
/// (Farjadpour et al., Opt. Lett. 31, 2972 (2006), diagonal part); `couple` gives the element
///   (1/eps)_xy = n_x n_y (<1/eps_m> - 1 / <eps_m>)
/// of volumes around the nodes, made by outlines that are not parallel to the axes, among media
/// without loss and poles, as LimitedCouplings (node_coupling.hpp) allows it. n_a is the mean of
/// |d_a eps| over the volume, normalised over the axes: the normal of a plane interface, and that
/// of a thin film, whose two sides do not cancel. Media act with the slope w_m = d eps / d eps_m of
/// this mixture:
///   conductivity = sum w_m conductivity_m,  share_m = min(w_m, 1),
///   eps_inf = eps - sum share_m (eps_m - eps_inf_m),
/// so that value and, in first order, dispersion and loss at omega are those of the formula (w_m >
/// 1, in media of low eps normal to the interface, keeps the value only). Metals, Re eps_m(omega)
/// <= 0 anywhere in the band, are averaged (by eps_inf, with the share f_m) only where the
/// component lies along their surface, n_a = 0; else the volume is all metal or none, whichever
/// fills more: a mixture would resonate inside the band. Walls of metals on nodes of the lattice
/// are second order by that, since no point of the component across them lies nearer than half a
/// cell; walls elsewhere are displaced by up to half a cell for this component, which is first
/// order.
///
/// Anisotropic media are averaged by the eps of each component alone, which is exact for interfaces
/// across the axes; beside oblique ones the elements off the diagonal are left out.
///
/// Bodies (Structure::Painted) are painted into the control volumes that they reach into, by
/// BodyFill (body_fill.hpp); all other points have what the layers give, to the last bit.
///
/// `band` holds the lowest and the highest omega [1/um], omega being its middle; it may be 0 where
/// no medium has poles.
///
/// A volume that one medium fills to 1e-7 or better has exactly this medium's values. Periodic axes
/// repeat the structure between their ends; in 2D the structure is that of height 0. `sample`
/// remembers the cross-sections of the last window in x and y, may be called by several threads,
/// and costs the points of the box plus, for a new window, the edges of the outlines.
///
/// `media` are found by their names. UserError for a material of the structure without a medium,
/// and for media that CheckMedium rejects.
MediumMap MakeMediumMap(const Lattice& lattice, const Structure& structure,
                        std::vector<Medium> media, std::array<double, 2> band);
/// The same for a band of one frequency.
MediumMap MakeMediumMap(const Lattice& lattice, const Structure& structure,
                        std::vector<Medium> media, double omega = 0);

/// A point of a lattice, the number of the medium that fills its control volume, -1 where there are
/// several, and what they fill, then.
using VisitFilling =
    std::function<void(const std::array<int, 3>& point, int medium, const Filling& filling)>;

/// What fills the control volumes around the points of a component of E, or around the nodes, in a
/// box, before any average. Callable as MediumMap::sample is.
struct FillingMap {
  std::function<void(Component, const IndexBox&, const VisitFilling&)> points;
  std::function<void(const IndexBox&, const VisitFilling&)> nodes;
};

/// Media are numbered as `names`; the jumps of `eps` weigh the interfaces between them.
FillingMap MakeFillingMap(const Lattice& lattice, const Structure& structure,
                          const std::vector<std::string>& names, const std::vector<double>& eps);

}  // namespace symwave::domain
