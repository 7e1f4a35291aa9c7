"""slips_test.py SYMWAVE: slips of units and keys that leave a deck valid, but not what was meant."""
import pathlib
import re
import sys

import numpy as np

import program
import wave_deck

wave_deck.SYMWAVE = sys.argv.pop(1)

# Places of shapes by their unit: metres of a slip are um of the grid.
CIRCLE = "{{type: circle, material: glass, centre: [{x}, 0], radius: {r}{z}}}"
SHAPES = {
    "circle": "{type: circle, material: glass, centre: [500, 0], radius: 250Z}",
    "box": "{type: box, material: glass, centre: [0, -400], size: [300, 300]Z}",
    "polygon": "{type: polygon, material: glass, points: [[300, 0], [500, 0], [400, 200]]Z}",
    "ring": "{type: ring, material: glass, centre: [0, 0], radius: 500, width: 200Z}",
    "straight": "{type: straight, material: glass, from: [-900, 300], to: [900, 300], width: 220Z}",
    "taper": "{type: taper, material: glass, from: [-900, 300], to: [900, 300], start_width: 100, "
             "end_width: 220Z}",
    "s_bend": "{type: s_bend, material: glass, from: [-900, 300], to: [900, 900], width: 220Z}",
    "bend": "{type: bend, material: glass, from: [100, 300], radius: 400, width: 220Z}",
}
PORTS = """
ports:
  - {name: in, at: [-1 um, 0], faces: +x, span: 2 um}
  - {name: out, at: [1 um, 0], faces: -x, span: 2 um}
"""
GUIDE = "{type: straight, material: glass, from: [-9 um, 0], to: [9 um, 0], width: 0.6 um}"
DIPOLE = "sources: [{type: dipole, at: [AT], component: Ez}]\n"
PROBE = "monitors: [{type: probe, name: p, at: [AT], component: Ez}]\n"


