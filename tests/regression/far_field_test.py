"""far_field_test.py SYMWAVE: far fields over substrates, films, metal and mirror planes against
closed forms; and what is refused.
"""
import sys
import unittest

import numpy as np

import time_domain_deck

time_domain_deck.SYMWAVE = sys.argv.pop(1)

OMEGA = 2 * np.pi


def half_space(up, omega, lower, upper, ends, middle, across, magnetic):
    """u(0) of the wave of unit amplitude exp(-i k d r) from above (up) or below in layers `lower`,
    *middle, `upper` with the interfaces `ends`, by matching at all of them at once. u is E_z, or H_z
    of a wave with |E| = 1.
    """
    eps = np.array([lower, *middle, upper], dtype=complex)
    kz = np.sqrt(eps * omega**2 - across**2 + 0j)
    kz = np.where(kz.imag < 0, -kz, kz)
    slope = kz / (eps if magnetic else 1)
    count = len(eps)
    # Unknowns: upward and downward amplitudes of every layer, at y = 0.
    system = np.zeros((2 * count, 2 * count), dtype=complex)
    right = np.zeros(2 * count, dtype=complex)
    for m, y in enumerate(ends):
        for side, sign in ((m, 1), (m + 1, -1)):
            for way, s in ((0, 1), (1, -1)):
                wave = np.exp(1j * s * kz[side] * y)
                system[2 * m, 2 * side + way] = sign * wave
                system[2 * m + 1, 2 * side + way] = sign * s * slope[side] * wave
    # The wave comes from one side, nothing from the other.
    system[-2, 2 * count - 1 if up else 0] = 1
    right[-2] = np.sqrt(eps[-1 if up else 0]) if magnetic else 1
    system[-1, 0 if up else 2 * count - 1] = 1
    u = np.linalg.solve(system, right)
    return lambda y: sum(u[2 * layer + way] * np.exp(1j * s * kz[layer] * y)
                         for layer in [int(np.searchsorted(ends, y))]
                         for way, s in ((0, 1), (1, -1)))


def line_current(angle, height, layers, ends, magnetic=False, omega=OMEGA):
    """Intensity of a line current (E_z, or H_z for magnetic) at a height over y-stacked layers of
    permittivities `layers`, per angle from x.
    """
    values = []
    for phi in angle:
        up = np.sin(phi) >= 0
        index = np.sqrt(layers[-1 if up else 0])
        k = index * omega
        u = half_space(up, omega, layers[0], layers[-1], ends, layers[1:-1], k * np.cos(phi),
                       magnetic)(height)
        values.append(0.5 * index * omega**2 * abs(u)**2 / (8 * np.pi * k))
    return np.array(values)


