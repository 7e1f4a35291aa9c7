"""ports_test.py SYMWAVE: planes of reference, several guides in one window, modes between walls."""
import json
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

GUIDE = """
job: simulate
solver: {{method: {method}, precision: float64, stop: {{decay: 1e-12}}}}
grid: {{polarization: {polarization}, cell: {cell}, size: {size}, pml: 1 um{more}}}
wavelength: {wavelength}
materials: {{core: {{index: {core}}}, oxide: {{index: 1.444}}}}
background: oxide
shapes: {shapes}
ports: {ports}
monitors: {monitors}
output: {{fields: false}}
"""


# The medium between walls: a deck needs a shape.
FILLED = [{"type": "straight", "material": "oxide", "from": [-20, 0], "to": [20, 0], "width": 9}]


def straight(along_x, centre=0.0):
    ends = [[-20, centre], [20, centre]] if along_x else [[centre, -20], [centre, 20]]
    return {"type": "straight", "material": "core", "from": ends[0], "to": ends[1], "width": 0.45}


def port(name, along, across, faces, span):
    at = [along, across] if faces[1] == "x" else [across, along]
    return {"name": name, "at": at, "faces": faces, "span": span}


class Ports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_deck(self, method, shapes, ports, ranks=1, **values):
        given = {"polarization": "Ez", "cell": 0.05, "size": [4, 3.5], "wavelength": 1.55,
                 "core": 2.8, "more": "", "monitors": [], **values}
        for key in ("core", "wavelength"):
            given[key] = json.dumps(given[key])
        deck = self.folder / "deck.yaml"
        deck.write_text(GUIDE.format(method=method, shapes=json.dumps(shapes),
                                     ports=json.dumps(ports),
                                     **{**given, "monitors": json.dumps(given["monitors"])}),
                        encoding="utf-8")
        self.output = program.run(SYMWAVE, ranks, "run", deck, "--no-report", "--output",
                                  self.folder / "out")
        with h5py.File(self.folder / "out" / "results.h5", "r") as file:
            return {"s": file["s_matrix"][()], "n": file["n_eff"][()],
                    "wavelength": file["wavelength"][()], "line": file["ports/line"][()],
                    "power": {k: file["power"][k][()] for k in file["power"]},
                    "flux": {name: group["power"][()]
                             for name, group in file.get("input/in/flux", {}).items()}}

    def warnings(self):
        return program.summary(self.folder / "out").get("warnings", [])

    def straight_guide(self, method, polarization, axis, cell, ends, **values):
        """S21 of a guide over exp(i n k L), L between the ports of the deck."""
        names = ("+x", "-x") if axis == 0 else ("+y", "-y")
        size = [3.4, 3] if axis == 0 else [3, 3.4]
        found = self.run_deck(method, [straight(axis == 0)],
                              [port("in", ends[0], 0, names[0], 2.4),
                               port("out", ends[1], 0, names[1], 2.4)],
                              polarization=polarization, cell=cell, size=size, **values)
        lines = np.array(found["line"]).reshape(2, 2, 2)
        np.testing.assert_allclose(lines[:, :, axis], [[ends[0]] * 2, [ends[1]] * 2], atol=1e-12)
        k = 2 * np.pi / found["wavelength"]
        return found["s"][:, 1, 0] / np.exp(1j * found["n"][:, 0] * k * (ends[1] - ends[0]))

    # What is left is what the PML sends back of the sheet's other half (1e-5 in amplitude there and
    # back) and the guided mode's tail beyond the window.
    def test_phase_belongs_to_the_planes_of_the_deck(self):
        cases = [("frequency_domain", "Ez", 0, 0.05, (-1.5, 1.5)),
                 ("frequency_domain", "Ez", 1, 0.04, (-1.47, 1.463)),
                 ("frequency_domain", "Hz", 0, 0.05, (-1.463, 1.51)),
                 ("frequency_domain", "Hz", 1, 0.025, (-1.5, 1.5)),
                 ("time_domain", "Ez", 0, 0.05, (-1.5, 1.5)),
                 ("time_domain", "Ez", 1, 0.04, (-1.47, 1.463)),
                 ("time_domain", "Hz", 0, 0.05, (-1.5, 1.5)),
                 ("time_domain", "Hz", 1, 0.05, (-1.463, 1.51)),
                 ("time_domain", "Hz", 0, 0.04, (-1.5, 1.5)),
                 ("time_domain", "Hz", 0, 0.025, (-1.5, 1.5))]
        for case in cases:
            with self.subTest(case=case):
                ratio = self.straight_guide(*case)
                self.assertLess(np.max(np.abs(np.angle(ratio))), 1e-4)
                self.assertLess(np.max(np.abs(np.abs(ratio) - 1)), 2e-4)

    # Rows of the lattice that is not shared with the frequency domain: cells that are not square.
    def test_phase_on_oblong_cells_and_off_the_centre_of_a_band(self):
        for polarization in ("Ez", "Hz"):
            ratio = self.straight_guide("time_domain", polarization, 0, [0.05, 0.04],
                                        (-1.463, 1.51), wavelength=[1.5, 1.55, 1.62])
            self.assertLess(np.max(np.abs(np.angle(ratio))), 1e-4)

    # n'' of the lattice's mode alone says what is lost over the 2.993 um between the planes.
    def test_loss_belongs_to_the_planes_of_the_deck(self):
        for polarization in ("Ez", "Hz"):
            ratio = self.straight_guide("frequency_domain", polarization, 0, 0.05, (-1.493, 1.5),
                                        core=[2.8, 0.01])
            self.assertLess(abs(np.abs(ratio[0]) - 1), 2e-4)
            self.assertLess(abs(np.angle(ratio[0])), 2e-4)
            # The guide's loss between the planes and the box of the balance counts, and that the
            # flux of an Hz mode in complex 1/eps is not the square of its amplitude: 6e-4 are left,
            # second order in k'' h.
            error = program.summary(self.folder / "out")["energy_balance_error"]
            self.assertLess(error, 2e-4 if polarization == "Ez" else 1e-3)
            ratio = self.straight_guide("time_domain", polarization, 0, 0.05, (-1.493, 1.5),
                                        core=[2.8, 0.01])
            self.assertLess(abs(np.abs(ratio[0]) - 1), 2e-4)
            self.assertLess(abs(np.angle(ratio[0])), 2e-4)

    # The decks twoguides.yaml and partial_guide.yaml: all light stays in the guide at the port. Two
    # guides 1.6 um apart exchange less than 1e-4 of their light over 4 um.
    def test_the_guide_at_the_port_is_meant(self):
        shapes = [straight(True, 0.8), straight(True, -0.8)]
        for method in ("frequency_domain", "time_domain"):
            for span in (3.9, 2.8):  # over the neighbour, and ending inside it
                found = self.run_deck(method, shapes,
                                      [port("in", -1.5, 0.8, "+x", span),
                                       port("out", 1.5, 0.8, "-x", span),
                                       port("beside", 1.5, -0.8, "-x", 1.5)], size=[4, 6])
                power = np.abs(found["s"][0])**2
                self.assertGreater(power[1, 0], 0.998)
                self.assertLess(power[2, 0], 1e-3)
                sentences = [w for w in self.warnings() if "port 'in'" in w]
                self.assertEqual(len(sentences), 1, self.warnings())
                self.assertIn("2 guides", sentences[0])
                self.assertIn("y = 0.8 um", sentences[0])

    def test_common_modes_between_two_guides(self):
        # So far apart that mode 0 is the light of no pair; at +-0.4 um it is, and nothing is said.
        shapes = [straight(False, 0.9), straight(False, -0.9)]
        for method in ("frequency_domain", "time_domain"):
            found = self.run_deck(method, shapes, [port("in", -1.5, 0, "+y", 3),
                                                   port("out", 1.5, 0, "-y", 3)], size=[4, 4])
            self.assertGreater(abs(found["s"][0][1, 0])**2, 0.998)
            self.assertIn("none stands at the port's centre", " ".join(self.warnings()))
            self.assertIn("mode 0 has 50, 50 %", " ".join(self.warnings()))

    def test_a_window_that_cuts_its_own_guide_is_refused(self):
        for method in ("frequency_domain", "time_domain"):
            with self.assertRaisesRegex(AssertionError, "its window ends inside the guide, at y = "):
                self.run_deck(method, [straight(True)], [port("in", -1.5, 0.1, "+x", 0.4),
                                                         port("out", 1.5, 0, "-x", 2)], size=[4, 4])

    # Between walls: TE_m0 with E along the walls, beta^2 = n^2 k^2 - (m pi / a)^2, and TEM with E
    # across. Second order in the cell of 1/40 of the wavelength: 0.4 %.
    def test_modes_between_walls(self):
        width, k = 1.0, 2 * np.pi / 1.55
        te = np.sqrt((1.444 * k)**2 - (np.pi / width)**2) / k
        walls = [("Ez", "pec", te), ("Hz", "pec", 1.444), ("Hz", "pmc", te), ("Ez", "pmc", 1.444)]
        for method in ("frequency_domain", "time_domain"):
            for number, (polarization, wall, n_eff) in enumerate(walls):
                along_x = number % 2 == 0
                size = [3, width] if along_x else [width, 3]
                ends = f"[pml, {wall}]" if along_x else f"[{wall}, pml]"
                axis = "x" if along_x else "y"
                span = width if number < 2 else 2 * width
                with self.subTest(method=method, polarization=polarization, wall=wall):
                    found = self.run_deck(method, FILLED, [port("in", -1.21, 0, "+" + axis, span),
                                                       port("out", 1.2, 0, "-" + axis, span)],
                                          polarization=polarization, size=size, cell=0.025,
                                          more=f", boundary: {ends}")
                    self.assertAlmostEqual(found["n"][0, 0].real, n_eff, delta=4e-3 * n_eff)
                    ratio = found["s"][0, 1, 0] / np.exp(1j * found["n"][0, 0] * k * 2.41)
                    self.assertLess(abs(np.angle(ratio)), 1e-3)
                    self.assertLess(abs(abs(ratio) - 1), 1e-3)

    # TE10 of a hollow guide of 1.2 x 0.6 um, along x and along z.
    def test_hollow_guide_in_three_dimensions(self):
        k = 2 * np.pi / 1.55
        n_eff = np.sqrt((1.444 * k)**2 - (np.pi / 1.2)**2) / k
        for axis in (0, 2):
            size = [1.2, 0.6]
            size.insert(axis, 2)
            at = [0, 0, 0]
            ends = ["pec", "pec"]
            ends.insert(axis, "pml")
            ports = []
            for name, place, sign in (("in", -0.51, "+"), ("out", 0.5, "-")):
                at[axis] = place
                ports.append({"name": name, "at": list(at), "faces": sign + "xyz"[axis],
                              "span": [1.2, 0.6]})
            found = self.run_deck("time_domain", [{**FILLED[0], "z": [-9, 9]}], ports, size=size, cell=0.075,
                                  more=f", boundary: [{', '.join(ends)}]")
            self.assertAlmostEqual(found["n"][0, 0].real, n_eff, delta=0.01 * n_eff)
            ratio = found["s"][0, 1, 0] / np.exp(1j * found["n"][0, 0] * k * 1.01)
            self.assertLess(abs(np.angle(ratio)), 1e-3)
            self.assertLess(abs(abs(ratio) - 1), 2e-3)

    # Between plates TEM has the same flux everywhere: half of the width carries half of the power,
    # and a plane between nodes as much as one on a node. Widths as asked for, not of whole cells.
    def test_fluxes_where_they_are_asked_for(self):
        monitors = [{"type": "flux", "name": f"w{n}", "centre": [x, y], "size": [0, w]}
                    for n, (x, y, w) in enumerate([(0.0, 0, 1.0), (0.013, 0, 0.487),
                                                   (0.021, 0.11, 0.333), (0.05, -0.2, 0.02)])]
        found = self.run_deck("time_domain", FILLED, [port("in", -1, 0, "+x", 1),
                                                  port("out", 1, 0, "-x", 1)],
                              polarization="Hz", size=[3, 1], monitors=monitors,
                              more=", boundary: [pml, pec]")
        for name, width in (("w0", 1.0), ("w1", 0.487), ("w2", 0.333), ("w3", 0.02)):
            self.assertAlmostEqual(found["flux"][name][0], width, delta=1e-3 * width)

    def test_a_log_line_says_where_probes_stand(self):
        monitors = [{"type": "probe", "name": "p", "at": [0.01, 0.02], "component": "Ez"}]
        self.run_deck("time_domain", [straight(True)], [port("in", -1, 0, "+x", 2.4),
                                                        port("out", 1, 0, "-x", 2.4)],
                      size=[3, 3], monitors=monitors)
        self.assertIn("probe p records Ez at (0.025, 0.025) um, the point of the lattice nearest to "
                      "(0.01, 0.02) um", self.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
