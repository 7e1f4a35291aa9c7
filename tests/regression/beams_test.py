"""beams_test.py SYMWAVE: Gaussian beams over the band of a deck against their angular spectrum."""
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
FAULTS = pathlib.Path(__file__).parent / "data"


class Closed:
    """A beam in a medium without lattice: plane waves exp(-(k_perp waist / 2)^2), |E| = 1 in the
    focus. `across` is 1 in 2D, `turned` tells whether E turns with the waves (Hz)."""

    def __init__(self, wavelength, index, waist, degrees=0.0, turned=False):
        self.k, self.index = 2 * np.pi * index / wavelength, index
        self.angle = np.radians(degrees)
        # Angles from the beam's axis of waves that leave the plane forwards.
        phi = np.linspace(-np.pi / 2, np.pi / 2, 4001)[1:-1]
        phi = phi[np.abs(phi + self.angle) < np.pi / 2]
        self.phi = phi
        self.weight = np.exp(-(self.k * np.sin(phi) * waist / 2)**2) * np.cos(phi)
        self.field = np.cos(phi) if turned else np.ones_like(phi)
        # Of E along the field in the focus.
        self.sum = np.sum(self.weight * self.field**(2 if turned else 1))

    def power(self, cell):
        """Along the beam; the mean of H on both sides of a node has the cosine of half a cell."""
        step = self.phi[1] - self.phi[0]
        share = np.abs(self.weight * self.field)**2
        return (0.5 * self.index * 2 * np.pi / self.k * np.sum(share) / self.sum**2 / step
                * np.cos(0.5 * self.k * np.cos(self.angle) * cell))

    def at(self, along, across):
        """The field that does not turn (Ez), or its part across the plane's normal (Hz), at points
        relative to the focus: along and across the plane's normal."""
        phi = self.phi + self.angle
        turn = np.cos(phi) if np.ptp(self.field) > 0 else 1.0
        phase = np.multiply.outer(np.asarray(across), np.sin(phi))
        phase = self.k * (phase + np.multiply.outer(np.asarray(along), np.cos(phi)))
        return np.exp(1j * phase) @ (self.weight * self.field * turn) / self.sum


def deck(text, folder):
    path = pathlib.Path(folder) / "deck.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line(folder, name, wavelength, component):
    """Positions and complex values of a field file of a line."""
    with h5py.File(pathlib.Path(folder) / f"field_{name}_{wavelength:.4f}um.hdf") as file:
        group = file["VTKHDF"]
        data = group["PointData"]
        values = data[component + "_re"][0] + 1j * data[component + "_im"][0]
        axis = int(values.shape[0] > 1)
        origin, spacing = group.attrs["Origin"], group.attrs["Spacing"]
        positions = origin[axis] + spacing[axis] * np.arange(values.size)
    return positions, values.ravel()


def spectra(folder, *names):
    with h5py.File(pathlib.Path(folder) / "results.h5", "r") as file:
        return [file[name][()] for name in names]


