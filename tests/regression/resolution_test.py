"""resolution_test.py SYMWAVE: cells too coarse for the light, the error that the mesh is expected to
make, and the place of walls and layers on the lattice."""
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import program

SYMWAVE = sys.argv.pop(1)

CORE, CLADDING, WIDTH, WAVELENGTH = 2.85, 1.444, 0.45, 1.55

# A straight guide along x or y; 101 cells of 0.05 um across it.
GUIDE = """
job: simulate
solver: {method}
grid: {{polarization: {polarization}, cell: {cell}, size: {size}, pml: 1 um{grid}}}
wavelength: 1.55 um
materials:
  core: {{index: 2.85}}
  oxide: {{index: 1.444}}
  unused: {{index: 40}}
background: oxide
shapes: [{{type: straight, material: core, from: {from_}, to: {to}, width: 0.45 um}}]
ports:
  - {{name: in, at: {at_in}, faces: +{axis}, span: 4 um}}
  - {{name: out, at: {at_out}, faces: -{axis}, span: 4 um}}
output: {{fields: false}}
"""

STRIP = """
job: simulate
solver: time_domain
grid: {{cell: {cell}, size: [2 um, 2.4 um, {height} um], pml: 0.5 um{grid}}}
wavelength: 1.55 um
materials: {{silicon: {{index: 3.4757}}, oxide: {{index: 1.444}}}}
background: oxide
shapes:
  - {{type: straight, material: silicon, from: [-4 um, 0], to: [4 um, 0], width: 500 nm,
     z: [-110 nm, 110 nm]}}
ports: [{{name: in, at: [-0.5 um, 0, 0], faces: +x, span: [2.4 um, 1.76 um]}}]
output: {{fields: false}}
"""

def exact_index(across):
    """n_eff of the guide's first mode; E across its walls (Hz in 2D) or along them (Ez)."""
    k = 2 * math.pi / WAVELENGTH
    ratio = (CORE / CLADDING)**2 if across else 1

    def mismatch(n):
        inside = k * math.sqrt(CORE**2 - n**2)
        outside = k * math.sqrt(n**2 - CLADDING**2)
        return inside * WIDTH / 2 - math.atan(ratio * outside / inside)

    low, high = CLADDING + 1e-9, CORE - 1e-9
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if mismatch(middle) > 0 else (low, middle)
    return low


def guide(along="x", **values):
    """The deck with its guide along an axis."""
    def point(distance):
        return f"[{distance} um, 0]" if along == "x" else f"[0, {distance} um]"

    size = "[8 um, 5.05 um]" if along == "x" else "[5.05 um, 8 um]"
    fill = {"method": "frequency_domain", "polarization": "Ez", "cell": "0.05 um", "size": size,
            "grid": "", "axis": along, "from_": point(-9), "to": point(9), "at_in": point(-3),
            "at_out": point(3)}
    return GUIDE.format(**{**fill, **values})


