"""materials_test.py SYMWAVE: media of the time domain beside closed forms and the frequency domain."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

SLAB = """
job: simulate
solver: {{method: time_domain, precision: float64}}
grid: {{{kind}cell: {cell} um, size: {size}, pml: 1 um, boundary: {boundary}}}
wavelength: {wavelength}
materials: {{air: {{index: 1}}, m: {material}}}
background: air
shapes: [{{type: box, material: m, {box}}}]
sources: [{{type: plane_wave, centre: {before}, size: {across}, direction: +{axis}{polarized}}}]
monitors:
  - {{type: flux, name: t, centre: {after}, size: {across}}}
output: {{fields: false}}
"""
GUIDE = """
job: simulate
solver: {solver}
grid: {{polarization: {polarization}, cell: 0.06 um, size: [6.6 um, 3 um], pml: 0.6 um}}
wavelength: [1.3, 1.7]
materials: {{core: {core}, clad: {{index: 1.44}}}}
background: clad
shapes: [{{type: straight, material: core, from: [-9 um, 0], to: [9 um, 0], width: 0.6 um}}]
ports:
  - {{name: in, at: [-2.4 um, 0], faces: +x, span: 2.4 um}}
  - {{name: out, at: [2.4 um, 0], faces: -x, span: 2.4 um}}
