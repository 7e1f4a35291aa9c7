"""waves_test.py SYMWAVE: phase and amplitude of plane waves, field files and diffraction orders against
closed forms.
"""
import pathlib
import sys
import unittest

import h5py
import numpy as np

import program
import wave_deck

wave_deck.SYMWAVE = sys.argv.pop(1)


class PhaseOfPlaneWaves(wave_deck.Deck):
    def wave(self, at, wavelength, background, direction, across, polarization, origin):
        """E and H of a plane wave of |E| = 1 without phase at `origin`; its E along `polarization`
        before it is turned by its wave numbers `across`."""
        k0 = 2 * np.pi / wavelength
        index = wave_deck.index_of(background, wavelength)
        axis = "xyz".index(direction[1])
        k = np.array(across, dtype=float)
        k[axis] = (1 if direction[0] == "+" else -1) * np.sqrt((index * k0)**2 - k @ k)
        normal = np.zeros(3)
        normal[axis] = np.sign(k[axis])
        e = np.array(polarization, dtype=float)
        q = np.array(across, dtype=float)
        if q.any():
            q /= np.linalg.norm(q)
            p = q - (q @ k) * k / (k @ k)
            e = e - (e @ q) * q + (e @ q) * p / np.linalg.norm(p)
        h = np.cross(k, e) / k0
        z, y, x = np.meshgrid(at[2], at[1], at[0], indexing="ij")
        phase = np.exp(1j * (k[0] * (x - origin[0]) + k[1] * (y - origin[1]) +
                             k[2] * (z - origin[2])))
        return {name: value * phase for name, value in
                zip(("Ex", "Ey", "Ez", "Hx", "Hy", "Hz"), (*e, *h))}

    def errors(self, text, wavelengths, ranks, **wave):
        """Largest error of a field of size 1: at all points, and of E along the wave at the source."""
        out = self.compute(text, ranks=ranks)
        worst, here = 0, 0
        for wavelength in wavelengths:
            at, parts = wave_deck.field(out, "f", wavelength)
            exact = self.wave(at, wavelength, **wave)
            axis = "xyz".index(wave["direction"][1])
            near = np.argmin(abs(at[axis] - wave["origin"][axis]))
            for name, values in parts.items():
                off = abs(values - exact[name]) / wave_deck.index_of(wave["background"], wavelength)
                worst = max(worst, off.max())
                here = max(here, np.take(off, near, axis=2 - axis).max())
        return worst, here

    def second_order(self, grid, cells, source, monitor, limit, ranks=1, precision="float64", **wave):
        """With half the cells a quarter of the error is left, everywhere and at all wavelengths; no
        first-order part of the size of a cell's phase hides in it."""
        wavelengths = (0.9, 1.0, 1.15)
        found = []
        for cell in cells:
            text = self.head(grid, cell, wave["background"], wavelengths, precision) + f"""
sources: [{{type: plane_wave, {source}, direction: "{wave['direction']}"}}]
monitors: [{{type: dft, name: f, {monitor}, wavelength: {[f"{w} um" for w in wavelengths]}}}]
"""
            found.append(self.errors(text.replace("'", ""), wavelengths, ranks, **wave))
        (coarse, coarse_here), (fine, fine_here) = found
        self.assertLess(fine, limit)
        self.assertGreater(coarse / fine, 3.4)
        self.assertLess(coarse / fine, 4.6)
        # At the source itself only the mean of neighbours and the lattice's angle are left.
        self.assertLess(fine_here, 0.5 * limit)
        self.assertGreater(coarse_here / fine_here, 3)

    def test_flat_along_both_axes(self):
        self.second_order("polarization: Ez, size: [0.2 um, 4 um], pml: 1 um, "
                          "boundary: [periodic, pml]", (0.04, 0.02),
                          "centre: [0, -1.03 um], size: [0.2 um, 0]",
                          "centre: [0, 0.4 um], size: [0.2 um, 2.4 um]", 0.02,
                          background="air", direction="+y", across=(0, 0, 0),
                          polarization=(0, 0, 1), origin=(0, -1.03, 0))

    def test_continuous_wave(self):
        text = wave_deck.HEAD.format(
            grid="polarization: Ez, size: [2 um, 0.12 um], pml: 1 um, bloch: [0, 2], "
            "boundary: [pml, periodic]", cell=0.03, background="glass", wavelengths="1 um",
            precision="float64, stop: {max_time: 100}") + """
sources:
  - {type: plane_wave, centre: [-0.7 um, 0], size: [0, 0.12 um], direction: +x, waveform: {kind: cw}}
monitors: [{type: dft, name: f, centre: [0, 0], size: [1.8 um, 0.12 um]}]
"""
        at, parts = wave_deck.field(self.compute(text), "f", None)
        exact = self.wave(at, 1.0, "glass", "+x", (0, 2, 0), (0, 0, 1), (-0.7, 0, 0))
        inside = at[0] > -0.68
        # (k h)^2 / 24 per radian over 1.6 um: 0.05.
        self.assertLess(abs(parts["Ez"] - exact["Ez"])[..., inside].max(), 0.06)
        self.assertLess(abs(parts["Ez"] - exact["Ez"])[..., inside][..., 0].max(), 5e-3)

    def test_flat_oblique_in_glass_with_all_components(self):
        self.second_order("polarization: Hz, size: [3 um, 0.24 um], pml: 1 um, bloch: [0, 4], "
                          "boundary: [pml, periodic]", (0.03, 0.015),
                          "centre: [0.9 um, 0.06 um], size: [0, 0.24 um]",
                          "centre: [0, 0], size: [1.5 um, 0.24 um]", 0.04, ranks=2,
                          background="glass", direction="-x", across=(0, 4, 0),
                          polarization=(0, -1, 0), origin=(0.9, 0.06, 0))

    def test_box_in_a_dispersive_medium(self):
        self.second_order("polarization: Ez, size: [3 um, 2 um], pml: 0.8 um", (0.04, 0.02),
                          "centre: [0.21 um, 0.1 um], size: [2 um, 1.2 um]",
                          "centre: [0.2 um, 0.1 um], size: [1.6 um, 0.8 um]", 0.03,
                          background="flint", direction="-y", across=(0, 0, 0),
                          polarization=(0, 0, 1), origin=(0.21, 0.1, 0))

    def test_flat_oblique_in_three_dimensions(self):
        self.second_order("size: [0.24 um, 0.24 um, 2 um], pml: 0.8 um, bloch: [2.5, -1.5, 0], "
                          "boundary: [periodic, periodic, pml]", (0.06, 0.03),
                          "centre: [0, 0.03 um, -0.8 um], size: [0.24 um, 0.24 um, 0], "
                          "polarization: [0, 1, 0]",
                          "centre: [0, 0, 0], size: [0.24 um, 0.24 um, 1.5 um]", 0.04, ranks=2,
                          precision="float32", background="air", direction="+z",
                          across=(2.5, -1.5, 0), polarization=(0, 1, 0), origin=(0, 0.03, -0.8))

    def test_box_in_three_dimensions(self):
        self.second_order("size: [1.4 um, 1 um, 1 um], pml: 0.4 um", (0.08, 0.04),
                          "centre: [0.1 um, 0, 0], size: [0.96 um, 0.64 um, 0.64 um], "
                          "polarization: [0, 0.6, 0.8]",
                          "centre: [0.1 um, 0, 0], size: [0.64 um, 0.32 um, 0.32 um]", 0.02,
                          precision="float32", background="air", direction="+x", across=(0, 0, 0),
                          polarization=(0, 0.6, 0.8), origin=(0.1, 0, 0))