class FarField(time_domain_deck.DeckTest):
    def expect_pattern(self, far, wanted, tolerance):
        """Intensity over its largest value, and power far away against flux."""
        error = np.abs(far["intensity"][0] - wanted).max() / wanted.max()
        self.assertLess(error, tolerance)
        # The flux counts cos(k h / 2) of a wave: 1.2 % less at 20 cells per wavelength.
        np.testing.assert_allclose(far["power"], far["flux"], rtol=0.014)

    # 20 cells per wavelength in air: (k h)^2 / 24 = 0.4 % of phase per radian in air and more in
    # glass, a point current off by (k h)^2 / 24; measured 2e-2 at most.

    def test_dipole_over_a_substrate(self):
        far = self.compute("polarization: Ez, cell: 0.04 um, size: [2.4 um, 2.4 um]", """
background: air
shapes: [{type: box, material: glass, centre: [0, -10 um], size: [40 um, 20 um]}]
sources: [{type: dipole, at: [0, 0.48 um], component: Ez}]
monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1.6 um, 1.6 um], angles: 72}]
""")["ff"]
        wanted = line_current(far["phi"], 0.48, [2.25, 1], [0])
        self.expect_pattern(far, wanted, 0.03)
        self.assertAlmostEqual(far["power_below"][0] + far["power_above"][0], far["power"][0])
        np.testing.assert_allclose(far["index"], [[1.5, 1]])

    def test_film_between_half_spaces_along_x_with_hz(self):
        # Layers across x: the closed form's y is x, its x is -y; off the middle wavelength.
        found = self.compute("polarization: Hz, cell: 0.025 um, size: [2.4 um, 2.4 um]", """
background: air
shapes:
  - {type: box, material: glass, centre: [10 um, 0], size: [20 um, 40 um]}
  - {type: box, material: film, centre: [-0.1 um, 0], size: [0.2 um, 40 um]}
sources: [{type: dipole, at: [-0.5 um, 0], component: Hz}]
monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1.6 um, 1.6 um], angles: 72}]
""", "0.9 um, 1 um, 1.1 um")
        far = found["ff"]
        for w, wavelength in ((0, 0.9), (2, 1.1)):
            wanted = line_current(far["phi"] + np.pi / 2, -0.5, [1, 4, 2.25], [-0.2, 0], True,
                                  2 * np.pi / wavelength)
            error = np.abs(far["intensity"][w] - wanted).max() / wanted.max()
            self.assertLess(error, 0.04)
        # So far from the film and near its cut-off, it guides next to nothing.
        np.testing.assert_allclose(far["power"], far["flux"], rtol=0.01)

    def test_film_that_guides_the_light_of_a_dipole_inside(self):
        far = self.compute("polarization: Ez, cell: 0.025 um, size: [2.4 um, 2.4 um]", """
background: air
shapes: [{type: box, material: film, centre: [0, 0.1 um], size: [40 um, 0.3 um]}]
sources: [{type: dipole, at: [0, 0.05 um], component: Ez}]
monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1.6 um, 1.6 um], angles: 72}]
""")["ff"]
        wanted = line_current(far["phi"], 0.05, [1, 4, 1], [-0.05, 0.25])
        error = np.abs(far["intensity"][0] - wanted).max() / wanted.max()
        self.assertLess(error, 0.03)
        # Most of the light is guided along the film, through the faces of the box.
        self.assertLess(far["power"][0], 0.5 * far["flux"][0])

    def test_dipole_over_a_metal_half_space(self):
        far = self.compute("polarization: Ez, cell: 0.025 um, size: [2 um, 2 um]", """
background: air
shapes: [{type: box, material: silver, centre: [0, 10 um], size: [40 um, 20 um]}]
sources: [{type: dipole, at: [0, -0.3 um], component: Ez}]
monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1.4 um, 1.4 um], angles: 72}]
""")["ff"]
        eps = 1 - 400 / (OMEGA * (OMEGA + 0.1j))
        down = np.sin(far["phi"]) < -1e-9
        wanted = np.zeros_like(far["phi"])
        for n in np.flatnonzero(down):
            u = half_space(False, OMEGA, 1, eps, [0], [], OMEGA * np.cos(far["phi"][n]), False)
            wanted[n] = 0.5 * OMEGA * abs(u(-0.3))**2 / (8 * np.pi)
        error = np.abs(far["intensity"][0] - wanted).max() / wanted.max()
        self.assertLess(error, 0.03)

    def test_dipole_over_ground_planes(self):
        # E_z over PEC and H_z over PMC: the image is opposite, else equal. The ground below, above,
        # left and right; the box stands on it or away from it.
        for polarization, wall, sign in (("Ez", "pec", -1), ("Hz", "pec", 1), ("Ez", "pmc", 1),
                                         ("Hz", "pmc", -1)):
            for axis, side in ((0, 0), (1, 1)):
                ends = ["pml", "pml"]
                pair = [wall, "pml"] if side == 0 else ["pml", wall]
                ends[axis] = f"[{', '.join(pair)}]"
                away = -0.6 if side == 0 else 0.6
                at, centre, size = [0.0, 0.0], [0.0, 0.0], [1.6, 1.6]
                at[axis] = away
                if axis == 1:  # on the ground
                    size[axis], centre[axis] = 1.4, 0.3 * np.sign(away)
                far = self.compute(
                    f"polarization: {polarization}, cell: 0.05 um, size: [2 um, 2 um], "
                    f"boundary: [{', '.join(ends)}]", f"""
background: air
sources: [{{type: dipole, at: {at}, component: {polarization}}}]
monitors: [{{type: near_to_far, name: ff, centre: {centre}, size: {size}, angles: 72}}]
""")["ff"]
                normal = np.cos(far["phi"] - axis * np.pi / 2)
                if side == 1:
                    normal = -normal
                # The ground lies 0.4 um from the source.
                wave = np.exp(-1j * OMEGA * 0.4 * normal)
                wanted = OMEGA / (16 * np.pi) * abs(wave + sign / wave)**2 * (normal > -1e-9)
                with self.subTest(polarization=polarization, wall=wall, axis=axis):
                    self.expect_pattern(far, wanted, 0.03)

    def test_dipole_in_a_corner_of_walls(self):
        # PEC to the left, PMC below, the source 0.4 um from one and 0.3 um from the other: images
        # of the signs -, + and -.
        far = self.compute(
            "polarization: Ez, cell: 0.05 um, size: [2 um, 2 um], "
            "boundary: [[pec, pml], [pmc, pml]]", """
background: air
sources: [{type: dipole, at: [-0.6 um, -0.7 um], component: Ez}]
monitors: [{type: near_to_far, name: ff, centre: [-0.2 um, -0.2 um], size: [1.6 um, 1.6 um],
            angles: 72}]
""")["ff"]
        x, y = np.cos(far["phi"]), np.sin(far["phi"])
        wanted = OMEGA / (16 * np.pi) * abs(4 * np.sin(OMEGA * 0.4 * x) *
                                            np.cos(OMEGA * 0.3 * y))**2
        wanted[(x < -1e-9) | (y < -1e-9)] = 0
        self.expect_pattern(far, wanted, 0.04)

    def test_dipole_over_ground_in_three_dimensions(self):
        # Along the normal the image is equal, across it opposite; the ground stands at high x.
        for component in ("Ex", "Ey"):
            far = self.compute(
                "cell: 0.05 um, size: [1.2 um, 1.2 um, 1.2 um], "
                "boundary: [[pml, pec], pml, pml]", f"""
background: air
sources: [{{type: dipole, at: [0.3 um, 0, 0], component: {component}}}]
monitors:
  - {{type: near_to_far, name: ff, centre: [0.1 um, 0, 0], size: [1 um, 0.8 um, 0.8 um], angles: 12,
     polar_angles: 13}}
""")["ff"]
            x = np.sin(far["theta"]) * np.cos(far["phi"])
            along = x if component == "Ex" else np.sin(far["theta"]) * np.sin(far["phi"])
            array = np.cos(OMEGA * 0.3 * x) if component == "Ex" else np.sin(OMEGA * 0.3 * x)
            wanted = 0.5 * (OMEGA / (4 * np.pi))**2 * (1 - along**2) * abs(2 * array)**2
            wanted[x > 1e-9] = 0
            error = np.abs(far["intensity"][0] - wanted).max() / wanted.max()
            # A point current in 3D is off by (k h)^2 / 10 at 20 cells per wavelength, and so on.
            self.assertLess(error, 0.04)
            np.testing.assert_allclose(far["power"], far["flux"], rtol=0.02)

    def test_dipole_over_a_film_on_metal(self):
        # The layers end on a PEC wall: they go on as their image, the source as its opposite.
        for polarization, sign in (("Ez", -1), ("Hz", 1)):
            far = self.compute(
                f"polarization: {polarization}, cell: 0.025 um, size: [2 um, 2 um], "
                "boundary: [pml, [pec, pml]]", f"""
background: air
shapes: [{{type: box, material: glass, centre: [0, -5.8 um], size: [40 um, 10 um]}}]
sources: [{{type: dipole, at: [0, -0.4 um], component: {polarization}}}]
monitors: [{{type: near_to_far, name: ff, centre: [0, -0.1 um], size: [1.4 um, 1.8 um], angles: 72}}]
""")["ff"]
            wanted = np.zeros_like(far["phi"])
            for n in np.flatnonzero(np.sin(far["phi"]) > 1e-9):
                # Heights from the metal: glass up to 0.2 um, the source at 0.6 um.
                u = half_space(True, OMEGA, 1, 1, [-0.2, 0.2], [2.25],
                               OMEGA * np.cos(far["phi"][n]), polarization == "Hz")
                wanted[n] = OMEGA * abs(u(0.6) + sign * u(-0.6))**2 / (16 * np.pi)
            error = np.abs(far["intensity"][0] - wanted).max() / wanted.max()
            self.assertLess(error, 0.03)
            self.assertTrue(np.all(far["power_below"] == 0))

    def test_light_that_comes_back_from_the_pml_is_named(self):
        deck = ("polarization: Ez, cell: 0.05 um, size: [2 um, 2 um]", """
background: air
sources: [{type: dipole, at: [0, 0.7 um], component: Ez}]
monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1.8 um, 1.8 um], angles: 36}]
""")
        self.assertEqual(self.compute(*deck)["warnings"], [])
        warnings = self.compute(*deck, options=("--set", "grid.pml=0.1um"))["warnings"]
        self.assertIn("times the power that leaves its box", warnings[-1])

    def test_half_model_has_the_far_field_of_the_whole(self):
        body = """
background: air
shapes:
  - {{type: box, material: glass, centre: [0, -10 um], size: [40 um, 20 um]}}
  - {{type: box, material: film, centre: [0, 0.3 um], size: [0.6 um, 0.2 um]}}
sources: [{{type: dipole, at: [0, 0.7 um], component: {}}}]
monitors: [{{type: near_to_far, name: ff, centre: [0, 0.2 um], size: [1.6 um, 1.6 um], angles: 40}}]
"""
        # H_z is odd across a PEC plane's normal and even for E across: its dipole on x = 0 is kept
        # by PEC, that of E_z by PMC.
        for component, wall in (("Ez", "pmc"), ("Hz", "pec")):
            grid = (f"polarization: {component}, cell: [0.04 um, 0.0401 um], "
                    "size: [2.4 um, 2.406 um], symmetry: [{}, none]")
            whole = self.compute(grid.format("none"), body.format(component))["ff"]
            half = self.compute(grid.format(wall), body.format(component))["ff"]
            for key in ("intensity", "amplitude_theta", "amplitude_phi", "power_below", "flux"):
                scale = np.abs(whole[key]).max()
                np.testing.assert_allclose(half[key], whole[key], rtol=0, atol=1e-6 * scale,
                                           err_msg=f"{component} {key}")

    def test_dipole_over_a_substrate_in_three_dimensions(self):
        # A vertical and a horizontal dipole over glass that fills z < 0, with mirror planes.
        for component, walls in (("Ez", "pmc, pmc"), ("Ex", "pec, pmc")):
            found = self.compute(f"cell: 0.05 um, size: [1.5 um, 1.5 um, 1.5 um], "
                                 f"symmetry: [{walls}, none]", f"""
background: air
layers: [{{material: glass, z: [-10 um, 0]}}]
sources: [{{type: dipole, at: [0, 0, 0.3 um], component: {component}}}]
monitors:
  - {{type: near_to_far, name: ff, centre: [0, 0, 0.1 um], size: [1 um, 1 um, 1 um], angles: 8,
     polar_angles: 19}}
""")
            far = found["ff"]
            wanted = [self.point_current(t, p, 0.3, component)
                      for t, p in zip(far["theta"], far["phi"])]
            error = np.abs(far["intensity"][0] - wanted).max() / np.max(wanted)
            # 13 cells per wavelength in glass.
            self.assertLess(error, 0.08)
            np.testing.assert_allclose(far["power"], far["flux"], rtol=0.03)
            self.assertEqual(found["warnings"], [])

    @staticmethod
    def point_current(theta, phi, height, component):
        """Intensity of a dipole over glass below z = 0, from Fresnel's coefficients."""
        up = np.cos(theta) >= 0
        index, other = (1, 1.5) if up else (1.5, 1)
        k = index * OMEGA
        across = k * np.sin(theta)
        near, far = k * abs(np.cos(theta)), np.sqrt((other * OMEGA)**2 - across**2 + 0j)
        s = (near - far) / (near + far)
        p = (near / index**2 - far / other**2) / (near / index**2 + far / other**2)
        if up:
            down, back = np.exp(-1j * near * height), np.exp(1j * near * height)
            e_s = down + s * back
            e_q = np.cos(theta) * (down - p * back)
            e_z = np.sin(theta) * (down + p * back)
        else:
            through = np.exp(1j * far * height)
            e_s = (1 + s) * through
            e_q = far / OMEGA * index * (1 + p) * through
            e_z = across / OMEGA * index * (1 + p) * through
        if component == "Ez":
            power = abs(e_z)**2
        else:
            power = abs(e_s * np.sin(phi))**2 + abs(e_q * np.cos(phi))**2
        return 0.5 * index * OMEGA**2 / (4 * np.pi)**2 * power



