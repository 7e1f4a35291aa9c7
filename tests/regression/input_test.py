"""input_test.py SYMWAVE: bands, materials and data as their users write them."""
import gzip
import pathlib
import re
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

GUIDE = """
job: simulate
solver: {solver}
grid: {{polarization: Ez, cell: 0.1 um, size: [4 um, 3 um], pml: 0.8 um}}
wavelength: {wavelength}
materials: {{core: {core}, clad: {{index: 1.444}}}}
background: clad
shapes: [{{type: straight, material: core, from: [-9 um, 0], to: [9 um, 0], width: 0.8 um}}]
ports:
  - {{name: in, at: [-1.5 um, 0], faces: +x, span: 2.6 um}}
  - {{name: out, at: [1.5 um, 0], faces: -x, span: 2.6 um}}
output: {{fields: false}}
"""
BAND = "{from: 1.5 um, to: 1.6 um, count: 3}"


def nitride(wavelength):
    """Si3N4 by Luke et al. (2015), the program's own fit."""
    l2 = np.asarray(wavelength)**2
    return np.sqrt(1 + 3.0249 * l2 / (l2 - 0.1353406**2) + 40314 * l2 / (l2 - 1239.842**2))


class Input(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run_guide(self, name, core, solver="frequency_domain", wavelength=BAND):
        deck = self.write(f"{name}.yaml",
                          GUIDE.format(core=core, solver=solver, wavelength=wavelength))
        out = deck.with_suffix("")
        text = program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
        with h5py.File(out / "results.h5", "r") as file:
            return {"n_eff": file["n_eff"][()].real[:, 0], "wavelength": file["wavelength"][()],
                    "s": file["s_matrix"][()], "log": text, "summary": program.summary(out),
                    "resolved": file["meta/resolved_deck"][()].decode()}

    def test_band_by_frequency_is_equally_spaced_in_frequency(self):
        band = "{from: 190 THz, to: 196 THz, count: 3}"
        found = self.run_guide("band", "{index: 2}", wavelength=band)
        np.testing.assert_allclose(299.792458 / found["wavelength"], [196, 193, 190], rtol=1e-12)
        self.assertIn("[196 THz, 193 THz, 190 THz]", found["resolved"])
        # The same band as a list, one of it as photon energy (h c = 1.2398419843320026 eV um).
        energy = 1.2398419843320026 / 299.792458 * 193
        same = self.run_guide("list", "{index: 2}",
                              wavelength=f"[196 THz, 0.19 PHz, {energy:.15f} eV]")
        np.testing.assert_allclose(same["s"], found["s"], atol=1e-9)

    def test_table_gives_what_its_material_gives(self):
        rows = np.arange(1400, 1701, 20)
        lines = "".join(f"{w}; {n:.8f}; 0\n" for w, n in zip(rows, nitride(rows / 1000)))
        self.write("nitride.csv", "Wavelength (nm); n; k\n" + lines)
        model = self.run_guide("model", "{model: Si3N4}")
        table = self.run_guide("table", "{table: nitride.csv}")
        # Cubics through rows 20 nm apart are right to 1e-7.
        np.testing.assert_allclose(table["n_eff"], model["n_eff"], atol=1e-6)
        for solver in ("model", "table"):
            core = "{model: Si3N4}" if solver == "model" else "{table: nitride.csv}"
            result = self.run_guide(solver + "_time", core, "time_domain")
            # The fit is right to 5e-5 of n, or 2e-4 with poles above the band alone.
            if solver == "table":
                np.testing.assert_allclose(result["n_eff"], reference, atol=2e-4)
                media = result["summary"]["media"]["core"]
                self.assertLess(media["index_error"], 2e-4)
                self.assertLessEqual(media["poles"], 2)
                self.assertRegex(result["log"], r"medium core: table .*nitride.csv, \d pole")
            reference = result["n_eff"]

    def test_pole_residue_pairs_are_their_lorentz_pole(self):
        # strength 3.2 w0^2 / (w0^2 - w^2 - i w damping), w0 = |a|, damping = -2 Re a, and
        # c = i strength w0^2 / (2 Im a).
        w0, damping, strength = 14.0, 0.02, 3.2
        a = complex(-damping / 2, np.sqrt(w0**2 - damping**2 / 4))
        c = strength * w0**2 / (2 * a.imag)
        pair = f"{{a: [{a.real:.15g}, {a.imag:.15g}], c: [0, {-c:.15g}]}}"
        unit = 299792458e6  # rad/s of 1 / um
        si = (f"{{a: [{a.real * unit:.15g} rad/s, {a.imag * unit:.15g} rad/s], "
              f"c: [0 rad/s, {-c * unit:.15g} rad/s]}}")
        lorentz = (f"{{strength: {strength}, wavelength: {2 * np.pi / w0:.15g} um, "
                   f"damping: {damping}}}")
        poles = self.run_guide("poles", f"{{poles: {{lorentz: [{lorentz}]}}}}")
        for name, given in (("pairs", pair), ("si", si)):
            found = self.run_guide(name, f"{{pole_residue: {{pairs: [{given}]}}}}")
            np.testing.assert_allclose(found["s"], poles["s"], atol=1e-8)
        # In one time step: fitted poles keep the default one, which a pole at 14 / um lowers, and
        # n_eff of the lattice goes with it.
        solver = "{method: time_domain, courant: 0.5}"
        poles = self.run_guide("poles_time", f"{{poles: {{lorentz: [{lorentz}]}}}}", solver)
        found = self.run_guide("pairs_time", f"{{pole_residue: {{pairs: [{pair}]}}}}", solver)
        np.testing.assert_allclose(found["n_eff"], poles["n_eff"], atol=2e-4)

    def check_guide(self, core, solver="time_domain"):
        deck = self.write("check.yaml", GUIDE.format(core=core, solver=solver, wavelength=BAND))
        return program.run(SYMWAVE, 1, "check", deck)

    def test_media_say_what_they_leave_out(self):
        constant = self.check_guide("{model: Si3N4, constant_within: 2e-3}")
        self.assertIn("a constant by constant_within", constant)
        # Its index changes by 1.1e-3 from the middle of the band, that is more than 1e-4.
        self.assertNotIn("a constant", self.check_guide("{model: Si3N4, constant_within: 1e-4}"))
        # A conductivity would be off by 0.0032 at 1.5 um, since its Im eps goes with the wavelength.
        note = re.sub(r"\s+", " ", self.check_guide("{index: [2, 0.1]}"))
        self.assertRegex(note, r"core: constant index, \d poles?, n \+ i k within [0-9.]+e-05")
        self.assertNotIn("materials.core: the medium is off", note)

    def test_named_classes_in_a_compressed_file_with_an_index_column(self):
        names = ["setosa", "versicolor", "virginica"]
        rows = pathlib.Path("inputs/data/iris.csv").read_text(encoding="utf-8").split()[1:]
        lines = ["Id;a;b;c;d;species"]
        for number, row in enumerate(rows, 1):
            *features, label = row.split(",")
            lines.append(";".join([str(number), *features, names[int(label)]]))
        with gzip.open(self.folder / "named.csv.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        base = ["check", "inputs/iris_chip.yaml",
                *program.settings(data__file=self.folder / "named.csv.gz", grid__cell="0.1um")]
        text = program.run(SYMWAVE, 1, *base)
        self.assertIn("150 samples, 5 features; classes 0 setosa, 1 versicolor, 2 virginica", text)
        self.assertRegex(text, r"feature 0 \(Id\) of .*named.csv.gz counts the lines from 1")
        self.assertRegex(text, r"no port carries d of .*network.encoding.map")
        text = program.run(SYMWAVE, 1, *base, *program.settings(
            data__columns="[a, b, c, d]", data__classes="[virginica, versicolor, setosa]"))
        self.assertIn("4 features; classes 0 virginica, 1 versicolor, 2 setosa; left out: Id", text)
        self.assertNotIn("counts the lines", text)
        self.assertNotIn("no port carries", text)

    def test_doubtful_tables_are_named(self):
        lines = ["a,b,c,species"]
        for number in range(60):
            species = ["rose", "Rose", "water lily", "tulip"][number % 4 if number < 40 else 3]
            lines.append(f"{number % 7},{number % 5},2.5,{species}")
        (self.folder / "slips.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = program.run(SYMWAVE, 1, "check", "inputs/iris_chip.yaml", *program.settings(
            data__file=self.folder / "slips.csv", data__test_fraction=0.96, grid__cell="0.1um",
            network__encoding__map="[-1, -1, 0, 1, 2, 2, -1, -1]"))
        self.assertRegex(text, 'classes "Rose" and "rose" of .*slips.csv differ in case or blanks')
        self.assertEqual(text.count("differ in case"), 1)
        self.assertRegex(text, "c of .*slips.csv is the same in all samples")
        self.assertIn("data.test_fraction: 0.96 leaves 4 of 60 samples to train on, one of each of "
                      "the classes Rose, rose, tulip, water lily", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
