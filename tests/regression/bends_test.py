"""bends_test.py SYMWAVE: ports in bends, in both solvers, and what is said of decks that draw them
otherwise than their ports say."""
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1) if len(sys.argv) > 1 else ""
COARSE = program.settings(grid__cell="50 nm", wavelength="1.55 um", output__fields="false")
IN = "{name: in, at: [-1.9 um, 1.1 um], faces: +x, span: 2.4 um"
OUT = "{name: out, at: [1.1 um, -1.9 um], faces: +y, span: 2.4 um"


def ports(of_in, of_out=", bend: {radius: 3 um, towards: -x}"):
    return ("--set", f"ports=[{IN}{of_in}}}, {OUT}{of_out}}}]")


class Bends(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.out = pathlib.Path(temporary.name) / "out"

    def run_bend(self, ranks, *options):
        said = program.run(SYMWAVE, ranks, "run", "inputs/bend.yaml", *COARSE, *options,
                           "--no-report", "--output", self.out)
        with h5py.File(self.out / "results.h5") as file:
            return said, file["s_matrix"][0], file["n_eff"][0]

    def answer(self, *options):
        return program.answer(SYMWAVE, 2, "check", "inputs/bend.yaml", *COARSE, *options)

    def test_both_solvers_turn_light_without_loss(self):
        said, s, n_eff = self.run_bend(1)
        self.assertNotIn("warning", said)
        np.testing.assert_allclose(np.abs(s[1, 0])**2, 1, atol=1e-3)
        self.assertLess(np.abs(s[0, 0])**2, 5e-4)
        for ranks in (2, 4):
            _, again, _ = self.run_bend(ranks)
            np.testing.assert_allclose(again, s, atol=1e-10)
        said, in_time, n_in_time = self.run_bend(2, "--set", "solver=time_domain")
        self.assertNotIn("warning", said)
        np.testing.assert_allclose(np.abs(in_time[1, 0])**2, 1, atol=1e-3)
        # Apart by the time step: 0.1 % of the index.
        np.testing.assert_allclose(n_in_time.real, n_eff.real, rtol=2e-3)
        way = 2 * np.pi / 1.55 * 0.5 * np.pi * 3
        turn = np.exp(1j * way * (n_in_time[0].real - n_eff[0].real))
        self.assertLess(np.abs(np.angle(in_time[1, 0] / s[1, 0] / turn)), 0.15)

    def test_modes_of_straight_guides_lose_where_the_bend_begins(self):
        _, s, _ = self.run_bend(2, *ports("", ""))
        self.assertGreater(1 - np.abs(s[1, 0])**2, 5e-3)

    def test_a_strip_in_three_dimensions(self):
        def bend(towards):
            return f", span: [2 um, 1.4 um], bend: {{radius: 2 um, towards: {towards}}}}}"
        box = "{type: box, z: [-0.11 um, 0.11 um], material: core, "
        out = self.out
        deck = out.with_suffix(".yaml")
        deck.write_text(f"""
job: simulate
solver: time_domain
grid: {{cell: 60 nm, size: [3.6 um, 3.6 um, 1.4 um], pml: 0.6 um}}
wavelength: 1.55 um
materials: {{core: {{index: 3.476}}, oxide: {{index: 1.444}}}}
background: oxide
shapes:
  - {{type: ring, z: [-0.11 um, 0.11 um], material: core, centre: [-1.2 um, -1.2 um], radius: 2 um,
     width: 0.45 um, start_angle: 0, end_angle: 90}}
  - {box}centre: [-2.2 um, 0.8 um], size: [2 um, 0.45 um]}}
  - {box}centre: [0.8 um, -2.2 um], size: [0.45 um, 2 um]}}
ports:
  - {{name: in, at: [-1.2 um, 0.8 um, 0], faces: +x{bend("-y")}
  - {{name: out, at: [0.8 um, -1.2 um, 0], faces: +y{bend("-x")}
output: {{fields: false}}
""", encoding="utf-8")
        program.run(SYMWAVE, 2, "run", deck, "--no-report", "--output", out)
        with h5py.File(out / "results.h5") as file:
            s = file["s_matrix"][0]
        np.testing.assert_allclose(np.abs(s[1, 0])**2, 1, atol=5e-3)
        self.assertLess(np.abs(s[0, 0])**2, 2e-3)

    def test_two_modes_are_reciprocal_to_second_order(self):
        wide = ("--set", "shapes=[{type: ring, material: core, centre: [-1.9 um, -1.9 um], radius: 3 um, "
                "width: 0.9 um, start_angle: 0, end_angle: 90}, {type: straight, material: core, "
                "from: [-4 um, 1.1 um], to: [-1.9 um, 1.1 um], width: 0.9 um}, {type: straight, "
                "material: core, from: [1.1 um, -4 um], to: [1.1 um, -1.9 um], width: 0.9 um}]")
        of_both = ports(", modes: [0, 1], bend: {radius: 3 um, towards: -y}",
                        ", modes: [0, 1], bend: {radius: 3 um, towards: -x}")
        defects = []
        for cell in ("40 nm", "25 nm"):
            _, s, _ = self.run_bend(2, *wide, *of_both, "--set", "solver=time_domain", "--set",
                                    f"grid.cell={cell}")
            defects.append(np.linalg.norm(s - s.T) / np.linalg.norm(s))
        self.assertLess(defects[1], 3e-3)
        self.assertGreater(np.log(defects[0] / defects[1]) / np.log(40 / 25), 1.4)
        # What one mode gives to the other on the way is the same in both solvers.
        said, in_frequency, _ = self.run_bend(1, *wide, *of_both, "--set", "grid.cell=25 nm")
        self.assertNotIn("not driven", said)
        self.assertLess(np.abs(in_frequency[2, 1] - 0.5 * (s[2, 1] + s[1, 2])), 5e-3)

    def test_what_is_said_of_other_guides(self):
        for of_in, sentence in (
                (", bend: {radius: 2 um, towards: -y}",
                 r"port 'in' has the mode of a guide that bends towards -y with a radius "
                 r"of 2 um, but the guide bends towards -y with about (2[.][6789]|3)[0-9.]* um"),
                (", bend: {radius: 3 um, towards: +y}", r"but the guide bends towards -y with about")):
            code, said = self.answer(*ports(of_in))
            self.assertEqual(code, 0, said)
            self.assertRegex(said, sentence)
        straight = "shapes=[{type: straight, material: core, from: [-5 um, 1.1 um], " \
                   "to: [5 um, 1.1 um], width: 0.45 um}]"
        code, said = self.answer("--set", straight, "--set",
                                 "ports=[" + IN + ", bend: {radius: 3 um, towards: -y}}]")
        self.assertEqual(code, 0, said)
        self.assertIn("but the guide runs straight there: leave out ports.bend", said)
        whole = "shapes=[{type: ring, material: core, centre: [-1.9 um, -1.9 um], radius: 3 um, " \
                "width: 0.45 um, start_angle: -80, end_angle: 170}]"
        code, said = self.answer("--set", whole)
        self.assertEqual(code, 0, said)
        self.assertIn("its guide goes on bending behind it", said)

    def test_what_is_refused(self):
        for of_in, sentence in (
                (", bend: {radius: 3 um, towards: +x}",
                 "port 'in' faces along x, so that its guide bends towards -y or .y, not x"),
                (", bend: {radius: 3 um}", "towards"),
                (", bend: {radius: -3 um, towards: -y}", "radius"),
                (", bend: {radius: 3 um, toward: -y}", "towards"),
                (", bend: {radius: 1 um, towards: -y}",
                 "port 'in' has a span of 2.4 um, which reaches beyond the centre of its bend of 1 um"),
                (", bend: {radius: 1.31 um, towards: -y}", "reaches close to the centre"),
                (", bend: {radius: 1.4 um, towards: -y}",
                 r"leaves a bend of 1.4 um beyond \d.\d+ um from the centre")):
            code, said = self.answer(*ports(of_in))
            self.assertEqual(code, 1, said)
            self.assertRegex(said, sentence)


if __name__ == "__main__":

    unittest.main()