output: {{fields: false}}
"""
BAND = "[1.3, 1.5, 1.7]"


def film(index, thickness, wavelength):
    """Share of the power through a film in air at normal incidence (Airy)."""
    phase = np.exp(2j * np.pi * index * thickness / wavelength)
    r = (1 - index) / (1 + index)
    return abs((1 - r * r) * phase / (1 - r * r * phase**2))**2


def in_one_line(text):
    return re.sub(r"\s+", " ", text)


class Materials(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def slab(self, material, kind="Ez", axis="y", thickness=5.0, wavelength=BAND, cell=0.025):
        normal, dimensions = "xyz".index(axis), 3 if kind == "3D" else 2

        def vector(along, across):
            parts = [f"{across:g}"] * dimensions
            parts[normal] = f"{along:g}"
            return "[" + ", ".join(parts) + "]"

        ends = ["periodic"] * dimensions
        ends[normal] = "pml"
        lengths = [2.0] * 3
        lengths[normal] = thickness
        box = f"centre: [0, 0], size: [{lengths[0]}, {lengths[1]}]"
        if kind == "3D":
            box += f", z: [{-lengths[2] / 2}, {lengths[2] / 2}]"
        return self.write("slab.yaml", SLAB.format(
            kind="" if kind == "3D" else f"polarization: {kind}, ", cell=cell, box=box, axis=axis,
            size=vector(thickness + 2, 2 * cell), boundary="[" + ", ".join(ends) + "]",
            wavelength=wavelength, material=material, across=vector(0, 2 * cell),
            before=vector(-thickness / 2 - 0.6, 0), after=vector(thickness / 2 + 0.6, 0),
            polarized=", polarization: [0, 1, 0]" if kind == "3D" else ""))

    def transmitted(self, deck):
        out = self.folder / "out"
        program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
        with h5py.File(out / "results.h5") as file:
            return np.ravel(file["flux/t/share"][()]), program.summary(out)

    def check(self, deck):
        return in_one_line(program.run(SYMWAVE, 1, "check", deck))

    def refusal(self, deck):
        done = subprocess.run(program.command(SYMWAVE, 1, "check", deck), cwd=program.ROOT,
                              env=program.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        return in_one_line(done.stdout)

    def test_constant_loss_is_right_over_the_band(self):
        # A conductivity, exact in the middle, lets 28 % and 13 % more and less through at the ends.
        # The lattice's own index is off by 0.2 % at 0.025 um, T by 0.6 % of its exponent.
        for kind, axis, material, index, thickness, cell in (
                ("Ez", "y", "{index: [1.5, 0.036]}", 1.5 + 0.036j, 5, 0.025),
                ("Hz", "x", "{epsilon: [4, 0.2]}", np.sqrt(4 + 0.2j), 4, 0.02),
                ("3D", "z", "{index: [1.33, 0.1]}", 1.33 + 0.1j, 1.5, 0.03)):
            share, summary = self.transmitted(
                self.slab(material, kind, axis, thickness, cell=cell))
            wanted = film(index, thickness, np.array([1.3, 1.5, 1.7]))
            np.testing.assert_allclose(share, wanted, rtol=0.01, err_msg=kind)
            medium = summary["media"]["m"]
            self.assertLess(medium["index_error"], 2e-4)
            self.assertLess(medium["loss_error"], 4e-3)
            self.assertFalse([w for w in summary["warnings"] if "materials.m" in w])

    def test_guides_lose_the_same_in_both_solvers(self):
        for polarization in ("Hz", "Ez"):
            power, index = {}, {}
            for solver in ("frequency_domain", "time_domain"):
                deck = self.write("guide.yaml", GUIDE.format(
                    solver=solver, polarization=polarization, core="{index: [2, 0.02]}"))
                out = self.folder / (polarization + solver)
                program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
                with h5py.File(out / "results.h5") as file:
                    power[solver] = abs(file["s_matrix"][()][:, 1, 0])**2
                    index[solver] = file["n_eff"][()][:, 0]
            np.testing.assert_allclose(power["time_domain"], power["frequency_domain"], rtol=0.01)
            # Their operators in time differ by (w dt)^2 / 24, as the indices do.
            np.testing.assert_allclose(index["time_domain"].imag, index["frequency_domain"].imag,
                                       rtol=0.01)

    def test_one_wavelength_and_narrow_bands_keep_the_conductivity(self):
        self.assertIn("constant index, 0 poles", self.check(self.slab("{index: [1.5, 0.03]}",
                                                                      wavelength="1.5")))
        self.assertIn("constant index, 0 poles", self.check(
            self.slab("{index: [1.5, 0.03]}", wavelength="[1.495, 1.5, 1.505]")))

    def test_metals_by_constant_at_one_wavelength(self):
        # eps = -99.75 + 10i and -3 + 0.4i: free charges, exact there. Cells a fifth of the skin depth.
        for kind, axis, index, thickness in (("Ez", "x", 0.5 + 10j, 0.02),
                                             ("Hz", "y", 0.115 + 1.736j, 0.1)):
            share, summary = self.transmitted(self.slab(
                f"{{index: [{index.real}, {index.imag}]}}", kind, axis, thickness, "1.55", 0.005))
            np.testing.assert_allclose(share, film(index, thickness, 1.55), rtol=0.01)
            self.assertLess(summary["media"]["m"]["index_error"], 1e-12)
        text = self.refusal(self.slab("{index: [0.5, 10]}", cell=0.005, thickness=0.1))
        self.assertIn("slab.yaml:6: materials.m has n + i k = 0.5 +10i, that is eps = -99.75 +10i, "
                      "from 1.3 to 1.7 um", text)

    def test_what_no_poles_follow_is_said_or_refused(self):
        self.assertRegex(self.refusal(self.slab("{index: [0.5, 0.2]}")),
                         r"off by 0.025 in n \+ i k at 1.3 um.*fit_tolerance")
        text = self.check(self.slab("{index: [1.5, 0.018], constant_within: 1e-2}"))
        self.assertRegex(text, r"its loss is off at 1.3 um: Im eps 0.0468 instead of 0.054, that is "
                               r"65.5 instead of 75.6 dB per 100 um .* leave out "
                               r"materials.m.constant_within")
        # An edge within the band, sharper than a line: the index stays, the loss gets a sentence.
        rows = "".join(f"{l / 1000},2,{0.002 if l < 1500 else 0}\n" for l in range(1200, 1801, 20))
        self.write("edge.csv", "wavelength,n,k\n" + rows)
        text = self.check(self.slab("{table: edge.csv}"))
        self.assertRegex(text, r"materials.m: .*its loss is off at [0-9.]+ um: Im eps .* dB per 100")

    def test_poles_of_tables_cost_no_steps(self):
        # Silicon by H. H. Li (1980) as in the program; a pole at 0.09 um would lower the Courant
        # number to 0.72.
        rows = np.arange(1.25, 1.76, 0.02)
        n = np.sqrt(11.67316 + 1 / rows**2 + 0.004482633 / (rows**2 - 1.108205**2))
        self.write("si.csv", "wavelength,n\n" + "".join(
            f"{w:.2f},{index:.6f}\n" for w, index in zip(rows, n)))
        text = self.check(self.slab("{table: si.csv}", cell=0.05))
        self.assertNotIn("courant is lowered", text)
        self.assertRegex(text, r"si.csv, 1 pole, n \+ i k within [12]\.\de-04")

    def test_tables_load_as_they_are_written(self):
        wavelength = np.arange(1.2, 1.81, 0.05)
        energy = 1.2398419843320026 / wavelength[::-1]
        tables = {"um": ("Wavelength (micron) n k\n", wavelength, " "),
                  "ev": ("# Energy (eV), n, k\n", energy, ", "),
                  "wavenumber": ("% Wavenumber (cm-1); n; k\n", 1e4 / wavelength, "; "),
                  "angstrom": ("Wavelength (A)\tn\tk\r\n", 1e4 * wavelength, "\t")}
        for name, (header, values, between) in tables.items():
            self.write(name + ".txt", header + "".join(
                f"{v:.12g}{between}1.5{between}0.036\n" for v in values))
            text = self.check(self.slab(f"{{table: {name}.txt}}"))
            self.assertRegex(text, r"m: table .*" + name + r".txt, \d poles?, n \+ i k within "
                                   r"[0-9.]+e-0[56]", name)
        for text, sentence in (("Energy, n\n1,2\n", "bad.txt:1: \"Energy\" needs a unit"),
                               ("0,5; 3,6\n", "bad.txt:1: \"0,5\" is written with a decimal comma"),
                               ("wl n\n1.4 2\n1.6 2\n", "the table holds from 1.4 to 1.6 um, not at"),
                               ("wl n\n1.2 2\n1.2 2\n1.8 2\n", "1.2 um stands twice"),
                               ("wl n\n1.2 nan\n1.8 2\n", "not a finite number")):
            self.write("bad.txt", text)
            deck = self.slab("{table: bad.txt}")
            self.assertIn(sentence, self.refusal(deck))
            if "table" not in sentence:
                continue  # Files are read before the solver matters.
            frequency = self.write("guide.yaml", GUIDE.format(
                solver="frequency_domain", polarization="Ez", core="{table: bad.txt}"))
            self.assertIn(sentence, self.refusal(frequency))


if __name__ == "__main__":
    unittest.main(verbosity=2)