class BoxesOnWalls(wave_deck.Deck):
    """A box that ends on a wall has no face there."""

    def fields(self, grid, source):
        out = self.compute(self.head(grid, 0.04, "air", (1.0,)) + f"""
sources: [{{type: plane_wave, {source}}}]
monitors: [{{type: dft, name: f, centre: [0, 0], size: [2 um, 0.8 um]}}]
""")
        return wave_deck.field(out, "f", None)

    def test_waves_between_walls(self):
        for fields, wall, component in (("Ez", "pmc", "Ez"), ("Hz", "pec", "Ey")):
            at, parts = self.fields(
                f"polarization: {fields}, size: [2 um, 0.8 um], pml: 0.8 um, boundary: [pml, {wall}]",
                "centre: [-0.1 um, 0], size: [1.4 um, 0.8 um], direction: +x")
            inside = abs(at[0] + 0.1) < 0.66
            exact = np.exp(2j * np.pi * (at[0] + 0.1))
            # (k h)^2 / 24 of phase over 0.7 um; the wave is as large on the walls as between them.
            self.assertLess(abs(parts[component] - exact)[..., inside].max(), 0.012)
            self.assertLess(abs(parts[component][..., abs(at[0] + 0.1) > 0.76]).max(), 1e-6)

    def test_box_up_to_a_mirror(self):
        at, parts = self.fields(
            "polarization: Ez, size: [2 um, 0.8 um], pml: 0.8 um, boundary: [[pml, pec], periodic]",
            "centre: [0.3 um, 0], size: [1.4 um, 0.8 um], direction: +x")
        inside = at[0] > -0.38
        exact = np.exp(2j * np.pi * (at[0] - 0.3)) - np.exp(2j * np.pi * (2 - at[0] - 0.3))
        self.assertLess(abs(parts["Ez"] - exact)[..., inside].max(), 0.05)

    def test_walls_that_do_not_carry_the_wave(self):
        for fields, wall, other in (("Ez", "pec", "pmc"), ("Hz", "pmc", "pec")):
            self.refused(self.head(f"polarization: {fields}, size: [2 um, 0.8 um], pml: 0.8 um, "
                                   f"boundary: [pml, {wall}]", 0.04) + """
sources: [{type: plane_wave, centre: [0, 0], size: [1.4 um, 0.8 um], direction: +x}]
""", "the box of the plane wave ends on the wall at y = -0.4 um", f"write {other} there", run=fields == "Ez")