class Slips(wave_deck.Deck):
    def notes(self, text, *options):
        done = program.run(wave_deck.SYMWAVE, 1, "check", self.write(text), *options)
        return [re.sub(r"\s+", " ", line) for line in done.splitlines() if "note " in line]

    def flat(self, rest):
        return self.head("polarization: Ez, size: [3 um, 3 um], pml: 0.5 um", 0.1,
                         wavelengths=(1.0, 1.1)) + rest

    def lit(self, shapes):
        return self.flat(f"shapes: [{shapes}]\n" + (DIPOLE + PROBE).replace("AT", "0.3 um, 0"))

    def guide(self, shapes):
        text = self.flat(f"shapes: [{GUIDE}, {shapes}]" + PORTS)
        return text.replace("{method: time_domain, precision: float64}", "frequency_domain")

    def test_shapes_outside_the_grid_in_all_solvers(self):
        kinds = list(SHAPES)
        for some in (kinds[:4], kinds[4:]):
            shapes = ", ".join(SHAPES[kind].replace("Z", "") for kind in some)
            for text in (self.lit(shapes), self.guide(shapes)):
                told = [n for n in self.notes(text) if "outside the grid" in n]
                self.assertEqual(len(told), 4)
                for kind, note in zip(some, told):
                    self.assertIn(f"the {kind} of 'glass', x ", note)
                    self.assertRegex(note, r"deck.yaml:\d+: .*with its PML is x -2[.0-9]* to 2")
                    self.assertIn("in nm it would be inside: write nm where these are nm", note)

    def test_shapes_and_layers_outside_in_3d(self):
        head = self.head("size: [1 um, 1 um, 1 um], pml: 0.3 um", 0.1, wavelengths=(1.0, 1.1))
        rest = (DIPOLE + PROBE).replace("AT", "0.1 um, 0, 0")
        shapes = [
            SHAPES["circle"].replace("Z", ", z: [-0.1 um, 0.1 um]"),
            "{type: box, material: glass, centre: [0, 0], size: [0.4, 0.4], z: [100, 320]}",
            "{type: box, material: glass, centre: [0, 0.7], size: [0.2, 0.2], z: [-9, 9]}"]
        notes = self.notes(head + "layers: [{material: glass, z: [-400, -110]}]\n"
                           + f"shapes: [{', '.join(shapes)}]\n" + rest)
        for sentence in ("the circle of 'glass', x 250 to 750 um", "z 100 to 320 um, lies wholly "
                         "outside the grid", "lies wholly in the PML"):
            self.assertEqual(sum(sentence in n for n in notes), 1, notes)
        told = [n for n in notes if "the layer of 'glass', z -400 to -110 um, lies wholly" in n]
        self.assertEqual(len(told), 1, notes)
        self.assertIn("in nm it would be inside", told[0])

    def test_shapes_around_the_grid_and_far_below_a_cell(self):
        around = "{type: circle, material: glass, centre: [0, 0], radius: 250}"
        tiny = "{type: circle, material: air, centre: [0, 0], radius: 2.5e-7}"
        notes = self.notes(self.lit(f"{around}, {tiny}"))
        for sentence in ("lies around the whole grid", "hardly there"):
            self.assertEqual(sum(sentence in n for n in notes), 1, notes)

    def test_shapes_on_the_grid_are_silent(self):
        # Beyond the ends of the grid, around it as a box, and touching it from outside the PML.
        notes = self.notes(self.lit(
            "{type: box, material: glass, centre: [0, 0], size: [99, 99]}, "
            "{type: circle, material: air, centre: [2 um, 0], radius: 0.7 um}, "
            "{type: ring, material: air, centre: [0, 4 um], radius: 4 um, width: 0.5 um}"))
        self.assertFalse([n for n in notes if re.search("outside|wholly|whole grid|hardly", n)],
                         notes)

    def test_many_shapes_outside_are_counted(self):
        shapes = ", ".join(CIRCLE.format(x=50 + k, r=0.4, z="") for k in range(20))
        told = [n for n in self.notes(self.lit(shapes)) if "outside the grid" in n]
        self.assertEqual(len(told), 4)
        self.assertIn("17 more shapes or layers", told[-1])

    def test_a_run_says_what_check_says(self):
        text = self.flat(f"shapes: [{SHAPES['circle'].replace('Z', '')}]\n"
                         + DIPOLE.replace("AT", "0.3 um, 0") + "data: {file: none.csv}\n"
                         + "sweep: {roughness: [1 nm]}\n")
        warnings = program.summary(self.compute(text))["warnings"]
        for sentence in ("lies wholly outside the grid", "section data is not used by job: simulate",
                         "section sweep is not used by job: simulate",
                         "sources but no monitors: nothing of their fields is recorded"):
            self.assertEqual(sum(sentence in w for w in warnings), 1, sentence)
            self.assertEqual(sum(sentence in n for n in self.notes(text)), 1, sentence)

    def test_sections_and_keys_that_are_not_used(self):
        text = self.guide("") + "drive: {seed: 3}\nnetwork: {blocks: 2}\ntraining: {epochs: 3}\n"
        notes = self.notes(text, "--set", "solver.courant=0.5")
        for part in ("section drive is not used by job: simulate", "section network is",
                     "section training is", "solver.courant is not used by the method frequency"):
            self.assertTrue(any(part in n for n in notes), part)
        notes = self.notes(self.lit(GUIDE), "--set", "solver.workspace=40")
        self.assertTrue(any("solver.workspace is not used by the method time" in n for n in notes))
        self.assertFalse([n for n in self.notes(self.lit(GUIDE)) if "not used" in n])
        probe = "[{type: probe, name: p, at: [0, 0], component: Ez}]"
        done = program.run(wave_deck.SYMWAVE, 1, "check", "inputs/iris_chip.yaml", "--set",
                           f"monitors={probe}", "--set", "grid.cell=0.1 um")
        self.assertIn("section monitors is not used by job: train", done)
        self.assertNotIn("section data", done)

    def test_structure_is_layers_and_walls_too(self):
        head = self.head("size: [0.4 um, 0.4 um, 2 um], pml: 0.4 um, boundary: [pec, pmc, pml]", 0.1,
                         wavelengths=(1.0, 1.1))
        ports = """
ports:
  - {name: in, at: [0, 0, -0.7 um], faces: +z, span: [0.4 um, 0.4 um]}
  - {name: out, at: [0, 0, 0.7 um], faces: -z, span: [0.4 um, 0.4 um]}
"""
        out = self.compute(head + "output: {fields: false}\n" + ports)
        # Nothing stands in the way of the TEM wave.
        self.assertAlmostEqual(program.summary(out)["power"]["in"]["out"], 1, delta=2e-3)
        self.notes(head + "layers: [{material: glass, z: [-0.2 um, 0.2 um]}]" + ports)
        self.refused(self.flat(PORTS), "neither shapes nor a chip, layers or walls in grid.boundary")

    def test_powers_go_with_the_square_of_the_amplitude_over_all_its_range(self):
        box = "monitors: [{type: flux, name: b, centre: [0, 0], size: [1 um, 1 um]}]\n"
        flux = []
        for amplitude in ("1e-12", "1", "1e12"):
            text = self.flat(DIPOLE.replace("AT", "0, 0").replace("Ez}", f"Ez, amplitude: {amplitude}}}")
                             + box).replace("float64", "float32")
            out = self.compute(text)
            with wave_deck.h5py.File(out / "results.h5") as file:
                flux.append(file["flux/b/power"][()] / float(amplitude)**2)
        np.testing.assert_allclose(flux[0], flux[1], rtol=1e-4)
        np.testing.assert_allclose(flux[2], flux[1], rtol=1e-4)

    def test_an_unknown_command_has_a_nearest_one(self):
        with self.assertRaises(AssertionError) as caught:
            program.run(wave_deck.SYMWAVE, 1, "rnu", pathlib.Path("deck.yaml"))
        self.assertIn("rnu is not a command (did you mean run?)", str(caught.exception))


if __name__ == "__main__":
    wave_deck.unittest.main()
