"""ports_judged_test.py SYMWAVE: decks whose ports or S-matrix deserve doubt say so, in `check` where
geometry shows it and in log, report and summary of a run; sound decks say nothing."""
import html
import pathlib
import sys
import tempfile
import unittest

import program

SYMWAVE = sys.argv.pop(1)

DECK = """
job: simulate
solver: {solver}
grid: {{polarization: {polarization}, cell: {cell}, size: {size}, pml: {pml}, boundary: {boundary}}}
wavelength: {wavelength}
materials: {{core: {{index: 2.848}}, clad: {{index: 1.444}}}}
background: clad
shapes: [{shapes}]
ports:
  - {{name: in, at: {at_in}, faces: {faces_in}, span: {span}, modes: {modes}}}
  - {{name: out, at: {at_out}, faces: {faces_out}, span: {span}, modes: {modes}}}
output: {{fields: false}}
"""
SOUND = {
    "solver": "frequency_domain", "polarization": "Ez", "cell": "0.06 um",
    "size": "[4.8 um, 4.8 um]", "pml": "0.96 um", "boundary": "[pml, pml]", "wavelength": "1.55 um",
    "shapes": "{type: straight, material: core, from: [-9, 0], to: [9, 0], width: 0.4}",
    "at_in": "[-1.6 um, 0]", "at_out": "[1.6 um, 0]", "faces_in": "+x", "faces_out": "-x",
    "span": "2.88 um", "modes": "[0]"}
UPRIGHT = {"at_in": "[0, -1.6 um]", "at_out": "[0, 1.6 um]", "faces_in": "+y", "faces_out": "-y",
           "shapes": "{type: straight, material: core, from: [0, -9], to: [0, 9], width: 0.4}"}
SOLVERS = ("frequency_domain", "time_domain")