class Resolution(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, verb, text, *options, ranks=1):
        deck = self.folder / "deck.yaml"
        deck.write_text(text, encoding="utf-8")
        command = program.command(SYMWAVE, ranks, verb, deck, *options)
        return subprocess.run(command, cwd=program.ROOT, env=program.environment(), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
                              check=False)

    def check(self, text):
        done = self.start("check", text)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def run_deck(self, text, ranks=1):
        out = self.folder / "out"
        done = self.start("run", text, "--no-report", "--output", out, ranks=ranks)
        self.assertEqual(done.returncode, 0, done.stdout)
        return program.summary(out), done.stdout

    def test_fewer_than_four_cells_are_refused(self):
        coarse = {"cell": "0.14 um", "size": "[7 um, 5.04 um]"}
        decks = [guide(**coarse), guide(method="time_domain", **coarse),
                 guide(polarization="Hz", **coarse),
                 # Oblong cells, a mirror plane, walls: lattices of the time domain's own.
                 guide(method="time_domain", cell="[0.14 um, 0.05 um]", size="[7 um, 5 um]"),
                 guide(method="time_domain", grid=", symmetry: [none, pmc]", **coarse),
                 guide(method="time_domain", grid=", boundary: [pml, pec]", **coarse)]
        for number, deck in enumerate(decks):
            for verb in ("check", "run") if number < 2 else ("check",):
                done = self.start(verb, deck, *([] if verb == "check" else
                                                ["--output", self.folder / "none"]))
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertRegex(done.stdout, r"deck\.yaml:4: 3\.9 cells of 0\.14 um along [xy] per "
                                 r"wavelength in 'core' \(index 2\.85 at 1\.5500 um\), fewer than 4")
                self.assertIn("take grid.cell at most 0.135 um", done.stdout)
        self.assertIn("along z per wavelength in 'silicon'",
                      self.start("check", STRIP.format(cell="[50 nm, 50 nm, 115 nm]",
                                                       height=1.84, grid="")).stdout)

    def test_the_cell_that_the_sentence_names_is_enough(self):
        # The cells of 0.135 um along x that the refusal names are taken, with a warning that names
        # 0.0679 um: 1.55 / 2.85 / 8. What is defined and not used counts in neither.
        coarse = self.check(guide(cell="0.135 um", size="[7.02 um, 5.13 um]"))
        self.assertIn("fewer than 8: expect several percent of error", coarse)
        self.assertIn("at most 0.0679 um", coarse)
        fine = self.check(guide(cell="0.0679 um"))
        self.assertNotIn("fewer than", fine)
        summary, log = self.run_deck(guide(cell="0.1 um", size="[8 um, 5 um]"), ranks=2)
        self.assertTrue(any("fewer than 8" in w for w in summary["warnings"]), log)

    def test_cells_count_where_the_material_is(self):
        # Cells of 0.1 um, too coarse for the core, are refined across it; along it they are not.
        refined = ", refine: [{axis: y, from: -0.4 um, to: 0.4 um, cell: 0.04 um}]"
        text = self.check(guide(method="time_domain", cell="[0.05 um, 0.1 um]", grid=refined))
        self.assertNotIn("fewer than", text)
        along = self.check(guide(method="time_domain", cell="0.1 um", grid=refined))
        self.assertIn("cells of 0.1 um along x per wavelength in 'core'", along)

    def test_metals_are_warned_about(self):
        box = "[{type: box, material: metal, centre: [0, 1.5 um], size: [1 um, 0.5 um]}, "
        text = self.check(guide().replace("unused: {index: 40}", "metal: {epsilon: -400}")
                          .replace("shapes: [", "shapes: " + box))
        # |n| = 20: 1.55 um / (2 pi 20), and an eighth of 0.0775 um.
        self.assertIn("0.05 um cells along y in 'metal', where light decays within 0.012 um", text)
        self.assertIn("cells of 0.00968 um", text)

    def test_walls_lie_on_points_of_the_field(self):
        for polarization, across in (("Ez", False), ("Hz", True)):
            exact = exact_index(across)
            for along in ("x", "y"):
                placed = self.check(guide(along, polarization=polarization))
                self.assertIn("moved by 0.025 um", placed)
                n = self.port_index(placed)
                off = self.check(guide(along, polarization=polarization, grid=", align: off"))
                self.assertIn("(grid.align: off)", off)
                with self.subTest(polarization=polarization, along=along):
                    self.assertLess(abs(n - exact), 0.85 * abs(self.port_index(off) - exact))
        # Walls that no lattice of equal cells meets stay in their cells, and that is said.
        self.assertIn("cells of 0.04 um do not meet all of them",
                      self.check(guide(cell="0.04 um")))

    def port_index(self, text):
        return float(re.search(r"n_eff ([0-9.]+) of", text).group(1))

    def test_the_estimate_is_the_error(self):
        # Slab in closed form. 4/3 of the change with half the cells leaves the fourth order: a
        # tenth at 10 cells per wavelength. The dispersion relation alone does not know the walls.
        cases = [("frequency_domain", "Ez", ""), ("frequency_domain", "Ez", ", align: off"),
                 ("frequency_domain", "Hz", ""), ("time_domain", "Ez", ""),
                 ("time_domain", "Hz", ", align: off")]
        for method, polarization, grid in cases:
            deck = guide(method=method, polarization=polarization, grid=grid,
                         size="[4 um, 5.05 um]").replace("3 um, 0]", "1 um, 0]")
            summary, _ = self.run_deck(deck)
            estimate = summary["mesh_error_estimate"]
            exact = exact_index(polarization == "Hz")
            error = estimate["modes"][0]["n_eff"] / exact - 1
            phase = 2 * math.pi / WAVELENGTH * exact * error
            with self.subTest(method=method, polarization=polarization, grid=grid):
                self.assertAlmostEqual(estimate["n_eff_relative"] / error, 1, delta=0.15)
                self.assertAlmostEqual(estimate["dispersion_relative"] / error, 1, delta=0.45)
                self.assertAlmostEqual(estimate["phase_rad_per_um"] / phase, 1, delta=0.15)

    def test_the_estimate_sees_what_is_denser_than_the_guides(self):
        # A slab of n = 3 in air: the phase of what it transmits, beside that of Airy.
        deck = """
job: simulate
solver: frequency_domain
grid: {polarization: Ez, cell: 0.02 um, size: [4 um, 0.4 um], pml: 1 um, boundary: [pml, pmc]}
wavelength: 1.4 um
materials: {air: {index: 1}, glass: {index: 3}}
background: air
shapes: [{type: box, material: glass, centre: [0, 0], size: [0.5 um, 2 um]}]
ports:
  - {name: in, at: [-1.5 um, 0], faces: +x, span: 0.4 um}
  - {name: out, at: [1.5 um, 0], faces: -x, span: 0.4 um}
output: {fields: false}
"""
        summary, _ = self.run_deck(deck)
        estimate = summary["mesh_error_estimate"]
        self.assertTrue(estimate["sentence"].startswith("the index 3.0000 of glass"), estimate)
        # Airy with the phase that the lattice is said to have; its mirrors differ a little, too.
        def transmitted(index):
            sine = math.sin(2 * math.pi / 1.4 * 0.5 * index)
            return 1 / (1 + (3 - 1 / 3)**2 / 4 * sine**2)
        found = summary["power"]["in"]["out"]
        expected = transmitted(3 * (1 + estimate["n_eff_relative"]))
        self.assertGreater(abs(found - transmitted(3)), 0.01)
        self.assertAlmostEqual(found, expected, delta=0.4 * abs(found - transmitted(3)))

    def test_layers_lie_on_nodes_in_3d(self):
        # 2.4455 converged; the faces of 220 nm are 5 cells apart.
        cells = "[50 nm, 50 nm, 44 nm]"
        index = {}
        for name, height, grid in (("45", 1.98, ""), ("50", 2.2, ""), ("off", 2.2, ", align: off"),
                                   ("mirror", 1.98, ", symmetry: [none, pec, pmc]")):
            text = self.check(STRIP.format(cell=cells, height=height, grid=grid))
            index[name] = float(re.search(r"in +n_eff ([0-9.]+)", text).group(1))
            said = "averaged within their cells" if name == "off" else "lie on nodes of the lattice"
            self.assertIn(said, text)
        self.assertAlmostEqual(index["45"], index["50"], delta=2e-4)
        self.assertAlmostEqual(index["mirror"], index["45"], delta=4e-3)
        self.assertLess(abs(index["50"] - 2.4455), 0.4 * abs(index["off"] - 2.4455))


if __name__ == "__main__":
    unittest.main()