class Beam(unittest.TestCase):
    def run_deck(self, text, folder, *options, ranks=1):
        out = pathlib.Path(folder) / "out"
        program.run(SYMWAVE, ranks, "run", deck(text, folder), "--no-report", "--output", out,
                    *options)
        return out

    def refusal(self, text):
        with tempfile.TemporaryDirectory() as folder:
            for verb in ("check", "run"):
                with self.assertRaises(AssertionError) as caught:
                    program.run(SYMWAVE, 1, verb, deck(text, folder),
                                *([] if verb == "check" else ["--output", folder + "/out"]))
            return str(caught.exception)

    def compare(self, out, name, component, closed, wavelength, along, focus, limit=2e-3):
        """Shape, place and size of the field on a line across the beam; its phase, too, but for
        what the lattice adds to it."""
        positions, values = line(out, name, wavelength, component)
        exact = closed.at(np.full_like(positions, along), positions - focus)
        overlap = np.vdot(exact, values)
        size = np.linalg.norm(exact) * np.linalg.norm(values)
        self.assertGreater(abs(overlap) / size, 1 - limit, f"{wavelength} um")
        self.assertLess(abs(np.linalg.norm(values) / np.linalg.norm(exact) - 1), 0.01)
        weight, right = abs(values)**2, abs(exact)**2
        centre, centre_right = (np.sum(w * positions) / np.sum(w) for w in (weight, right))
        self.assertLess(abs(centre - centre_right), 0.02, f"{wavelength} um")
        return np.angle(overlap)

    def test_oblique_beam(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (FAULTS / "beam30.yaml").read_text(encoding="utf-8")
            out = self.run_deck(text, folder)
            up, low, back = spectra(out, "flux/up/power", "flux/low/power", "flux/back/power")
            for w, wavelength in enumerate((0.8, 1.0, 1.2)):
                closed = Closed(wavelength, 1, 1.5, 30)
                self.compare(out, "line", "Ez", closed, wavelength, 6.5, -2)
                self.assertLess(abs(low[w] / closed.power(0.025) - 1), 2e-3)
                # The beam of 1.2 um reaches the end of the monitor.
                self.assertLess(abs(up[w] / closed.power(0.025) - 1), 5e-3)
                self.assertLess(abs(back[w] / low[w]), 1e-6)

    def test_distant_focus(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (FAULTS / "beamfocus.yaml").read_text(encoding="utf-8")
            out = self.run_deck(text, folder, ranks=2)
            up, back, share = spectra(out, "flux/up/power", "flux/back/power", "flux/up/share")
            for w, wavelength in enumerate((0.8, 1.0, 1.2)):
                closed = Closed(wavelength, 1, 1.2)
                phase = self.compare(out, "line", "Ez", closed, wavelength, 0, 0)
                # In the focus the field is the waveform, at all wavelengths; the lattice's k is off
                # by (k h)^2 / 24 over 8 um at least.
                self.assertLess(abs(phase), 0.1)
                self.assertLess(abs(up[w] / closed.power(0.025) - 1), 2e-3)
                self.assertLess(abs(back[w] / up[w]), 1e-5)
                self.assertLess(abs(share[w] - 1), 1e-3)
                y, field = line(out, "axis", wavelength, "Ez")
                intensity = abs(field)**2
                inside = (y > -5.5) & (y < 6)
                fit = np.polyfit(y[inside], 1 / intensity[inside], 2)
                self.assertLess(abs(-fit[1] / (2 * fit[0]) - 2), 0.1)

    GLASS = """
job: simulate
solver: {{method: time_domain, precision: float64}}
grid: {{polarization: {fields}, cell: 0.04 um, size: [6 um, 9 um], pml: 0.8 um}}
wavelength: [0.9 um, 1.05 um, 1.25 um]
materials: {{air: {{index: 1}}, glass: {{poles: {{epsilon: 1.3, lorentz: [{{strength: 0.9, wavelength: 0.35 um}}]}}}}}}
background: {background}
shapes:
  - {{type: box, material: glass, centre: [0, {middle}], size: [16 um, 20 um]}}
sources:
  - {{type: gaussian_beam, centre: [1.5 um, 0], size: [0, 9 um], direction: [-0.9397, 0.3420],
     focus: [-0.5 um, 0.5 um], waist: 1 um}}
monitors:
  - {{type: flux, name: ahead, centre: [0, 0], size: [0, 9 um]}}
  - {{type: flux, name: back, centre: [2.5 um, 0], size: [0, 9 um]}}
  - {{type: dft, name: line, centre: [-1.5 um, 0], size: [0, 9 um], components: [{seen}], wavelength: [0.9 um, 1.05 um, 1.25 um]}}
output: {{fields: true}}
"""

    def test_dispersive_medium_against_the_axis(self):
        for fields, seen in (("Ez", "Ez"), ("Hz", "Ey")):
            with self.subTest(fields), tempfile.TemporaryDirectory() as folder:
                # The medium at the plane counts, not the background of the deck.
                text = self.GLASS.format(fields=fields, seen=seen, background="air",
                                         middle="0")
                out = self.run_deck(text, folder)
                self.assertEqual(program.summary(out)["warnings"], [])
                ahead, back, share = spectra(out, "flux/ahead/power", "flux/back/power",
                                             "flux/ahead/share")
                for w, wavelength in enumerate((0.9, 1.05, 1.25)):
                    index = np.sqrt(1.3 + 0.9 / (1 - (0.35 / wavelength)**2))
                    closed = Closed(wavelength, index, 1, 20, turned=fields == "Hz")
                    self.compare(out, "line", seen, closed, wavelength, 1, 0.5)
                    self.assertLess(abs(-ahead[w] / closed.power(0.04) - 1), 0.01)
                    self.assertLess(abs(back[w] / ahead[w]), 1e-5)
                    self.assertLess(abs(share[w] + 1), 1e-3)

    def test_plane_across_media(self):
        with tempfile.TemporaryDirectory() as folder:
            text = self.GLASS.format(fields="Ez", seen="Ez", background="air",
                                     middle="8 um")
            said = program.run(SYMWAVE, 1, "check", deck(text, folder))
            self.assertIn("the plane of the beam crosses media", said)

    MIRROR = """
job: simulate
solver: {{method: time_domain, precision: float64{stop}}}
grid: {{polarization: Hz, cell: 0.05 um, size: [7 um, 7 um], pml: 0.8 um, symmetry: [pec, none]}}
wavelength: {wavelength}
materials: {{air: {{index: 1}}}}
background: air
sources:
  - {{type: gaussian_beam, centre: [0, -2 um], size: [7 um, 0], direction: [0, 1],
     focus: [0, 1 um], waist: 1 um{waveform}}}
monitors:
  - {{type: flux, name: ahead, centre: [0, 2 um], size: [7 um, 0]}}
  - {{type: flux, name: back, centre: [0, -2.8 um], size: [7 um, 0]}}
  - {{type: dft, name: line, centre: [0, 1 um], size: [7 um, 0], components: [Ex], wavelength: {wavelength}}}
output: {{fields: true}}
"""

    def test_mirror_plane_and_continuous_wave(self):
        pulse = self.MIRROR.format(stop="", wavelength="[0.9 um, 1 um, 1.2 um]", waveform="")
        wave = self.MIRROR.format(stop=", stop: {max_time: 60 um}", wavelength="[1.1 um]",
                                  waveform=", waveform: {kind: cw, wavelength: 1.1 um}")
        for text, wavelengths in ((pulse, (0.9, 1.0, 1.2)), (wave, (1.1,))):
            with self.subTest(wavelengths), tempfile.TemporaryDirectory() as folder:
                out = self.run_deck(text, folder)
                ahead, back, share = spectra(out, "flux/ahead/power", "flux/back/power",
                                             "flux/ahead/share")
                for w, wavelength in enumerate(wavelengths):
                    closed = Closed(wavelength, 1, 1, turned=True)
                    self.assertLess(abs(ahead[w] / closed.power(0.05) - 1), 0.01)
                    self.assertLess(abs(back[w] / ahead[w]), 1e-4)
                    self.assertLess(abs(share[w] - 1), 5e-3)

    SPACE = """
job: simulate
solver: {method: time_domain}
grid: {cell: 0.1 um, size: [5.6 um, 3 um, 5.6 um], pml: 0.8 um}
wavelength: [1 um, 1.15 um, 1.35 um]
materials: {air: {index: 1}}
background: air
sources:
  - {type: gaussian_beam, centre: [0, 1 um, 0], size: [5.6 um, 0, 5.6 um], direction: [0.2588, -0.9659, 0],
     polarization: [0, 0, 1], focus: [0.1 um, 0, 0], waist: 1 um}
monitors:
  - {type: flux, name: ahead, centre: [0, -1 um, 0], size: [5.6 um, 0, 5.6 um]}
  - {type: flux, name: back, centre: [0, 1.3 um, 0], size: [5.6 um, 0, 5.6 um]}
  - {type: dft, name: line, centre: [0, -1 um, 0], size: [5.6 um, 0, 5.6 um], components: [Ez], wavelength: [1 um, 1.15 um, 1.35 um]}
output: {fields: true}
"""

    def test_deck_of_the_grating_coupler(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            program.run(SYMWAVE, 2, "run", "inputs/beam_coupler.yaml", "--no-report", "--output", out)
            self.assertEqual(program.summary(out)["warnings"], [])
            power, guide, back, up, down = spectra(
                out, "source/power", *(f"flux/{name}/share"
                                       for name in ("guide", "backwards", "up", "down")))
            for w, wavelength in enumerate(np.linspace(1.5, 1.6, 5)):
                closed = Closed(wavelength, 1.444, 3.5, np.degrees(np.arcsin(0.1392)))
                self.assertLess(abs(power[w] / closed.power(0.04) - 1), 2e-3)
                # Light in the film is bound within 1.2 um to 2e-4.
                self.assertAlmostEqual(guide[w] - back[w] + up[w] - down[w], 1, delta=2e-3)
            # 0.284 with half the cells.
            self.assertAlmostEqual(guide[2], 0.284, delta=0.01)

    def test_three_dimensions(self):
        with tempfile.TemporaryDirectory() as folder:
            out = self.run_deck(self.SPACE, folder, ranks=2)
            ahead, back, share = spectra(out, "flux/ahead/power", "flux/back/power",
                                         "flux/ahead/share")
            # The middle of |Ez|^2 along x, mean of 0.1 + k_x / k_y over the power of the plane waves of
            # a continuous medium; 10 cells per wavelength turn the group velocity by up to 0.014.
            middles = (0.3844, 0.3908, 0.4025)
            for w, wavelength in enumerate((1, 1.15, 1.35)):
                # 1/4 pi w^2 (1 + 2 / (k w)^2) beyond the paraxial limit.
                k = 2 * np.pi / wavelength
                power = np.pi / 4 * (1 + 2 / k**2) * np.cos(0.5 * k * 0.9659 * 0.1)
                self.assertLess(abs(-ahead[w] / power - 1), 0.02)
                self.assertLess(abs(share[w] + 1), 2e-3)
                self.assertLess(abs(back[w] / ahead[w]), 1e-4)
                with h5py.File(out / f"field_line_{wavelength:.4f}um.hdf") as file:
                    data, attributes = file["VTKHDF/PointData"], file["VTKHDF"].attrs
                    intensity = data["Ez_re"][:, 0]**2 + data["Ez_im"][:, 0]**2
                    # Ez stands half a cell off the nodes along z; the file has it on the nodes.
                    for axis, centre in ((0, middles[w]), (2, 0)):
                        x = (attributes["Origin"][axis] + attributes["Spacing"][axis]
                             * np.arange(intensity.shape[1 if axis == 0 else 0]))
                        line_ = intensity.sum(axis=0 if axis == 0 else 1)
                        found = np.sum(line_ * x) / np.sum(line_)
                        self.assertLess(abs(found - centre), 0.02)

    WAVE = """
job: simulate
solver: {{method: time_domain, precision: float64}}
grid: {{polarization: {fields}, cell: 0.05 um, size: [4 um, {height} um], pml: 0.8 um{ends}}}
wavelength: [0.9 um, 1.05 um, 1.25 um]
materials: {{glass: {{poles: {{epsilon: 1.3, lorentz: [{{strength: 0.9, wavelength: 0.35 um}}]}}}}}}
background: glass
sources:
  - {{type: plane_wave, centre: [{centre}, 0], size: [{length}, {height_of_box} um], direction: "{direction}x"}}
monitors:
  - {{type: flux, name: middle, centre: [0, 0], size: [0, {seen} um]}}
  - {{type: dft, name: in, centre: [0, 0], size: [0, {seen} um], components: [{component}], wavelength: [0.9 um, 1.05 um, 1.25 um]}}
  - {{type: dft, name: out, centre: [{behind}, 0], size: [0, {seen} um], components: [{component}], wavelength: [0.9 um, 1.05 um, 1.25 um]}}
output: {{fields: true}}
"""

    def test_plane_waves_in_a_dispersive_medium(self):
        box = {"height": 3, "ends": "", "centre": 0, "length": "2 um", "height_of_box": 2, "seen": 1,
               "behind": "1.5 um", "direction": "+"}
        oblique = {"height": 0.5, "ends": ", boundary: [pml, periodic], bloch: [0, 2.5]",
                   "centre": "1 um", "length": 0, "height_of_box": 0.5, "seen": 0.5,
                   "behind": "1.5 um", "direction": "-"}
        for given in (box, oblique):
            for fields, component in (("Ez", "Ez"), ("Hz", "Ey")):
                with self.subTest(fields, given=given), tempfile.TemporaryDirectory() as folder:
                    out = self.run_deck(self.WAVE.format(fields=fields, component=component,
                                                         **given), folder)
                    self.assertEqual(program.summary(out)["warnings"], [])
                    if given is box:
                        power, unit = spectra(out, "flux/middle/power", "source/intensity")
                        share = power / unit
                    else:
                        share = -spectra(out, "flux/middle/share")[0]
                        angle, = spectra(out, "source/angle")
                    for w, wavelength in enumerate((0.9, 1.05, 1.25)):
                        _, inside = line(out, "in", wavelength, component)
                        _, outside = line(out, "out", wavelength, component)
                        # Nothing leaks out of the box or behind the plane; 1e-4 is the PML's.
                        self.assertLess(abs(outside).max(), 1e-3 * abs(inside).max())
                        self.assertLess(abs(share[w] - 1), 1e-3)
                        index = np.sqrt(1.3 + 0.9 / (1 - (0.35 / wavelength)**2))
                        if given is oblique:
                            right = np.degrees(np.arcsin(2.5 * wavelength / (2 * np.pi * index)))
                            self.assertLess(abs(angle[w] - right), 0.01)

    WIDE = """
job: simulate
solver: {{method: time_domain}}
grid: {{polarization: Ez, cell: 0.1 um, size: [{width} um, 4 um], pml: 0.8 um}}
wavelength: {wavelength}
materials: {{air: {{index: 1}}}}
background: air
sources:
  - {{type: gaussian_beam, centre: [0, -1 um], size: [{width} um, 0], direction: {direction}, waist: {waist} um{waveform}}}
monitors:
  - {{type: flux, name: ahead, centre: [0, 1 um], size: [{width} um, 0]}}
"""

    def test_refusals(self):
        def given(width=40, wavelength="[0.9 um, 1.1 um]", direction="[0, 1]", waist=1.5,
                  waveform=""):
            return self.WIDE.format(width=width, wavelength=wavelength, direction=direction,
                                    waist=waist, waveform=waveform)
        self.assertIn("half of the longest wavelength",
                      self.refusal(given(wavelength="[0.9 um, 2 um]", waist=0.9)))
        self.assertIn("the beam of 1.1 um wavelength needs", self.refusal(given(width=6)))
        self.assertIn("reaches down to zero frequency",
                      self.refusal(given(waveform=", waveform: {bandwidth: 1.4}")))
        self.assertIn("run the band in parts",
                      self.refusal(given(width=1600, wavelength="[0.8 um, 1.6 um]",
                                         direction="[1, 1]", waist=200)))
        with tempfile.TemporaryDirectory() as folder:
            said = program.run(SYMWAVE, 1, "check",
                               deck(given(waist=0.6, direction="[0.5, 0.9]"), folder))
            self.assertIn("the focus is wider than the waist", said)


if __name__ == "__main__":
    unittest.main()