class Ports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def deck(self, **changes):
        path = self.folder / "deck.yaml"
        path.write_text(DECK.format(**{**SOUND, **changes}), encoding="utf-8")
        return path

    def check(self, **changes):
        """The notes of `symwave check`."""
        text = program.run(SYMWAVE, 1, "check", self.deck(**changes))
        return [line.split(None, 1)[1] for line in text.splitlines()
                if line.strip().startswith("note ")]

    def run_deck(self, ranks=1, **changes):
        """summary.json of a run; what it warns of stands in the report, too."""
        out = self.folder / "out"
        program.run(SYMWAVE, ranks, "run", self.deck(**changes), "--output", out)
        numbers = program.summary(out)
        page = (out / "report.html").read_text(encoding="utf-8")
        for warning in numbers.get("warnings", []):
            self.assertIn(html.escape(warning), page)
        return numbers

    def assert_some(self, sentences, *words):
        self.assertTrue(any(all(word in sentence for word in words) for sentence in sentences),
                        f"no sentence with {words} in {sentences}")

    def test_a_sound_deck_says_nothing(self):
        for solver, polarization, upright in (("frequency_domain", "Hz", {}),
                                              ("time_domain", "Ez", UPRIGHT)):
            numbers = self.run_deck(solver=solver, polarization=polarization, **upright)
            self.assertEqual(numbers.get("warnings", []), [])
            self.assertLess(numbers["energy_balance_error"], numbers["energy_balance_limit"])
            self.assertIn("Mesh", (self.folder / "out/report.html").read_text(encoding="utf-8"))

    def test_guide_that_ends_before_the_pml(self):
        # Found without: T 1.000, R 0.158 and radiated -0.158 in time domain.
        short = "{type: straight, material: core, from: [-2.4, 0], to: [2.4, 0], width: 0.4}"
        for solver in SOLVERS:
            numbers = self.run_deck(solver=solver, shapes=short)
            self.assert_some(numbers["warnings"], "port 'in'", "guide ends", "before the PML")
            self.assert_some(numbers["warnings"], "'out' is not driven, yet", "'in'")
            self.assertGreater(numbers["energy_balance_error"], numbers["energy_balance_limit"])
        self.assert_some(numbers["warnings"], "times the power launched at")
        in_pml = "{type: straight, material: core, from: [0, -9], to: [0, 2.88], width: 0.4}"
        notes = self.check(polarization="Hz", **{**UPRIGHT, "shapes": in_pml})
        self.assert_some(notes, "port 'out'", "guide ends", "y = 2.8", "in the PML")
        self.assertEqual(len(notes), 1)

    def test_tilted_and_bent_guides(self):
        tilted = "{type: straight, material: core, from: [-9, -0.95], to: [9, 0.95], width: 0.4}"
        # 6.03 degrees; averages of eps across walls move its middle a little less.
        self.assert_some(self.check(shapes=tilted), "port 'in'", "tilted by about 6.0 degrees",
                         "turn the layout by -6.0 degrees")
        self.assert_some(self.check(shapes=tilted, solver="time_domain", polarization="Hz"),
                         "port 'out'", "tilted by about 5.9 degrees")
        bend = "{type: s_bend, material: core, from: [-3.4, -0.6], to: [3.4, 0.6], width: 0.4}"
        for solver in SOLVERS:
            self.assert_some(self.check(shapes=bend, solver=solver, at_in="[-1.6 um, -0.4 um]"),
                             "port 'in'", "tilted or bends")

    def test_media_that_change_behind_a_port(self):
        wider = (SOUND["shapes"] +
                 ", {type: box, material: core, centre: [4, 0], size: [3.6, 0.8]}")
        for solver in SOLVERS:
            self.assert_some(self.check(shapes=wider, solver=solver), "port 'out'",
                             "media change along x")

    def test_port_that_faces_the_wrong_way(self):
        for solver in SOLVERS:
            self.assert_some(self.check(faces_in="-x", solver=solver), "port 'in'",
                             "faces the wrong way", "faces: +x")
        self.assert_some(self.check(**{**UPRIGHT, "faces_out": "+y"}), "port 'out'",
                         "faces the wrong way", "faces: -y")

    def test_mode_that_its_window_cuts(self):
        for solver, polarization in (("time_domain", "Ez"), ("time_domain", "Hz"),
                                     ("frequency_domain", "Ez")):
            # The frequency domain takes up to half a span more on both sides.
            notes = self.check(solver=solver, polarization=polarization, span="0.48 um",
                               shapes=SOUND["shapes"].replace("width: 0.4", "width: 0.2"))
            self.assert_some(notes, "the mode of port 'in'", "of its power lies outside", "wider")

    def test_mode_close_to_cut_off(self):
        # Between walls 0.8 um apart, in vacuum but for 1e-6: n_eff = sqrt(1 - (1.592 / 1.6)^2) = 0.1.
        hollow = {"boundary": "[pml, pec]", "size": "[4.8 um, 0.8 um]", "span": "0.8 um",
                  "wavelength": "1.592 um", "cell": "0.04 um",
                  "shapes": "{type: box, material: air, centre: [0, 0], size: [40, 40]}"}
        text = self.deck(**hollow).read_text(encoding="utf-8")
        (self.folder / "deck.yaml").write_text(
            text.replace("clad: {index", "air: {index: 1}, clad: {index"), encoding="utf-8")
        out = self.folder / "out"
        program.run(SYMWAVE, 1, "run", self.folder / "deck.yaml", "--output", out)
        warnings = program.summary(out)["warnings"]
        self.assert_some(warnings, "the mode of port 'in' is close to cut-off", "PML sends")
        self.assert_some(warnings, "'out' is not driven, yet", "close to cut-off")

    def test_window_of_three_dimensions(self):
        text = self.deck().read_text(encoding="utf-8")
        deck = self.folder / "strip.yaml"
        text = (text.replace("frequency_domain", "time_domain").replace("polarization: Ez, ", "")
                .replace(", boundary: [pml, pml]", "")
                .replace("size: [4.8 um, 4.8 um]", "size: [2.4 um, 2.4 um, 2.4 um]")
                .replace("pml: 0.96 um", "pml: 0.48 um").replace("1.6 um, 0]", "0.8 um, 0, 0]")
                .replace("span: 2.88 um", "span: [0.8 um, 1.6 um]")
                .replace("from: [-9, 0], to: [9, 0], width: 0.4",
                         "from: [-9, 0], to: [1.2, 0], width: 0.4, z: [-0.2, 0.2]"))
        deck.write_text(text, encoding="utf-8")
        notes = [line for line in program.run(SYMWAVE, 1, "check", deck).splitlines()
                 if "note" in line]
        self.assert_some(notes, "port 'out'", "guide ends", "before the PML")
        self.assert_some(notes, "the mode of port 'in'", "of its power lies outside")


if __name__ == "__main__":
    unittest.main(verbosity=2)