class Refusals(time_domain_deck.DeckTest):
    """Sentences of `symwave check`; every deck differs from a good one in one thing."""

    GRID = "polarization: Ez, cell: 0.05 um, size: [2 um, 2 um]"
    SOURCE = "sources: [{type: dipole, at: [0, 0], component: Ez}]\n"
    MONITOR = ("monitors: [{type: near_to_far, name: ff, centre: [0, 0], size: [1 um, 1 um], "
               "angles: 36}]\n")

    def test_of_media_outside(self):
        def deck(*shapes, background="air"):
            return (f"background: {background}\nshapes: [{', '.join(shapes)}]\n" + self.SOURCE +
                    self.MONITOR)

        guide = "{type: straight, material: glass, from: [0, 0], to: [9 um, 0], width: 0.3 um}"
        for shapes, sentence in (
                ([guide], "on a face of the box, at"),
                (["{type: circle, material: glass, centre: [0.4 um, 0], radius: 0.2 um}"],
                 "on a face of the box"),
                (["{type: circle, material: glass, centre: [0, 0.8 um], radius: 0.1 um}"],
                 "there is 'glass' and at"),
                # A substrate that ends before the PML does, and one whose face is aslant.
                (["{type: box, material: glass, centre: [0, -1.25 um], size: [2 um, 2 um]}"],
                 "there is 'glass' and at"),
                (["{type: polygon, material: glass, points: [[-9 um, -4 um], [9 um, 4 um], "
                  "[9 um, -9 um]]}"], "layers across one axis"),
                # A quarter of the plane.
                (["{type: box, material: glass, centre: [5 um, 5 um], size: [10 um, 10 um]}"],
                 "layers across one axis")):
            with self.subTest(shapes=shapes):
                self.refused(self.GRID, deck(*shapes), "near_to_far", sentence)

    def test_of_absorbing_media(self):
        self.refused(self.GRID, "background: smoke\n" + self.SOURCE + self.MONITOR,
                     "the far field needs a transparent medium outside, but 'smoke'")

    def test_of_sources_outside(self):
        for source, sentence in (
                ("{type: dipole, at: [0.8 um, 0], component: Ez}", "the dipole of"),
                ("{type: plane_wave, centre: [0, 0], size: [1.6 um, 1.6 um], direction: +x}",
                 "stands in the plane wave's box"),
                ("{type: gaussian_beam, centre: [-0.8 um, 0], size: [0, 1.6 um], "
                 "direction: [1, 0], waist: 0.6 um}", "is launched from outside it"),
                ("{type: gaussian_beam, centre: [-0.2 um, 0], size: [0, 1.6 um], "
                 "direction: [1, 0], waist: 0.6 um}", "or as wide as it")):
            with self.subTest(source=source):
                self.refused(self.GRID.replace("2 um, 2 um", "2 um, 4 um"), f"background: air\nsources: [{source}]\n" + self.MONITOR,
                             "near_to_far" if "plane" not in source else "monitor ff", sentence)

    def test_of_boundaries(self):
        for boundary, sentence in (
                ("[periodic, pml]", "x is periodic; end x in pml, or measure the orders"),
                ("[pml, pmc]", "walls on both ends of y")):
            with self.subTest(boundary=boundary):
                self.refused(f"{self.GRID}, boundary: {boundary}",
                             "background: air\n" + self.SOURCE + self.MONITOR, sentence)
        self.refused(self.GRID, "background: air\n" + self.SOURCE +
                     self.MONITOR.replace("[1 um, 1 um]", "[2.4 um, 1 um]"), "PML")

    def test_of_diffraction_planes(self):
        grid = "polarization: Ez, cell: 0.05 um, size: [2 um, 2 um], boundary: [{}, pml]"
        plane = ("background: air\nshapes: [{type: circle, material: glass, centre: [0, 0], "
                 "radius: 0.3 um}]\nsources: [{type: plane_wave, centre: [0, -0.8 um], "
                 "size: [2 um, 0], direction: +y}]\nmonitors: [{type: diffraction, name: d, "
                 "centre: [0, AT], size: [WIDE, 0]}]\n")
        self.refused(grid.format("periodic"), plane.replace("AT", "0.3 um").replace("WIDE", "2 um"),
                     "'air' gives way to another medium")
        self.refused(grid.format("periodic"), plane.replace("AT", "0.7 um").replace("WIDE", "1 um"),
                     "give it the whole period")
        self.refused(grid.format("periodic"),
                     plane.replace("AT", "0.7 um").replace("WIDE, 0", "2 um, 1 um"),
                     "exactly one entry of size must be 0")


if __name__ == "__main__":
    unittest.main()