def orders(folder, name):
    with h5py.File(pathlib.Path(folder) / "results.h5") as file:
        return {key: value[()] for key, value in file[f"diffraction/{name}"].items()}


class AmplitudesOfOrders(wave_deck.Deck):
    def interface(self, fields, background, direction, across, cell=0.02):
        """Light out of the background onto the other one of air and glass in the plane y = 0."""
        up = direction == "+"
        side = 1 if up else -1
        other = "glass" if background == "air" else "air"
        return self.head(f"polarization: {fields}, size: [0.4 um, 2 um], pml: 0.8 um, "
                         f"boundary: [periodic, pml], bloch: [{across}, 0]", cell, background) + f"""
shapes: [{{type: box, material: {other}, centre: [0, {side * 10} um], size: [8 um, 20 um]}}]
sources: [{{type: plane_wave, centre: [0, {-0.6 * side} um], size: [0.4 um, 0], direction: "{direction}y"}}]
monitors:
  - {{type: diffraction, name: behind, centre: [0, {0.8 * side} um], size: [0.4 um, 0]}}
  - {{type: diffraction, name: before, centre: [0, {-0.8 * side} um], size: [0.4 um, 0]}}
output: {{fields: false}}
"""

    def fresnel(self, n1, n2, omega, across):
        """Wave numbers and r, t of E for s and p."""
        k1, k2 = (np.sqrt((n * omega)**2 - across**2) for n in (n1, n2))
        s = (k1 - k2) / (k1 + k2), 2 * k1 / (k1 + k2)
        p = ((n2**2 * k1 - n1**2 * k2) / (n2**2 * k1 + n1**2 * k2),
             2 * n1 * n2 * k1 / (n2**2 * k1 + n1**2 * k2))
        return k1, k2, s, p

    def test_fresnel_with_phase_per_unit_of_the_incident_field(self):
        for fields, background, direction, across in (
                ("Ez", "air", "+", 4.0), ("Hz", "air", "-", -4.5), ("Hz", "glass", "+", 4.0),
                ("Ez", "glass", "-", 3.0)):
            out = self.compute(self.interface(fields, background, direction, across))
            before, behind = orders(out, "before"), orders(out, "behind")
            n1, n2 = (1, 1.5) if background == "air" else (1.5, 1)
            key = "amplitude_s" if fields == "Ez" else "amplitude_p"
            on, back = (1, 0) if direction == "+" else (0, 1)
            zero = list(behind["order"].ravel()).index(0)
            for w, wavelength in enumerate((0.9, 1.0, 1.1)):
                omega = 2 * np.pi / wavelength
                k1, k2, s, p = self.fresnel(n1, n2, omega, across)
                r, t = s if fields == "Ez" else p
                got_t, got_r = behind[key][w, zero, on], before[key][w, zero, back]
                with self.subTest(fields=fields, background=background, across=across, w=w):
                    # 30 cells per wavelength in glass: (k h)^2 / 24 per radian of way.
                    self.assertLess(abs(abs(got_t) / t - 1), 6e-3)
                    self.assertLess(abs(abs(got_r) - abs(r)), 3e-3)
                    way = got_t / t * np.exp(-1j * (0.6 * k1 + 0.8 * k2))
                    # The sense of E in p waves is that of s x k, in Hz decks +-z x k.
                    self.assertLess(abs(np.angle(way**2 if fields == "Hz" else way)) /
                                    (2 if fields == "Hz" else 1), 0.04)
                    share = abs(got_t)**2 * k2 / k1
                    # The lattice's own flux has the cosine of half a cell's phase.
                    self.assertAlmostEqual(share, behind["efficiency"][w, zero, on], delta=5e-3)
                    self.assertAlmostEqual(abs(got_r)**2, before["efficiency"][w, zero, back],
                                           delta=1e-3)

    def test_both_polarizations_in_three_dimensions(self):
        across, omega = np.array((3.0, -2.0)), 2 * np.pi
        out = self.compute(self.head(
            "size: [0.24 um, 0.24 um, 1.6 um], pml: 0.6 um, boundary: [periodic, periodic, pml], "
            f"bloch: [{across[0]}, {across[1]}, 0]", 0.04, "air", (1.0,)) + """
layers: [{material: glass, z: [-9 um, 0]}]
sources:
  - {type: plane_wave, centre: [0, 0, 0.45 um], size: [0.24 um, 0.24 um, 0], direction: "-z",
     polarization: [0.8, 0.6, 0]}
monitors:
  - {type: diffraction, name: behind, centre: [0, 0, -0.6 um], size: [0.24 um, 0.24 um, 0]}
output: {fields: false}
""", ranks=2)
        behind = orders(out, "behind")
        k1, k2, s, p = self.fresnel(1, 1.5, omega, np.linalg.norm(across))
        q = across / np.linalg.norm(across)
        parts = {"amplitude_s": s[1] * abs(q[0] * 0.6 - q[1] * 0.8),
                 "amplitude_p": p[1] * abs(q[0] * 0.8 + q[1] * 0.6)}
        zero = [tuple(o) for o in behind["order"]].index((0, 0))
        share = 0
        for key, exact in parts.items():
            got = behind[key][0, zero, 0]
            self.assertLess(abs(abs(got) - exact), 0.015, key)
            way = np.angle((got * np.exp(-1j * (0.45 * k1 + 0.6 * k2)))**2) / 2
            # (k h)^2 / 24 per radian of way: 0.05.
            self.assertLess(abs(way), 0.06, key)
            share += abs(got)**2 * k2 / k1
        self.assertAlmostEqual(share, behind["efficiency"][0, zero, 0], delta=0.01)

    def test_shares_of_orders_in_a_substrate(self):
        # A grating of p light: every order's share follows from its amplitude.
        across, period = 1.2, 1.2
        out = self.compute(self.head(
            f"polarization: Hz, size: [{period} um, 2 um], pml: 0.8 um, boundary: [periodic, pml], "
            f"bloch: [{across}, 0]", 0.03, "air", (1.0,)) + f"""
shapes:
  - {{type: box, material: glass, centre: [0, 10 um], size: [8 um, 20 um]}}
  - {{type: box, material: glass, centre: [0.1 um, -0.09 um], size: [0.6 um, 0.18 um]}}
sources: [{{type: plane_wave, centre: [0, -0.7 um], size: [{period} um, 0], direction: +y}}]
monitors:
  - {{type: diffraction, name: behind, centre: [0, 0.7 um], size: [{period} um, 0]}}
output: {{fields: false}}
""")
        behind, omega = orders(out, "behind"), 2 * np.pi
        numbers = behind["order"].ravel()
        normal = np.sqrt((1.5 * omega)**2 - (across + 2 * np.pi * numbers / period)**2 + 0j).real
        falling = np.sqrt(omega**2 - across**2)
        share = abs(behind["amplitude_p"][0, :, 1])**2 * normal / falling
        self.assertGreater(np.count_nonzero(share > 0.005), 2)
        # Fluxes of the lattice have the cosine of half a cell's phase.
        share *= np.cos(0.015 * normal) / np.cos(0.015 * falling)
        np.testing.assert_allclose(share, behind["efficiency"][0, :, 1], atol=1.5e-3)

    def test_from_a_substrate_that_is_not_the_background(self):
        # The wave runs in the medium at its plane: Fresnel from it into the background, on both
        # axes and in both senses, and total reflection, for which it is evanescent in the background.
        for fields, source, axis, forward, across, pmls in (
                ("Ez", "glass", "y", True, 0.0, 1), ("Hz", "glass", "y", False, 3.0, 1),
                ("Ez", "flint", "x", True, 3.0, 1), ("Hz", "flint", "x", False, 2.0, 1),
                ("Ez", "glass", "y", True, 7.6, 1)):
            turn = (lambda along, other: f"[{other}, {along}]") if axis == "y" else (
                lambda along, other: f"[{along}, {other}]")
            sign = 1 if forward else -1
            walls = "[periodic, pml]" if axis == "y" else "[pml, periodic]"
            out = self.compute(self.head(
                f"polarization: {fields}, size: {turn('2.6 um', '0.2 um')}, pml: {pmls} um, "
                f"boundary: {walls}, bloch: {turn(0, across)}", 0.02) + f"""
shapes:
  - {{type: box, material: {source}, centre: {turn(-20 * sign, 0)}, size: {turn('40 um', '9 um')}}}
sources:
  - {{type: plane_wave, centre: {turn(-0.7 * sign, 0)}, size: {turn(0, '0.2 um')},
     direction: "{'+' if forward else '-'}{axis}"}}
monitors:
  - {{type: diffraction, name: before, centre: {turn(-1.0 * sign, 0)}, size: {turn(0, '0.2 um')}}}
  - {{type: diffraction, name: behind, centre: {turn(1.0 * sign, 0)}, size: {turn(0, '0.2 um')}}}
output: {{fields: false}}
""")
            self.assertEqual(program.summary(out)["warnings"], [])
            before, behind = orders(out, "before"), orders(out, "behind")
            zero = list(before["order"].ravel()).index(0)
            on, back = (1, 0) if forward else (0, 1)
            for w, wavelength in enumerate((0.9, 1.0, 1.1)):
                omega, n = 2 * np.pi / wavelength, wave_deck.index_of(source, wavelength)
                if across > omega:
                    share = 1.0
                else:
                    share = abs(self.fresnel(n, 1, omega, across)[2 if fields == "Ez" else 3][0])**2
                    self.assertAlmostEqual(behind["efficiency"][w, zero, on], 1 - share, delta=3e-3)
                with self.subTest(fields=fields, source=source, axis=axis, across=across, w=w):
                    self.assertAlmostEqual(before["efficiency"][w, zero, back], share, delta=3e-3)

    def test_grazing_in_the_medium_where_the_wave_leaves(self):
        text = self.head("polarization: Ez, size: [0.2 um, 2.6 um], pml: 1 um, "
                         "boundary: [periodic, pml], bloch: [7.0, 0]", 0.02) + """
shapes: [{type: box, material: glass, centre: [0, -20], size: [9 um, 40 um]}]
sources: [{type: plane_wave, centre: [0, -0.7 um], size: [0.2 um, 0], direction: +y}]
monitors: [{type: flux, name: t, centre: [0, 0.5 um], size: [0.2 um, 0]}]
output: {fields: false}
"""
        said = program.run(wave_deck.SYMWAVE, 1, "check", self.write(text))
        self.assertIn("at 0.9000 um the plane wave of grid.bloch grazes along air", said)


if __name__ == "__main__":
    unittest.main()
